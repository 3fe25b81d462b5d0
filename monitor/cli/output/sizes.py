"""Bytes as people read them."""

from __future__ import annotations


def bytes_words(count: int) -> str:
    """Such as "812 B", "52 kB" or "1.4 MB"."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"
