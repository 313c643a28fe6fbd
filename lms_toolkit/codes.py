"""Certificate codes: 55 random bits and a check character that people can read out over the telephone.

Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O or U, and O, I, L are read as 0, 1, 1. The last
character is a checksum over GF(32), which notices every single wrong character and every two that are swapped.
"""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 12
_LOOKALIKES = str.maketrans("OIL", "011", " -‐‑–\t\n")


def new_code() -> str:
    """A code nobody can guess, such as 7K3M-Q2XF-9ABC."""
    symbols = [secrets.randbelow(32) for _ in range(_LENGTH - 1)]
    return _grouped([*symbols, _check(symbols)])


def normal_code(text: str) -> str:
    """The code as it is printed, whatever the case, spaces and look-alikes it was typed with.

    Also takes the address a QR code opens. What cannot be a code is returned as it came.
    """
    symbols = _symbols(text)
    return text if symbols is None else _grouped(symbols)


def is_code(text: str) -> bool:
    """Whether a text has the form of a code; it may still be mistyped."""
    return _symbols(text) is not None


def is_mistyped(text: str) -> bool:
    """Whether the check character contradicts the others."""
    symbols = _symbols(text)
    return symbols is not None and symbols[-1] != _check(symbols[:-1])


def _symbols(text: str) -> list[int] | None:
    typed = text.strip().rsplit("/", 1)[-1].upper().translate(_LOOKALIKES)
    if len(typed) != _LENGTH or any(character not in _ALPHABET for character in typed):
        return None
    return [_ALPHABET.index(character) for character in typed]


def _grouped(symbols: list[int]) -> str:
    text = "".join(_ALPHABET[symbol] for symbol in symbols)
    return "-".join(text[start : start + 4] for start in range(0, _LENGTH, 4))


def _check(symbols: list[int]) -> int:
    # Horner's rule with the generator 2 of GF(32) modulo x⁵+x²+1: each place has a weight of its own, none is 1.
    total = 0
    for symbol in symbols:
        total = _doubled(total ^ symbol)
    return total


def _doubled(value: int) -> int:
    return (value << 1) ^ (0b100101 if value & 0b10000 else 0)
