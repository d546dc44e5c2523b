"""Where webhooks may go: public addresses only, checked once, and connected to as checked."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from orgmodel.webhooks import sending, signing
from orgmodel.webhooks.guard import Forbidden, as_written, checked_address, is_public, target_of

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:db8::1",
        "no address",
    ],
)
def test_addresses_inside(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]
)
def test_addresses_outside(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0/",
    ],
)
def test_other_spellings_of_addresses_inside(url: str) -> None:
    """These ask the real resolver of this machine, which needs no network for them."""
    with pytest.raises(Forbidden, match="inside a network"):
        checked_address(target_of(url))


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.com/", "http"),
        ("file:///etc/passwd", "http"),
        ("example.com/hook", "http"),
        ("https:///hook", "host"),
        ("https://user:secret@example.com/", "name or password"),
        ("https://example.com/#top", "#"),
        ("https://example.com:22/", "Port 22"),
        ("https://example.com:0/", "Port 0"),
        ("https://example.com:99999/", "such as"),
        ("https://example.com/a b", "plain characters"),
        ("https://example.com/\r\nHost: other", "plain characters"),
        ("https://exämple.com/", "plain characters"),
        ("https://example.com\\@localhost/", "plain characters"),
        ("https://example.com/" + "x" * 500, "500"),
        ("https://[::1/", "such as"),
        ("", "such as"),
    ],
)
def test_addresses_that_no_webhook_may_have(url: str, reason: str) -> None:
    with pytest.raises(Forbidden, match=reason):
        target_of(url)


def test_parts_of_an_address() -> None:
    target = target_of("https://Example.com/hook?for=us")
    assert (target.host, target.port, target.path) == ("example.com", 443, "/hook?for=us")


def test_one_address_inside_among_others_is_enough_to_refuse() -> None:
    with pytest.raises(Forbidden):
        checked_address(target_of("https://example.com/"), lambda host, port: [PUBLIC, "10.0.0.1"])


def test_a_name_is_resolved_when_something_is_sent_not_before() -> None:
    with pytest.raises(socket.gaierror):
        checked_address(target_of("https://example.com/"), as_written)


def test_hosts_that_a_setting_names_may_be_inside(settings: Any) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = ["chat.internal"]
    inside = lambda host, port: ["10.0.0.1"]  # noqa: E731
    assert checked_address(target_of("http://chat.internal/"), inside) == "10.0.0.1"
    with pytest.raises(Forbidden):
        checked_address(target_of("http://other.internal/"), inside)


# Sending


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers as its server was told to, and keeps what it got."""

    protocol_version = "HTTP/1.1"
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.server.answer(self)

    def log_message(self, *args: Any) -> None:
        pass

    def say(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Any]:
    settings.WEBHOOK_ALLOWED_HOSTS = ["hooks.internal"]
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.daemon_threads = True
    server.got = []
    server.answer = lambda handler: handler.say(204)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def sent(receiver: Any, **options: Any) -> sending.Outcome:
    url = f"http://hooks.internal:{receiver.server_port}/hook?for=us"
    options.setdefault("resolver", lambda host, port: ["127.0.0.1"])
    return sending.post(url, b"{}", {"webhook-id": "msg_1"}, **options)


def test_the_checked_address_is_asked_for_by_its_name(receiver: Any) -> None:
    assert sent(receiver) == sending.Outcome(204)
    ((path, headers, body),) = receiver.got
    assert (path, body, headers["Host"]) == ("/hook?for=us", b"{}", f"hooks.internal:{receiver.server_port}")


def test_a_resolver_that_changes_its_answer_is_asked_once(receiver: Any, settings: Any) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = []
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    url = f"http://hooks.internal:{receiver.server_port}/"
    outcome = sending.post(url, b"{}", {}, resolver=lambda host, port: next(answers), timeout=0.2)
    assert outcome.status is None
    assert receiver.got == []
    assert len(list(answers)) == 2


def test_no_redirect_is_followed(receiver: Any) -> None:
    receiver.answer = lambda handler: handler.say(302, Location="http://127.0.0.1/")
    outcome = sent(receiver)
    assert (outcome.status, outcome.is_delivered, len(receiver.got)) == (302, False, 1)
    assert "Redirects are not followed" in outcome.error


@pytest.mark.parametrize(
    ("status", "error"), [(500, "Answered 500 Internal Server Error."), (410, "Answered 410 Gone.")]
)
def test_whatever_is_not_success_failed(receiver: Any, status: int, error: str) -> None:
    receiver.answer = lambda handler: handler.say(status)
    assert sent(receiver) == sending.Outcome(status, error)


def test_how_long_a_receiver_asks_to_be_left_alone(receiver: Any) -> None:
    def after(text: str) -> float:
        receiver.answer = lambda handler: handler.say(503, Retry_After=text)
        return sent(receiver).retry_after

    assert [after(text) for text in ("120", "99999999999", "soon", "-5")] == [120, 86400, 0, 0]
    assert after(format_datetime(datetime.now(UTC) + timedelta(minutes=5))) == pytest.approx(300, abs=5)


def _hang(handler: Receiver) -> None:
    time.sleep(1)


def _trickle(handler: Receiver) -> None:
    for byte in b"HTTP/1.1 200 OK and so on":
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.1)


@pytest.mark.parametrize("answer", [_hang, _trickle])
def test_an_attempt_ends_in_time(receiver: Any, answer: Callable[[Receiver], None]) -> None:
    def stubborn(handler: Receiver) -> None:
        handler.close_connection = True
        with contextlib.suppress(OSError):
            answer(handler)

    receiver.answer = stubborn
    started = time.monotonic()
    assert sent(receiver, timeout=0.3) == sending.Outcome(error="No answer within 0.3 seconds.")
    assert time.monotonic() - started < 0.8


def test_nobody_there_is_an_outcome() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        outcome = sending.post(f"http://localhost:{port}/", b"", {}, resolver=lambda host, port: [])
    assert outcome == sending.Outcome(error="OSError: localhost has no address")
    assert "inside a network" in sending.post("http://localhost/", b"", {}).error


# Signatures


def test_signatures_are_those_of_standard_webhooks() -> None:
    secret, at = signing.secret_of("s1", 1), datetime.now(UTC)
    headers = dict(signing.headers("msg_1", b'{"a":1}', [secret], at))
    assert Webhook(secret).verify('{"a":1}', headers) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify('{"a":2}', headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.secret_of("s1", 2)).verify('{"a":1}', headers)
    stale = dict(signing.headers("msg_1", b'{"a":1}', [secret], at - timedelta(minutes=10)))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify('{"a":1}', stale)


def test_while_a_secret_is_replaced_both_count() -> None:
    new, old = signing.secret_of("s1", 2), signing.secret_of("s1", 1)
    headers = dict(signing.headers("msg_1", b"{}", [new, old], datetime.now(UTC)))
    assert Webhook(new).verify("{}", headers) == Webhook(old).verify("{}", headers) == {}


def test_secrets_outlive_a_new_secret_key_among_the_fallbacks(settings: Any) -> None:
    before = signing.secret_of("s1", 1)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert signing.secrets_of("s1", 1)[1] == before
    assert before.startswith("whsec_")
