"""HTML pages of one file that load nothing: their templates, style, script, data and content policy."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TEMPLATES = "templates"
# What could end a script element, begin another, or be read as a line end: legal inside strings of JSON only.
_ESCAPED = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


@dataclass(frozen=True)
class Assets:
    """The style sheets and scripts of a page, as it holds them. They are our own files, and not escaped."""

    style_source: str
    script_source: str

    @classmethod
    def of(cls, package: str, styles: tuple[str, ...], scripts: tuple[str, ...]) -> Assets:
        """Those that all pages share, then the files of these names in the templates of `package`, in their order."""
        shared = _read("pipeline.page", "base.css")
        own = [_read(package, name) for name in styles]
        return cls("".join([shared, *own]), "".join(_read(package, name) for name in scripts))

    @property
    def style(self) -> Markup:
        return _unescaped(self.style_source)

    @property
    def script(self) -> Markup:
        return _unescaped(self.script_source)

    @cached_property
    def policy(self) -> str:
        """The content policy: this style, this script, nothing from a network, no form sent anywhere."""
        return (
            f"default-src 'none'; style-src {_hash(self.style_source)}; script-src {_hash(self.script_source)};"
            " img-src data:; base-uri 'none'; form-action 'none'"
        )


def environment(package: str) -> Environment:
    """Jinja2 for the templates of `package` and those that pages share (`page/NAME`); all values are escaped."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

    return Environment(
        loader=ChoiceLoader(
            [PackageLoader(package, _TEMPLATES), PrefixLoader({"page": PackageLoader("pipeline.page", _TEMPLATES)})]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def json_block(source: str) -> Markup:
    """JSON `source`, the same JSON in a form that can stand in a script element."""
    return _unescaped(source.translate(_ESCAPED))


def _unescaped(source: str) -> Markup:
    from markupsafe import Markup

    return Markup(source)


def _read(package: str, name: str) -> str:
    return (files(package) / _TEMPLATES / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    """`source` as a browser's content policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode('utf-8')).digest()).decode('ascii')}'"
