"""What people do in Label Studio, at its least: they submit what was predicted and export the project."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from doc_pages import autofacts


def submitted(words: Sequence[str]) -> str:
    """Run a command of `autofacts`; behind an export of tasks for Label Studio, label-studio.json is there."""
    printed = autofacts(words)
    if words[:2] == ["annotate", "export"] and "label-studio" in words:
        tasks = json.loads(Path("tasks/tasks.json").read_text(encoding="utf-8"))
        for task in tasks:
            task["annotations"] = [{"result": task.pop("predictions")[0]["result"]}]
        Path("label-studio.json").write_text(json.dumps(tasks), encoding="utf-8")
    return printed
