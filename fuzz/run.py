"""Fuzz one target with atheris, or all of them, each for a while.

usage: run.py [TARGET ...] [--seconds N] [--found DIR]

Begins with the seeds in `fuzz/seeds/TARGET`. What crashes, or takes more than ten seconds, is written to DIR
(`build/fuzz`); put it among the seeds once it is mended: the tests run them all. Prints how many inputs each target
took. Ends with exit code 1 where one failed. Needs `pip install atheris`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
_SLOW = 10
_RUNS = re.compile(r"Done (\d+) runs|stat::number_of_executed_units:\s*(\d+)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--found", type=Path, default=HERE.parent / "build" / "fuzz")
    options = parser.parse_args()
    failed = [name for name in options.targets or names() if not fuzzed(name, options.seconds, options.found)]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def names() -> list[str]:
    """The targets: each has a folder of seeds."""
    return sorted(path.name for path in (HERE / "seeds").iterdir())


def fuzzed(name: str, seconds: int, found: Path) -> bool:
    """Fuzz a target in a process of its own; whether nothing was found."""
    corpus = found / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-timeout={_SLOW}", "-rss_limit_mb=3000", "-max_len=4096"]
    folders = [str(corpus), str(HERE / "seeds" / name), f"-artifact_prefix={found}/{name}-", "-print_final_stats=1"]
    result = subprocess.run(
        [sys.executable, str(HERE / "one.py"), name, *limits, *folders], capture_output=True, text=True, check=False
    )
    runs = [int(next(filter(None, groups))) for groups in _RUNS.findall(result.stderr + result.stdout)]
    said = "nothing found" if result.returncode == 0 else "FAILED"
    print(f"{name}: {max(runs, default=0)} inputs, {said}", flush=True)
    if result.returncode:
        print((result.stdout + result.stderr)[-3000:])
    return result.returncode == 0


if __name__ == "__main__":
    main()
