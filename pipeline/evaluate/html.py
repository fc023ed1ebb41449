"""The evaluation as one self-contained HTML page: scores, charts, and every error in its sentence.

Templates, style and script lie in templates/. The page loads nothing, and its policy forbids it to; all that comes
from articles, gold or facts is escaped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.emit.whole import write_whole
from pipeline.evaluate.bootstrap import Intervals
from pipeline.evaluate.cases import Case, cases
from pipeline.evaluate.charts import interval_chart, reliability_chart, threshold_chart
from pipeline.evaluate.gold import GoldArticle, load_gold
from pipeline.evaluate.report import Report
from pipeline.evaluate.run import Run
from pipeline.page import Assets, Chart, environment

_PACKAGE = "pipeline.evaluate"
_LONG = re.compile(r"(?<!\d)(?<!\d\.)[1-9]\d{4,}")


def write_html(report: Report, gold_dir: Path, run: Run, path: Path) -> None:
    """Write the page of `report`, of `run` judged by the gold of `gold_dir`. Raises OSError, and as `load_gold`."""
    write_whole(path, render(report, load_gold(gold_dir), run))


def render(report: Report, gold: Mapping[str, GoldArticle], run: Run) -> str:
    """The page. Errors are those that `report` lists: where they were withheld, the page has none of them."""
    listed = cases(report, gold, run)
    assets = Assets.of(_PACKAGE, ("report.css",), ("report.js",))
    templates = environment(_PACKAGE)
    templates.filters["grouped"] = grouped
    return templates.get_template("report.html.j2").render(
        report=report,
        cases=listed,
        filters=_filters(listed),
        explained=bool(run.reasons),
        charts=_charts(report),
        assets=assets,
    )


def grouped(text: str) -> str:
    """`text` with long figures in groups of three digits, for readers."""
    return _LONG.sub(lambda figure: f"{int(figure.group()):,}".replace(",", "\u202f"), text)


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
