"""A PostgreSQL server of the test's own, out of Debian's package, reached by a socket in its folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_USERS = ("postgres", "nobody")


def server_programs() -> Path | None:
    """The folder of initdb and postgres, or None where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").is_file()), None)


@contextmanager
def running_server() -> Iterator[str]:
    """The URL of a server that lives as long as the context. Skips the test where no server can be run."""
    programs = server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server here (apt-get install postgresql)")
    # Sockets have names of at most 107 characters, and the server's user must reach the folder.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        folder = Path(name)
        user = _unprivileged(folder)
        data = folder / "data"
        _run(user, programs / "initdb", "--no-sync", "-A", "trust", "-U", "tests", "-E", "UTF8", "-D", data)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=16MB"
        control = [programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w"]
        _run(user, *control, "-o", options, "start")
        try:
            yield f"postgresql://tests@/postgres?host={folder}"
        finally:
            _run(user, *control, "-m", "immediate", "stop")


def _unprivileged(folder: Path) -> int | None:
    """The id of the user that runs the server where we are root, which it refuses to be run by; it gets the folder."""
    if os.geteuid() != 0:
        return None
    for name in _USERS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return user.pw_uid
    pytest.skip(f"PostgreSQL does not run as root, and there is no user {' or '.join(_USERS)}")


def _run(user: int | None, *command: object) -> None:
    done = subprocess.run(
        [str(word) for word in command],
        user=user,
        cwd="/",
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "start" not in command else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{command[0]}: {done.stdout}")
