"""What can be wrong, and how it is said: one line with file, key and reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pydantic import ValidationError

_WORDING = {"extra_forbidden": "unknown key", "missing": "is missing"}
_CUT = "unknown key (inside { } a text with a comma stands between quotation marks)"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: the file, the key in it ("facts.3.unit"), and why.

    A `warning` is worth a look and may be right.
    """

    file: str
    key: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {'warning: ' if self.warning else ''}{self.message}"


class Complaint(NamedTuple):
    """A problem whose file goes without saying."""

    key: str
    message: str
    warning: bool = False

    def under(self, prefix: str) -> Complaint:
        """The complaint about a part of what `prefix` names."""
        return self._replace(key=f"{prefix}.{self.key}" if self.key else prefix)

    def of(self, file: str) -> Problem:
        return Problem(file, self.key or "(all)", self.message, self.warning)


class CorpusError(ValueError):
    """A file of the corpus that cannot be used; `problems` are its faults, at least one."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def complaints(error: ValidationError) -> list[Complaint]:
    """The errors of a validation, by key."""
    found = []
    for item in error.errors():
        # YAML reads "{quote: 2,1 %}" as two keys, the second without content.
        cut = item["type"] == "extra_forbidden" and item["input"] == ""
        message = _CUT if cut else _WORDING.get(item["type"], item["msg"].removeprefix("Value error, "))
        found.append(Complaint(".".join(str(part) for part in item["loc"]), message))
    return found
