"""The evaluation as one self-contained HTML page: scores, charts, and every error in its sentence.

Templates, style and script lie in templates/. The page loads nothing, and its policy forbids it to; all that comes
from articles, gold or facts is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.evaluate.bootstrap import Intervals
from pipeline.evaluate.cases import Case, cases
from pipeline.evaluate.charts import Chart, interval_chart, reliability_chart, threshold_chart
from pipeline.evaluate.gold import GoldArticle, load_gold
from pipeline.evaluate.report import Report
from pipeline.evaluate.run import Run

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = "templates"
_LONG = re.compile(r"(?<!\d)(?<!\d\.)[1-9]\d{4,}")


def write_html(report: Report, gold_dir: Path, run: Run, path: Path) -> None:
    """Write the page of `report`, of `run` judged by the gold of `gold_dir`. Raises OSError, and as `load_gold`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(report, load_gold(gold_dir), run), encoding="utf-8")


def render(report: Report, gold: Mapping[str, GoldArticle], run: Run) -> str:
    """The page. Errors are those that `report` lists: where they were withheld, the page has none of them."""
    from markupsafe import Markup

    style, script = (_read(name) for name in ("report.css", "report.js"))
    listed = cases(report, gold, run)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            cases=listed,
            filters=_filters(listed),
            explained=bool(run.reasons),
            charts=_charts(report),
            # Our own files, the only text that is not escaped.
            style=Markup(style),
            script=Markup(script),
            policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:;"
            " base-uri 'none'; form-action 'none'",
        )
    )


def grouped(text: str) -> str:
    """`text` with long figures in groups of three digits, for readers."""
    return _LONG.sub(lambda figure: f"{int(figure.group()):,}".replace(",", "\u202f"), text)


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("pipeline.evaluate", _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["grouped"] = grouped
    return environment


def _charts(report: Report) -> dict[str, Chart]:
    found: Intervals | None = report.intervals
    charts = {"intervals": interval_chart(report.facts, found)} if found else {}
    if report.calibration:
        charts["reliability"] = reliability_chart(report.calibration)
    if report.thresholds:
        charts["thresholds"] = threshold_chart(report.thresholds)
    return charts


def _filters(listed: Sequence[Case]) -> dict[str, list[tuple[str, int]]]:
    """The values that errors can be filtered by, with the number of errors of each."""
    causes = Counter(cause for case in listed for cause in case.causes)
    types = Counter(case.type for case in listed)
    articles = Counter(case.article_id for case in listed)
    return {
        "cause": causes.most_common(),
        "type": sorted(types.items()),
        "article": sorted(articles.items()),
    }


def _read(name: str) -> str:
    return (files("pipeline.evaluate") / _TEMPLATES / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    """`source` as a browser's content policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode('utf-8')).digest()).decode('ascii')}'"
