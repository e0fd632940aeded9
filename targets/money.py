"""万元, exact: ten thousand yuan as a Decimal outside, whole 分 inside."""

from __future__ import annotations

from decimal import Decimal

FEN_PER_WAN = 1_000_000
PLACES = 6


def to_fen(wan: Decimal | int | str) -> int:
    """Raises ValueError for parts of a 分."""
    fen = Decimal(wan) * FEN_PER_WAN
    if fen != fen.to_integral_value():
        raise ValueError(wan)
    return int(fen)


def to_wan(fen: Decimal | int) -> Decimal:
    return Decimal(fen) / FEN_PER_WAN


def plain(wan: Decimal) -> str:
    """Two decimals as in the document, more only where there are more: 7.38, 0.125."""
    shown = f"{wan.normalize():f}"
    return shown if len(shown.partition(".")[2]) > 2 else f"{wan:.2f}"
