"""docs/integrations.md: its blocks are run, in order, and print what stands behind them."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pipeline.component  # noqa: F401 (spaCy finds it by itself where the package is installed)

PAGE = (Path(__file__).parents[1] / "docs" / "integrations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGE, re.S)


def printed() -> list[str]:
    """What each block prints."""
    names: dict[str, object] = {}
    found = []
    for code, _ in BLOCKS:
        with redirect_stdout(io.StringIO()) as output:
            exec(code, names)
        found.append(output.getvalue())
    return found


def test_every_block_runs_and_prints_what_the_page_says() -> None:
    assert len(BLOCKS) == PAGE.count("```python") == 8
    assert printed() == [expected for _, expected in BLOCKS]
