"""The versions in the lock file against the advisories that we know: no network is asked.

usage: audit.py [--lock FILE] [--advisories FILE]

Ends with exit code 1 where a version has a known vulnerability, and names it.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

HERE = Path(__file__).resolve().parent
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lock", type=Path, default=HERE.parent / "requirements.lock")
    parser.add_argument("--advisories", type=Path, default=HERE / "advisories.toml")
    options = parser.parse_args()
    pins = list(pinned(options.lock.read_text(encoding="utf-8")))
    found = list(vulnerable(pins, options.advisories.read_text(encoding="utf-8")))
    print("\n".join(found) or f"{len(pins)} versions, none with a vulnerability on the list")
    sys.exit(bool(found))


def pinned(lock: str) -> Iterator[tuple[str, Version]]:
    """The packages and versions of a lock file."""
    return ((str(canonicalize_name(name)), Version(version)) for name, version in _PINNED.findall(lock))


def vulnerable(pins: list[tuple[str, Version]], advisories: str) -> Iterator[str]:
    """A line for each version below the one in which a vulnerability was mended."""
    for each in tomllib.loads(advisories)["advisory"]:
        for name, version in pins:
            if name == each["package"] and version < Version(each["mended"]):
                yield f"{name} {version}: {each['id']}: {each['what']} (mended in {each['mended']})"


if __name__ == "__main__":
    main()
