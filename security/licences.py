"""The licences of what the lock file holds, out of the metadata of what is installed, as a table in Markdown.

usage: licences.py [--write docs/licences.md]

What is not installed here (other systems, other versions of Python) keeps the line that it has in the page.
"""

from __future__ import annotations

import argparse
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from audit import HERE, pinned

_ROW = re.compile(r"^\| (\S+) \| (.+) \|$", re.MULTILINE)
_BEGIN, _END = "<!-- packages -->\n", "<!-- end -->\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    page = (options.write or HERE.parent / "docs" / "licences.md").read_text(encoding="utf-8")
    head, rest = page.split(_BEGIN)
    old, tail = rest.split(_END)
    known = dict(_ROW.findall(old))
    names = sorted({name for name, _ in pinned((HERE.parent / "requirements.lock").read_text(encoding="utf-8"))})
    rows = "".join(f"| {name} | {licence(name) or known.get(name, '?')} |\n" for name in names)
    made = f"{head}{_BEGIN}\n| package | licence |\n| --- | --- |\n{rows}\n{_END}{tail}"
    if options.write:
        options.write.write_text(made, encoding="utf-8")
    else:
        print(rows, end="")


def licence(name: str) -> str | None:
    """The licence that an installed package names: its expression, else its classifiers, else its words for it."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return None
    classified = [
        each.rpartition(" :: ")[2] for each in found.get_all("Classifier", []) if each.startswith("License :: ")
    ]
    words = (found.get("License") or "").strip().partition("\n")[0][:60]
    named = [each for each in classified if each != "OSI Approved"]
    return found.get("License-Expression") or ", ".join(named) or words or None


if __name__ == "__main__":
    main()
