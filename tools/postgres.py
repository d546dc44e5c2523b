"""A throw-away PostgreSQL cluster for tests and benchmarks: own files, own port, gone afterwards.

python tools/postgres.py                runs one until Ctrl-C and prints its DATABASE_URL
"""

import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a long TMPDIR would be too long for a socket's path
    "max_connections": "200",
    "timezone": "UTC",
    # Speed over durability: nobody needs this data after a crash.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
START_SECONDS = 60


class Unavailable(Exception):
    """No PostgreSQL server here, or it does not start; the message says which."""


def find_binaries() -> Path | None:
    """The folder that holds initdb and postgres: the newest of Debian's, else the one on PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True
    )
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for folder in installed + on_path:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@contextmanager
def throwaway_cluster(settings: dict[str, str] | None = None) -> Iterator[str]:
    """Start a cluster, yield its DATABASE_URL, stop it and delete its files. Raises Unavailable."""
    binaries = find_binaries()
    if binaries is None:
        raise Unavailable(
            "PostgreSQL's server is not installed. On Debian, Ubuntu: apt-get install postgresql"
        )
    owner = _unprivileged_user()
    # For root in /tmp, because the other user must be able to reach it.
    home = Path(tempfile.mkdtemp(prefix="orgmodel-postgres-", dir="/tmp" if owner else None))  # noqa: S108
    server = None
    try:
        if owner:
            os.chown(home, owner.pw_uid, owner.pw_gid)
        _initialize(binaries, home, owner)
        server, port = _start(binaries, home, owner, SETTINGS | (settings or {}))
        yield f"postgres://orgmodel@127.0.0.1:{port}/postgres"
    finally:
        with _undisturbed():
            if server is not None:
                _stop(server)
            shutil.rmtree(home, ignore_errors=True)


def _unprivileged_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def _as_user(owner: pwd.struct_passwd | None, home: Path) -> dict[str, object]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    rest: dict[str, object] = {"cwd": home, "env": environment, "start_new_session": True}
    if owner:
        rest |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return rest


def _initialize(binaries: Path, home: Path, owner: pwd.struct_passwd | None) -> None:
    command = [binaries / "initdb", "--pgdata", home / "data", "--username", "orgmodel", "--auth", "trust"]
    command += ["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **_as_user(owner, home))  # type: ignore[call-overload]
    if done.returncode:
        raise Unavailable(f"initdb failed: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")


def _start(
    binaries: Path, home: Path, owner: pwd.struct_passwd | None, settings: dict[str, str]
) -> tuple["subprocess.Popen[bytes]", int]:
    log = home / "server.log"
    for _attempt in range(5):  # someone else may take the port between looking and starting
        port = _free_port()
        command = [str(binaries / "postgres"), "-D", str(home / "data"), "-p", str(port)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with log.open("wb") as output:
            server = subprocess.Popen(  # type: ignore[call-overload]
                command, stdout=output, stderr=output, preexec_fn=_end_with_parent, **_as_user(owner, home)
            )
        try:
            if _is_ready(server, home / "data" / "postmaster.pid"):
                return server, port
        except BaseException:
            with _undisturbed():
                _stop(server)
            raise
        _stop(server)
    lines = log.read_text(errors="replace").strip().splitlines() or ["no reason given"]
    raise Unavailable(f"PostgreSQL does not start: {lines[-1]}")


def _free_port() -> int:
    """A port below 32768, where the kernel gives none away for outgoing connections."""
    while True:
        port = random.randrange(20000, 32768)  # noqa: S311 - no secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _is_ready(server: "subprocess.Popen[bytes]", pid_file: Path) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        if pid_file.exists() and "ready" in pid_file.read_text():
            return True
        time.sleep(0.05)
    return False


def _end_with_parent() -> None:
    """Even when the runner is killed outright, the server ends (PR_SET_PDEATHSIG is 1)."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Fast shutdown, then the immediate one."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(how)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                continue


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C must not interrupt the cleaning up."""
    before = {
        number: signal.signal(number, signal.SIG_IGN)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def interrupt_on_termination() -> None:
    """Let SIGTERM and SIGHUP end like Ctrl-C, so that `finally` blocks run."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)


if __name__ == "__main__":
    interrupt_on_termination()
    try:
        with throwaway_cluster() as url:
            print(f"DATABASE_URL={url}", flush=True)
            signal.pause()
    except Unavailable as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        pass
