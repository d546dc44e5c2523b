"""One attempt to deliver: a POST to the address that was checked, without redirects, within a limit of time."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from orgmodel.webhooks.guard import Forbidden, Resolver, checked_address, resolve, target_of

TIMEOUT = 15.0  # seconds, for all of an attempt
GONE = 410
DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: the status of the answer, or why there was none."""

    status: int | None = None
    error: str = ""
    retry_after: float = 0.0  # seconds that the receiver asks for

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


class _Connection(http.client.HTTPConnection):
    """A connection to an address that is given, whatever its host resolves to by now."""

    def __init__(self, host: str, port: int, *, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _SecureConnection(_Connection):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    timeout: float = TIMEOUT,
    resolver: Resolver = resolve,
) -> Outcome:
    """Send a body once and return what became of it; whatever goes wrong is an outcome. The answer is not read."""
    try:
        target = target_of(url)
        address = checked_address(target, resolver)
        kind = _SecureConnection if target.scheme == "https" else _Connection
        connection = kind(target.host, target.port, address=address, timeout=timeout)
        with _until(connection, timeout):
            connection.request("POST", target.path, body, dict(headers))
            answer = connection.getresponse()
    except Forbidden as error:
        return Outcome(error=str(error))
    except TimeoutError:
        return Outcome(error=f"No answer within {timeout:g} seconds.")
    except socket.gaierror:
        return Outcome(error=f"The name of the host, {target.host}, is not known."[:300])
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome(error=f"{type(error).__name__}: {error}"[:300])
    return Outcome(answer.status, _complaint(answer.status), _seconds(answer.getheader("Retry-After", "")))


def _complaint(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"Answered {status}. Redirects are not followed; give the final address."
    return f"Answered {status} {http.client.responses.get(status, '')}".strip() + "."


@contextmanager
def _until(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut a connection off after a while, also one over which something trickles in all the time; then TimeoutError."""
    is_late = threading.Event()

    def cut() -> None:
        is_late.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if is_late.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
        connection.close()


def _seconds(retry_after: str) -> float:
    """Return how long a receiver asks to be left alone: a number of seconds or a date, a day at most."""
    found = 0.0
    if retry_after.isascii() and retry_after.isdigit():
        found = float(retry_after[:9])
    elif retry_after:
        with suppress(ValueError, TypeError):
            found = (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    return min(max(found, 0.0), DAY)
