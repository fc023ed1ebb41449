"""What a process may use and has used (Linux; elsewhere the memory limit may have no effect)."""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass

STARVED = 77
"""The exit code of a worker that has run out of memory."""
DEFAULT_TIMEOUT, DEFAULT_MEMORY = 60.0, 2_000_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that one article may take, and bytes of memory that a worker may have in use."""

    timeout: float = DEFAULT_TIMEOUT
    memory: int = DEFAULT_MEMORY


def peak_memory() -> int:
    """The most memory, in bytes, that this process has had in use."""
    # getrusage() counts what the process had before it became this program as well.
    found = _status("VmHWM")
    if found is not None:
        return found
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def limit_memory(limit: int) -> None:
    """Make requests for memory fail beyond `limit` bytes in use.

    The system limits addresses, of which libraries reserve more than they use: what is reserved and not in use
    now does not count.
    """
    size, used = _status("VmSize"), _status("VmRSS")
    if size is not None and used is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        soft = size + max(0, limit - used)
        resource.setrlimit(resource.RLIMIT_AS, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _status(name: str) -> int | None:
    try:
        with open("/proc/self/status", encoding="ascii") as lines:
            found = next((line for line in lines if line.startswith(f"{name}:")), None)
    except OSError:
        return None
    return int(found.split()[1]) * 1024 if found else None
