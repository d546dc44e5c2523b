"""Tokens, sessions and roles at the door of the API."""

from __future__ import annotations

import logging
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from orgmodel.integrations import tokens
from orgmodel.integrations.management.commands import tokens_doc
from orgmodel.integrations.models import Integration, Token
from orgmodel.integrations.permissions import family_of
from orgmodel.redaction import NoTokensFormatter
from tests.api.conftest import Caller, problem
from tests.api.test_tribe_tokens import routes
from tests.build import id_of

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
        ["_", "--role", "viewer"],
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
    problem(Caller(reads).post("people/", {"name": "Zoe"}), 403, ("", "missing_scope"))


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
        assert tokens.recognize(token, at=now + timedelta(seconds=seconds)).token.scopes == [
            "people:read",
            "units:read",
            "changes:read",
        ]
        assert Token.objects.get().last_used_at == now + timedelta(seconds=noted)


def test_an_old_secret_key_may_stay_for_a_while(settings: Any) -> None:
    token, old = create("hris", "--role", "viewer"), settings.SECRET_KEY
    settings.SECRET_KEY = "another secret key"
    problem(Caller(token).get("people/"), 401)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert Caller(token).get("people/").status_code == 200


def test_a_session_goes_over_to_a_new_secret_key(as_role: Any, settings: Any) -> None:
    editor, idle, old = as_role("editor"), as_role("viewer"), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another secret key", [old]
    assert editor.get("/api/v1/people/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert editor.get("/api/v1/people/").status_code == 200
    problem(idle.get("/api/v1/people/"), 401)


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


# Terms


def test_scopes_one_by_one() -> None:
    caller = Caller(create("hris", "--scopes", "people:read, units:read"))
    assert caller.get("people/").status_code == 200
    for method, path, scope in (
        ("POST", "people/", "people:write"),
        ("POST", "squads/", "units:write"),
        ("PATCH", "people/ana/?draft=later", "drafts:write"),
        ("POST", "drafts/", "drafts:write"),
        ("POST", "drafts/later/publish/", "publish"),
        ("GET", "change-sets/", "changes:read"),
        ("GET", "changes/", "changes:read"),
        ("POST", "change-sets/1/undo/", "publish"),
        ("POST", "change-sets/1/reverse/", "drafts:write"),
        ("PATCH", "rules/SQ-01/", "admin"),
    ):
        found = problem(caller(method, path, {}), 403, ("", "missing_scope"))
        assert found["detail"].startswith(f"This token lacks the scope “{scope}”.")
    for path in ("squads/", "drafts/", "findings/", "rules/", "operations/", "org/", "docs/", "schema/"):
        assert caller.get(path).status_code == 200, path


def test_writing_alone_reads_nothing() -> None:
    caller = Caller(create("hris", "--scopes", "people:write"))
    problem(caller.get("people/"), 403, ("", "missing_scope"))
    assert caller.post("people/", {"name": "Zoe"}).status_code == 201


@pytest.mark.parametrize(
    "arguments",
    [
        ["--scopes", "people:read,everything"],
        ["--scopes", ""],
        ["--scopes", "people:read", "--role", "viewer"],
        ["--scopes", "people:read", "--tribe", "nowhere"],
        ["--scopes", "people:read", "--expires", "soon"],
        ["--scopes", "people:read", "--expires", "0d"],
        ["--scopes", "people:read", "--expires", "2020-01-01"],
        ["--scopes", "people:read", "--allow", "intranet"],
    ],
)
def test_the_command_refuses_what_no_token_can_have(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        create("hris", *arguments)
    assert not Token.objects.exists()
    assert not Integration.objects.exists()


def test_the_command_keeps_terms(payments: Any) -> None:
    limits = ("--tribe", "payments", "--expires", "2999-12-31", "--allow", "10.0.0.0/8", "--allow", "::1")
    create("hris", "--role", "editor", *limits)
    kept = Token.objects.get()
    assert kept.scopes == ["people:read", "units:read", "people:write", "units:write"]
    assert (kept.tribe, kept.addresses) == (id_of("Payments"), ["10.0.0.0/8", "::1/128"])
    assert timezone.localdate(kept.expires_at).isoformat() == "2999-12-31"


def test_a_token_expires() -> None:
    token = create("hris", "--role", "viewer", "--expires", "30d")
    Token.objects.update(expires_at=timezone.now())
    found = problem(Caller(token).get("people/"), 401)
    assert found["detail"].startswith("This token expired on ")


def test_a_closed_integration_opens_nothing() -> None:
    token = create("hris", "--role", "viewer")
    tokens.close(Integration.objects.get(), at=timezone.now())
    Token.objects.update(revoked_at=None)
    found = problem(Caller(token).get("people/"), 401)
    assert found["detail"] == "The integration that this token belongs to is closed."


def test_who_guesses_is_told_nothing(django_assert_num_queries: Any) -> None:
    token = create("hris", "--role", "viewer")
    Token.objects.update(revoked_at=timezone.now())
    _, public_id, secret, _ = token.split("_")
    there = tokens.with_checksum(f"om_{public_id}_{secret[::-1]}")
    not_there = tokens.with_checksum(f"om_{public_id[::-1]}_{secret}")
    told = {problem(Caller(guess).get("people/"), 401)["detail"] for guess in (there, not_there)}
    assert told == {"There is no such token."}
    with django_assert_num_queries(0):  # the checksum is looked at first
        problem(Caller(token[:-1]).get("people/"), 401)


@pytest.mark.parametrize(
    ("proxies", "address", "forwarded", "status"),
    [
        ([], "10.1.2.3", "", 200),
        ([], "::ffff:10.1.2.3", "", 200),
        ([], "192.0.2.1", "", 403),
        ([], "192.0.2.1", "10.1.2.3", 403),  # anybody can say so
        (["192.0.2.0/24"], "192.0.2.1", "10.1.2.3", 200),
        (["192.0.2.0/24"], "192.0.2.1", "10.1.2.3, 198.51.100.7", 403),  # what the first proxy saw counts
        (["192.0.2.0/24"], "192.0.2.1", "198.51.100.7, 10.1.2.3, 192.0.2.9", 200),
        (["192.0.2.0/24"], "192.0.2.1", "nonsense", 403),
        (["192.0.2.0/24"], "10.1.2.3", "198.51.100.7", 200),
    ],
)
def test_addresses(settings: Any, proxies: list[str], address: str, forwarded: str, status: int) -> None:
    settings.TRUSTED_PROXIES = proxies
    token = create("hris", "--role", "viewer", "--allow", "10.0.0.0/8")
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": forwarded}
    answer = Client().get("/api/v1/people/", headers=headers, REMOTE_ADDR=address)
    assert answer.status_code == status
    if status == 403:
        assert problem(answer, 403)["detail"] == "This token may not be used from this address."


def test_a_pepper_keeps_older_tokens(settings: Any) -> None:
    old = create("hris", "--role", "viewer")
    settings.TOKEN_PEPPER = "a key of its own"
    new = create("hris", "--role", "viewer")
    assert [Caller(token).get("people/").status_code for token in (old, new)] == [200, 200]
    settings.SECRET_KEY = "another secret key"
    assert [Caller(token).get("people/").status_code for token in (old, new)] == [401, 200]


# Nothing of a token anywhere


def test_a_token_in_a_wrong_place_is_refused_and_kept_nowhere(
    payments: Any, caplog: Any, capfd: Any, settings: Any
) -> None:
    token = create("hris", "--role", "editor")
    caplog.set_level("DEBUG")
    right = {"Authorization": f"Bearer {token}"}
    hris, stranger = Caller(token), Caller()
    answers = [
        *(
            caller.get(f"people/?{name}={token}")
            for caller in (hris, stranger)
            for name in ("token", "q", "cursor")
        ),
        hris.get("people/?access_token=x"),
        hris.get(f"people/?{token}=1"),
        hris.get(f"people/{token}/"),
        hris.get(f"people/%6f{token[1:]}/"),
        stranger.get(f"nowhere/{token}/"),
        hris.post("people/", {"name": token}),
        hris.post("people/", {"name": "Zoe", "message": f"with {token}"}),
        hris.post("people/", f'{{"{token}": 1}}'),
        hris("GET", "people/", **{"X-Request-Id": token}),
        hris("POST", "people/", {"name": "Zoe"}, **{"Idempotency-Key": token}),
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert all("Authorization: Bearer" in answer.json()["detail"] for answer in answers)
    answers += [
        stranger.get("people/", Authorization=f"{scheme} {token}") for scheme in ("Token", "Basic", "")
    ]
    answers += [stranger.get("people/", Authorization=text) for text in (token, f"Bearer {token}x")]
    assert {answer.status_code for answer in answers[-5:]} == {401}
    assert hris.get("people/").status_code == 200
    secret = token.split("_")[2]
    seen = capfd.readouterr()
    told = [str(answer.headers) + answer.content.decode() for answer in answers]
    assert not [text for text in (*told, caplog.text, seen.out, seen.err) if secret in text]
    assert secret not in repr(tokens.recognize(right["Authorization"][7:], at=timezone.now()).token)
    assert not [row for row in every_row() if secret in row]


def every_row() -> list[str]:
    """Return every row of the database as text."""
    return [str(row) for model in apps.get_models() for row in model._default_manager.values_list()]


def test_a_token_in_a_log_line_is_struck_out() -> None:
    token = create("hris", "--role", "viewer")
    record = logging.LogRecord("x", logging.INFO, "", 0, "GET %s", (f"/?token={token}",), None)
    assert NoTokensFormatter("{message}", style="{").format(record) == "GET /?token=om_…"


# What is written about it


def test_the_tables_of_scopes_are_those_of_the_code() -> None:
    """`manage.py tokens_doc` writes them anew."""
    text = tokens_doc.PLACE.read_text()
    assert tokens_doc.with_tables(text) == text
    assert [*tokens.MEANINGS] == sorted(tokens.MEANINGS, key=tokens.SCOPES.index)
    assert {*tokens.MEANINGS} == {*tokens.SCOPES}


def test_every_view_asks_for_a_scope_or_is_about_the_api_itself() -> None:
    for pattern, view in routes():
        if view.cls.__name__ not in ("SpectacularAPIView", "DocsView", "ProblemView"):
            family = family_of(view.cls)
            assert family is None or {family.read, family.write, *family.actions.values()} <= {
                *tokens.SCOPES
            }, pattern
