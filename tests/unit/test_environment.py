"""Settings from the environment: each is checked, documented, handed to containers, and kept out of the tests."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured

from orgmodel import environment

ROOT = Path(__file__).resolve().parent.parent.parent
KEY, OLDER = (
    "k9-Vw2xq7Lr4Tz8Np3Yc6Bm1Hd5Js0Gf-Qa_Ue.Xi~Ro+Pk=Wt",
    "o" * 20 + "-Vw2xq7Lr4Tz8Np3Yc6Bm1Hd5Js0Gf-Qa_Ue",
)
PRODUCTION = {"DEBUG": "false", "SECRET_KEY": KEY, "ALLOWED_HOSTS": "org.example.com"}
ASIDE = {"DJANGO_SETTINGS_MODULE", "GUNICORN_CMD_ARGS"}  # Django's and gunicorn's own


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that reads the settings of a production start with these variables, and no others."""

    def read(**variables: str) -> dict[str, Any]:
        for name in own_settings():
            monkeypatch.delenv(name, raising=False)
        for name, value in (PRODUCTION | variables).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "orgmodel" / "settings.py"))

    return read


def own_settings() -> set[str]:
    found: set[str] = runpy.run_path(str(ROOT / "tools" / "test.py"))["own_settings"]()
    return found


def test_what_is_set_counts(started: Any) -> None:
    found = started(
        SECRET_KEY_FALLBACKS=f"{OLDER}, {KEY[::-1]}",
        TOKEN_PEPPER=OLDER,
        ALLOWED_HOSTS="Org.example.com, .example.org,[::1]",
        CSRF_TRUSTED_ORIGINS="https://org.example.com,https://*.example.org:8443",
        DATABASE_URL="postgres://me:secret@db:5433/org",
        HTTPS="No",
        LIVE_EDITING="direct",
        TIME_ZONE="Europe/Stockholm",
        TRUSTED_PROXIES="10.0.0.0/8, 192.0.2.7,2001:db8::/32",
        API_RATE_PER_MINUTE="0",
        SCIM_RATE_BURST="7",
        WEBHOOK_ALLOWED_HOSTS="Chat.internal,fd00::1",
        FEED_RETENTION_DAYS="90",
        LOG_LEVEL="WARNING",
    )
    assert found["SECRET_KEY_FALLBACKS"] == [OLDER, KEY[::-1]]
    assert found["TOKEN_PEPPER"] == OLDER
    assert found["ALLOWED_HOSTS"] == ["org.example.com", ".example.org", "[::1]"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://org.example.com", "https://*.example.org:8443"]
    database = found["DATABASES"]["default"]
    assert [database[name] for name in ("HOST", "PORT", "NAME", "USER")] == ["db", 5433, "org", "me"]
    assert (found["HTTPS"], found["SECURE_SSL_REDIRECT"], found["LIVE_EDITING"]) == (False, False, "direct")
    assert found["TIME_ZONE"] == "Europe/Stockholm"
    assert found["TRUSTED_PROXIES"] == ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]
    assert (found["API_RATE_LIMIT"], found["SCIM_RATE_LIMIT"]) == ((0, 100), (3000, 7))
    assert found["WEBHOOK_ALLOWED_HOSTS"] == ["chat.internal", "fd00::1"]
    assert found["FEED_RETENTION_DAYS"] == 90
    assert found["LOGGING"]["root"]["level"] == "WARNING"


def test_what_is_empty_counts_as_not_set(started: Any) -> None:
    optional = own_settings() - {*PRODUCTION, *ASIDE}
    empty, unset = started(**dict.fromkeys(optional, "")), started()
    assert {n: v for n, v in empty.items() if n.isupper()} == {n: v for n, v in unset.items() if n.isupper()}
    assert (unset["SECRET_KEY_FALLBACKS"], unset["TRUSTED_PROXIES"], unset["TIME_ZONE"]) == ([], [], "UTC")
    assert (unset["API_RATE_LIMIT"], unset["SCIM_RATE_LIMIT"]) == ((600, 100), (3000, 300))
    assert unset["DATABASES"]["default"]["NAME"] == str(ROOT / "var" / "orgmodel.sqlite3")


ADDRESS = "DATABASE_URL must be postgres://user:password@host:5432/name, or empty for a SQLite file."
SET_A_KEY = "Set SECRET_KEY to random text of 50 characters or more, or DEBUG=true to try it out."
WITHOUT_MORE = "such as org.example.com: without https://, port or path"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "tru", "DEBUG must be true or false, not “tru”."),
        ("SECRET_KEY", "", SET_A_KEY),
        ("SECRET_KEY", "only-for-trying-it-out-on-your-own-machine-for-a-while", SET_A_KEY),
        ("SECRET_KEY", "short", "SECRET_KEY must be random text of 50 characters or more."),
        ("SECRET_KEY", "ab" * 30, "SECRET_KEY must be random text of 50 characters or more."),
        (
            "SECRET_KEY_FALLBACKS",
            f"{OLDER},short",
            "SECRET_KEY_FALLBACKS must be random text of 50 characters or more.",
        ),
        ("TOKEN_PEPPER", "pepper", "TOKEN_PEPPER must be random text of 50 characters or more."),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name the hosts this serves; “*” is refused."),
        (
            "ALLOWED_HOSTS",
            "https://org.example.com",
            f"ALLOWED_HOSTS must name hosts, {WITHOUT_MORE}; “https://org.example.com” is none.",
        ),
        (
            "WEBHOOK_ALLOWED_HOSTS",
            "chat.internal:8080",
            f"WEBHOOK_ALLOWED_HOSTS must name hosts, {WITHOUT_MORE}; “chat.internal:8080” is none.",
        ),
        *(
            (
                "CSRF_TRUSTED_ORIGINS",
                origin,
                f"CSRF_TRUSTED_ORIGINS must name origins such as https://org.example.com; “{origin}” is none.",
            )
            for origin in ("org.example.com", "https://", "https://org.example.com/", "ftp://org.example.com")
        ),
        *(
            ("DATABASE_URL", address, ADDRESS)
            for address in ("garbage", "mysql://me@db/org", "postgres://me:secret@db:x/org", "postgres://db")
        ),
        ("HTTPS", "maybe", "HTTPS must be true or false, not “maybe”."),
        ("LIVE_EDITING", "always", "LIVE_EDITING must be one of draft, direct, not “always”."),
        *(
            ("TIME_ZONE", zone, f"TIME_ZONE must be a zone such as Europe/Stockholm, not “{zone}”.")
            for zone in ("Stockholm", "Europe", "../etc/passwd")
        ),
        *(
            (
                "TRUSTED_PROXIES",
                network,
                f"TRUSTED_PROXIES must name networks such as 10.0.0.0/8 or 192.0.2.7; “{network}” is none.",
            )
            for network in ("garbage", "10.0.0.1/8", "10.0.0.0/99")
        ),
        *(
            (name, "many", f"{name} must be a whole number, {least} or more, not “many”.")
            for name, least in (
                ("API_RATE_PER_MINUTE", 0),
                ("API_RATE_BURST", 1),
                ("SCIM_RATE_PER_MINUTE", 0),
                ("SCIM_RATE_BURST", 1),
                ("FEED_RETENTION_DAYS", 90),
            )
        ),
        ("API_RATE_PER_MINUTE", "-1", "API_RATE_PER_MINUTE must be a whole number, 0 or more, not “-1”."),
        ("API_RATE_BURST", "0", "API_RATE_BURST must be a whole number, 1 or more, not “0”."),
        ("FEED_RETENTION_DAYS", "89", "FEED_RETENTION_DAYS must be a whole number, 90 or more, not “89”."),
        (
            "LOG_LEVEL",
            "loud",
            "LOG_LEVEL must be one of INFO, DEBUG, WARNING, ERROR, CRITICAL, not “loud”.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    started: Any, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        started(**{name: value})
    assert str(refusal.value) == sentence


def test_every_setting_is_refused_somewhere_above() -> None:
    mark = test_what_cannot_be_is_refused_in_one_sentence.pytestmark[0]  # type: ignore[attr-defined]
    assert {name for name, _, _ in mark.args[1]} == own_settings() - ASIDE


def test_every_setting_is_documented() -> None:
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "docs" / "hosting.md").read_text(), re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == own_settings() - ASIDE


def test_every_setting_reaches_the_containers() -> None:
    """But DEBUG, which is no way to serve; what has no value there is handed on from outside."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    handed = own_settings() - {"DEBUG", "DJANGO_SETTINGS_MODULE"}
    for name in ("web", "worker", "migrate"):
        assert set(services[name]["environment"]) == handed
        given = {key for key, value in services[name]["environment"].items() if value is not None}
        assert given == {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"}


def test_what_someone_set_for_their_own_server_does_not_reach_the_tests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All that the settings read is found where `make test` looks for what to leave out."""
    read: set[str] = set()
    text = environment.text

    def noted(name: str, default: str = "") -> str:
        read.add(name)
        return text(name, default)

    monkeypatch.setattr(environment, "text", noted)
    runpy.run_path(str(ROOT / "orgmodel" / "settings.py"))
    assert read == own_settings() - ASIDE
