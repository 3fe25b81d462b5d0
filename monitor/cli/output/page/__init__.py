"""What stands and what happened, as one page of HTML that needs nothing else."""

from monitor.cli.output.page.document import PAGE_BEGINS, page

__all__ = ["PAGE_BEGINS", "page"]
