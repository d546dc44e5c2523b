"""Tokens, sessions and roles at the door of the API."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from orgmodel.integrations import tokens
from orgmodel.integrations.models import Token
from tests.api.conftest import Caller, problem

pytestmark = pytest.mark.django_db


def create(*arguments: str) -> str:
    out = StringIO()
    call_command("create_token", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_a_token_is_printed_once_and_kept_as_a_digest() -> None:
    token = create("hris", "--role", "editor")
    kept = Token.objects.get()
    _, public_id, secret, checksum = token.split("_")
    assert (public_id, len(checksum)) == (kept.public_id, 8)
    assert secret not in kept.digest
    assert len(kept.digest) == 64
    assert (kept.integration.user.get_username(), kept.integration.user.has_usable_password()) == (
        "integration:hris",
        False,
    )
    assert Caller(token).get("people/").status_code == 200


def test_a_name_may_have_spaces() -> None:
    create("HR sync", "--role", "editor")
    user = Token.objects.get().integration.user
    assert (user.get_username(), user.get_full_name()) == ("integration:hr-sync", "HR sync")
    create("HR sync", "--role", "editor")
    assert {token.integration.user for token in Token.objects.all()} == {user}
    assert create("HR sync", "--revoke") == "Revoked 2 tokens of “HR sync”."


def test_the_command_says_what_is_missing() -> None:
    for arguments in (
        ["hris"],
        ["hr/is", "--role", "viewer"],
        ["-", "--role", "viewer"],
        ["hris", "--revoke"],
        ["hris", "--role", "king"],
    ):
        with pytest.raises(CommandError):
            create(*arguments)


def test_revoked_tokens_open_nothing() -> None:
    first, second = create("hris", "--role", "viewer"), create("hris", "--role", "viewer")
    other = create("bi", "--role", "viewer")
    assert create("hris", "--revoke") == "Revoked 2 tokens of “hris”."
    for token in (first, second):
        problem(Caller(token).get("people/"), 401)
    assert Caller(other).get("people/").status_code == 200


def test_a_token_keeps_its_own_role() -> None:
    writes, reads = create("hris", "--role", "editor"), create("hris", "--role", "viewer")
    assert Caller(writes).post("people/", {"name": "Zoe"}).status_code == 201
    problem(Caller(reads).post("people/", {"name": "Zoe"}), 403)


def test_anonymous_and_wrong_tokens_are_challenged() -> None:
    token = create("hris", "--role", "editor")
    wrong = [
        "",
        "om_",
        "om__",
        "x",
        token[:-1],
        token + "0",
        token.upper(),
        token.replace("om_", "xx_"),
        "om_%00_é",
        "é",
    ]
    for text in wrong:
        response = Caller().get("people/", Authorization=f"Bearer {text}".encode().decode("latin-1"))
        problem(response, 401)
        assert response["WWW-Authenticate"] == 'Bearer realm="orgmodel"'
    problem(Caller().get("people/"), 401)
    problem(Caller().get("people/", Authorization="Basic YTpi"), 401)
    problem(Caller().post("people/", {"name": "x"}), 401)


def test_an_inactive_user_is_refused() -> None:
    token = create("hris", "--role", "editor")
    user = Token.objects.get().integration.user
    user.is_active = False
    user.save()
    problem(Caller(token).get("people/"), 401)


def test_use_is_noted_once_a_minute() -> None:
    token, now = create("hris", "--role", "viewer"), timezone.now()
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (100, 60)):
        assert tokens.recognize(token, at=now + timedelta(seconds=seconds)) is not None
        assert Token.objects.get().last_used_at == now + timedelta(seconds=noted)


def test_an_old_secret_key_may_stay_for_a_while(settings: Any) -> None:
    token, old = create("hris", "--role", "viewer"), settings.SECRET_KEY
    settings.SECRET_KEY = "another secret key"
    problem(Caller(token).get("people/"), 401)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert Caller(token).get("people/").status_code == 200


def test_sessions_read_and_write_with_a_csrf_token(as_role: Any) -> None:
    editor = as_role("editor")
    assert editor.get("/api/v1/people/").status_code == 200
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor.user)
    problem(browser.post("/api/v1/people/", {"name": "Zoe"}, content_type="application/json"), 403)
    browser.cookies["csrftoken"] = "a" * 32
    answer = browser.post(
        "/api/v1/people/",
        {"name": "Zoe"},
        content_type="application/json",
        headers={"X-CSRFToken": "a" * 32},
    )
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize(
    ("role", "read", "written"),
    [("viewer", 200, 403), ("planner", 200, 403), ("editor", 200, 201), ("org designer", 200, 201)],
)
def test_roles(calling: Any, role: str, read: int, written: int) -> None:
    caller = calling(role)
    assert caller.get("people/").status_code == read
    assert caller.post("people/", {"name": "Zoe"}).status_code == written


def test_a_login_without_role_reads_nothing(django_user_model: Any, client: Any) -> None:
    client.force_login(django_user_model.objects.create_user("new", password="a long password"))
    found = problem(client.get("/api/v1/people/"), 403)
    assert found["detail"] == "Your login has no role here yet. Ask an org designer to give you one."
