"""Rows in columns; a table that is wider than the terminal is folded so that it still reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from monitor.cli.output.folding import folded

_BELOW = "    "
"""Before what a row continues with on the next line."""
_GAP = "  "
_INSIDE = "  "
"""Before each cell of a block."""
_LEAST_BESIDE = 24
"""Columns for a sentence beside its row: in fewer it goes below."""

Row = Sequence[str]


def table(rows: Sequence[Row], *, gap: str = _GAP, room: int | None = None) -> list[str]:
    """Align the columns, whatever the colours; a line ends with its last word.

    Where the room is too narrow for the last column alone, its sentences are wrapped beside the
    others. A table that is wider than that goes on below, indented: a cell is never cut.
    """
    widths = _widths(rows)
    if room is not None and _fits_beside(widths, len(gap), room):
        below = sum(widths[:-1]) + len(gap) * (len(widths) - 1)
        lines = (_aligned(row, widths, gap) for row in rows)
        return [part for line in lines for part in folded(line, room, below=below)]
    folds = _folds(widths, len(gap), room)
    return [line for row in rows for line in _lines(row, widths, folds, gap=gap, room=room)]


def headed(head: Row, rows: Sequence[Row], *, room: int | None = None) -> list[str]:
    """The same under a heading; where the room is too narrow, a block for each row, in which each
    cell stands beside its heading.
    """
    if room is None or _fits_beside(_widths([head, *rows]), len(_GAP), room):
        return table([head, *rows], room=room)
    blocks = [[f"{head[0]} {row[0]}", *_block(head[1:], row[1:], room)] for row in rows]
    return [line for block in blocks for line in ("", *block)][1:]


def _block(head: Row, row: Row, room: int) -> Iterator[str]:
    """What is empty is left out."""
    title = max(map(len, head))
    below = len(_INSIDE) + title + len(_GAP)
    for name, cell in zip(head, row, strict=True):
        if cell:
            yield from folded(f"{_INSIDE}{name:<{title}}{_GAP}{cell}", room, below=below)


def _widths(rows: Sequence[Row]) -> list[int]:
    return [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]


def _fits_beside(widths: Sequence[int], gap: int, room: int) -> bool:
    """Whether nothing is too wide, or only the last column, with room enough for sentences."""
    if len(widths) < 2:
        return False
    used = sum(widths[:-1]) + gap * (len(widths) - 1)
    return room - used >= min(_LEAST_BESIDE, widths[-1])


def _folds(widths: Sequence[int], gap: int, room: int | None) -> list[range]:
    """Which columns stand beside each other: all of them, or as many as there is room for."""
    folds: list[range] = []
    begin, used = 0, 0
    for column, width in enumerate(widths):
        fits = room is None or used + gap + width <= room - (len(_BELOW) if folds else 0)
        if column > begin and not fits:
            folds.append(range(begin, column))
            begin, used = column, width
        else:
            used += width + (gap if column > begin else 0)
    return [*folds, range(begin, len(widths))]


def _lines(
    row: Row,
    widths: Sequence[int],
    folds: Sequence[range],
    *,
    gap: str,
    room: int | None,
) -> Iterator[str]:
    """The row, one line a fold; what would be an empty line below is left out."""
    for number, fold in enumerate(folds):
        line = _aligned([row[one] for one in fold], [widths[one] for one in fold], gap)
        if not number:
            yield line
        elif line:
            yield from _below(line, room)


def _aligned(cells: Row, widths: Sequence[int], gap: str) -> str:
    each = zip(cells, widths, strict=True)
    return gap.join(cell + " " * (width - _width(cell)) for cell, width in each).rstrip()


def _below(line: str, room: int | None) -> list[str]:
    return [_BELOW + line] if room is None else folded(_BELOW + line, room, below=len(_BELOW))


def _width(cell: str) -> int:
    return len(click.unstyle(cell))
