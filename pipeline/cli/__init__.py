"""The command line: each command parses its options and calls one function of the library.

Commands import what they need themselves, so that `--help` does not wait for it. Exit codes: 0, also where
some inputs could not be read (`errors.jsonl` holds them); 1 where a check fails (a score below its floor); 2 where
the command cannot be carried out as given.
"""

from pipeline.cli.app import app, main

__all__ = ["app", "main"]
