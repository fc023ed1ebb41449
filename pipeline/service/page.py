"""The OpenAPI description as a page that needs nothing but itself."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from jinja2 import Environment

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
}


def page(description: dict[str, Any]) -> str:
    """`description`, an OpenAPI document, in HTML."""
    source = (files("pipeline.service") / "templates" / "page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    operations = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = {
        name: json.dumps(schema, ensure_ascii=False, indent=2)
        for name, schema in sorted(description["components"]["schemas"].items())
    }
    return environment.from_string(source).render(info=description["info"], operations=operations, schemas=schemas)
