"""How NetSuite words its refusals, as public code has seen them: one thing in several ways."""

from __future__ import annotations

_PREFIX = "Invalid search query. Detailed unprocessed description follows. "

OF_COLUMNS = {
    "identifier": "Search error occurred: Unknown identifier '{column}'. "
    "Available identifiers are: {{{table}={table}}}.",
    "field": "Search error occurred: Field '{column}' for record '{table}' was not found.",
    "not-exposed": "Search error occurred: Field '{column}': NOT_EXPOSED - "
    "Not available for channel SEARCH.",
    "unsupported": "Search error occurred: Invalid or unsupported search.",
}
"""A column that the account or the role does not have."""

OF_TABLES = {
    "record": "Search error occurred: Record '{table}' was not found.",
    "type": "Invalid search type: {table}.",
    "unsupported": "Search error occurred: Invalid or unsupported search.",
}
"""A table that the account or the role does not have."""

DIALECT = "Invalid search query"
UNSUPPORTED = _PREFIX + OF_COLUMNS["unsupported"]


def of_column(how: str, column: str, table: str) -> str:
    """The detail of a refusal because of a column."""
    return _PREFIX + OF_COLUMNS[how].format(column=column, table=table)


def of_table(how: str, table: str) -> str:
    """The detail of a refusal because of a table."""
    return _PREFIX + OF_TABLES[how].format(table=table)
