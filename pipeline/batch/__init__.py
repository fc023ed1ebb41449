"""Many articles to files: workers, a ledger to go on by, quarantine; one article is the unit of work and failure."""

from pipeline.batch.detecting import detect_lines
from pipeline.batch.limits import DEFAULT_MEMORY, DEFAULT_TIMEOUT, Limits
from pipeline.batch.lock import BusyError
from pipeline.batch.outputs import ARTICLES, ERRORS, EXPLANATIONS, FACTS, OUTPUTS, REJECTIONS
from pipeline.batch.parts import DamagedOutputError
from pipeline.batch.progress import Tally
from pipeline.batch.record import RunRecord, RunState, read_record
from pipeline.batch.run import FirstError, Running, extract_to
from pipeline.batch.template import WorkerError
from pipeline.batch.work import BatchOptions, extract_all

__all__ = [
    "ARTICLES",
    "DEFAULT_MEMORY",
    "DEFAULT_TIMEOUT",
    "ERRORS",
    "EXPLANATIONS",
    "FACTS",
    "OUTPUTS",
    "REJECTIONS",
    "BatchOptions",
    "BusyError",
    "DamagedOutputError",
    "FirstError",
    "Limits",
    "RunRecord",
    "RunState",
    "Running",
    "Tally",
    "WorkerError",
    "detect_lines",
    "extract_all",
    "extract_to",
    "read_record",
]
