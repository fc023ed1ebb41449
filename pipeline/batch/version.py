"""Which extractor this is: results of another one are not mixed with its own."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from pipeline import __version__
from pipeline.versions import DATA, contents, digest_of, models_folder

_MODELS = "models/"


@lru_cache(maxsize=1)
def extractor_version() -> str:
    """The package's version with a hash of its code, data and models: a changed rule, pack, name or weight is a new
    version."""
    suffixes = (".py", *DATA)
    ours = [each for each in contents(files("pipeline"), suffixes) if not each[0].startswith(_MODELS)]
    return f"{__version__}+{digest_of([*ours, *contents(models_folder(), suffixes, _MODELS)])}"
