"""`make run`: prepares the environment and the database, then serves an evaluation copy with gunicorn."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from ipaddress import ip_address
from types import FrameType

from environment import PYTHON, ROOT, fail, install, install_printing

STARTUP_SECONDS = 60


def main() -> int:
    host = os.environ.get("HOST") or "127.0.0.1"
    port = _port(os.environ.get("PORT") or "8000")
    _refuse_taken(host, port)
    install("runtime")
    if missing := install_printing():
        print(missing)
    environment = _environment(host)
    if subprocess.run([PYTHON, "tools/prepare.py"], cwd=ROOT, env=environment, check=False).returncode:
        return 1
    return _serve(host, port, environment)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        fail(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _refuse_taken(host: str, port: int) -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        fail(f"Port {port} needs more rights than you have. Choose one above 1023: make run PORT=8000")
    except socket.gaierror:
        fail(f"HOST {host!r} is not an address of this machine.")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            fail(
                f"Port {port} is in use. Stop what uses it, or take another: make run PORT={port % 65535 + 1}"
            )
        fail(f"Cannot listen on {host}:{port}: {error.strerror}.")


def _environment(host: str) -> dict[str, str]:
    """Evaluation mode: DEBUG, and the names by which a browser may reach HOST."""
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    environment.setdefault("DEBUG", "true")
    if host not in ("127.0.0.1", "localhost", "::1"):
        print(f"Evaluation mode on {host}: who reaches this port sees debugging pages. See docs/hosting.md.")
        environment.setdefault("ALLOWED_HOSTS", ",".join(_own_names(host)))
    return environment


def _own_names(host: str) -> list[str]:
    names = {"localhost", "127.0.0.1", "[::1]", socket.gethostname(), socket.getfqdn(), host}
    with suppress(socket.gaierror):
        names |= {str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None)}
    return sorted(names - {"0.0.0.0", "::"})  # noqa: S104 - compared, not listened on


def _serve(host: str, port: int, environment: dict[str, str]) -> int:
    bracketed = f"[{host}]" if ":" in host else host
    command = [str(PYTHON), "-m", "gunicorn", "--bind", f"{bracketed}:{port}", "--log-level", "warning"]
    # A session of its own: Ctrl-C reaches gunicorn once, through us.
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    # Beside it, so that scheduled drafts go live and webhooks are sent.
    worker = subprocess.Popen(
        [PYTHON, "manage.py", "run_worker"], cwd=ROOT, env=environment, start_new_session=True
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.terminate()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    if _is_answering(server, host, port):
        print(f"\n  http://{_shown(host)}:{port}/\n\nCtrl-C stops the server.", flush=True)
    code = server.wait()
    worker.terminate()
    worker.wait()
    if code in (0, -signal.SIGTERM, -signal.SIGINT):
        print("Stopped.")
        return 0
    print("The server ended; its reason is above.", file=sys.stderr)
    return 1


def _is_answering(server: "subprocess.Popen[bytes]", host: str, port: int) -> bool:
    deadline = time.monotonic() + STARTUP_SECONDS
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection((reached, port), timeout=STARTUP_SECONDS) as connection:
                connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                if connection.recv(16):
                    return True
        except OSError:
            time.sleep(0.05)
    return False


def _shown(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if address.is_unspecified:
        return socket.gethostname()
    return f"[{host}]" if address.version == 6 else host


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        print("\nStopped.")
        raise SystemExit(130) from None
