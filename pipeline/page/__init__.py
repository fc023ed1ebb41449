"""What the HTML pages share: charts as SVG, the colours and form of a page, and its content policy."""

from pipeline.page.charts import Box, Chart, Dot, Label, Line, Mark, Tick
from pipeline.page.html import Assets, environment, json_block

__all__ = [
    "Assets",
    "Box",
    "Chart",
    "Dot",
    "Label",
    "Line",
    "Mark",
    "Tick",
    "environment",
    "json_block",
]
