"""Offsets counted in UTF-16 code units, as JavaScript counts them, to code points and back."""

from __future__ import annotations

from itertools import accumulate


class CodeUnits:
    """The offsets of one text in both counts. A character beyond U+FFFF is one code point and two code units."""

    def __init__(self, text: str) -> None:
        self._units = [0, *accumulate(2 if char > "\uffff" else 1 for char in text)]
        self._points = {unit: point for point, unit in enumerate(self._units)}

    def unit(self, point: int) -> int:
        """The offset in code units of an offset in code points. Raises ValueError where it is outside the text."""
        if not 0 <= point < len(self._units):
            raise ValueError(f"offset {point} lies outside the text, which has {len(self._units) - 1} characters")
        return self._units[point]

    def point(self, unit: int) -> int:
        """The offset in code points of an offset in code units.

        Raises ValueError where it is outside the text or between the two halves of a character.
        """
        if unit not in self._points:
            inside = 0 < unit < self._units[-1]
            where = "inside a character" if inside else f"outside the text, which has {self._units[-1]} code units"
            raise ValueError(f"offset {unit} lies {where}")
        return self._points[unit]
