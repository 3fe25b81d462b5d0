"""`monitor demo`: the whole story on one machine, without any account."""

from monitor.cli.demo.command import demo

__all__ = ["demo"]
