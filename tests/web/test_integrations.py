"""Pages about integrations: who calls, their tokens, shown once, rotated and revoked."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from orgmodel.integrations import tokens
from orgmodel.integrations.models import Integration, Token
from orgmodel.redaction import TOKEN
from tests.api.conftest import Caller
from tests.build import an_org, id_of, person, save, squad, tribe

pytestmark = pytest.mark.django_db

LIST, PAGE = "/integrations/", "/integrations/hr-sync/"


@pytest.fixture
def designer(as_role: Any) -> Any:
    save(an_org(person("Ana"), tribe("Payments", squad("Phoenix", "Ana"))))
    return as_role("org designer")


@pytest.fixture
def hr_sync() -> Integration:
    return tokens.integration_of("HR sync", at=timezone.now())


def create(browser: Any, **given: Any) -> Any:
    values = {"id": str(uuid.uuid4()), "scopes": ["people:read"], "expires": "365"}
    return browser.post(f"{PAGE}tokens/", {**values, **given})


def token_on(page: Any) -> str:
    found = TOKEN.search(page.content.decode())
    return found[0] if found else ""


def test_make_an_integration(designer: Any) -> None:
    assert "Nobody yet." in designer.get(LIST).content.decode()
    answer = designer.post(LIST, {"name": "HR sync", "about": "Ask Ana"})
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert "Ask Ana" in designer.get(PAGE).content.decode()
    listed = designer.get(LIST).content.decode()
    assert "HR sync" in listed
    assert "0 tokens, never used" in listed


@pytest.mark.parametrize("name", ["", "HR/sync", "-", "x" * 101, "HR\x00", "HR sync"])
def test_a_name_that_cannot_be(designer: Any, hr_sync: Integration, name: str) -> None:
    assert designer.post(LIST, {"name": name}).status_code == 422
    assert Integration.objects.count() == 1


def test_a_token_is_shown_exactly_once(designer: Any, hr_sync: Integration) -> None:
    answer = create(designer)
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    kept = "".join(str(session.get_decoded()) for session in Session.objects.all())
    page = designer.get(PAGE)
    token = token_on(page)
    assert Caller(token).get("people/").status_code == 200
    assert page["Cache-Control"] == "no-store"
    secret = token.split("_")[2]
    for text in (kept, str(designer.cookies), answer.headers["Location"]):
        assert secret not in text
        assert secret.encode().hex() not in text
    assert token_on(designer.get(PAGE)) == ""
    assert "new_token" not in designer.session


def test_another_browser_is_not_shown_the_token(designer: Any, hr_sync: Integration) -> None:
    create(designer)
    del designer.cookies["new_token"]
    assert token_on(designer.get(PAGE)) == ""


def test_a_form_that_is_sent_twice_makes_one_token(designer: Any, hr_sync: Integration) -> None:
    once = str(uuid.uuid4())
    assert [create(designer, id=once).status_code, create(designer, id=once).status_code] == [303, 303]
    assert Token.objects.count() == 1


def test_terms_are_kept_and_told(designer: Any, hr_sync: Integration) -> None:
    create(designer, tribe=id_of("Payments"), addresses="203.0.113.7\n2001:db8::/32", expires="")
    kept = Token.objects.get()
    assert (kept.scopes, kept.tribe) == (["people:read"], id_of("Payments"))
    assert (kept.addresses, kept.expires_at) == (["203.0.113.7/32", "2001:db8::/32"], None)
    page = designer.get(PAGE).content.decode()
    for words in ("people:read", "Payments", "203.0.113.7/32, 2001:db8::/32", "never"):
        assert words in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"scopes": []}, "Choose at least one"),
        ({"scopes": ["everything"]}, "everything is not one of the available choices"),
        ({"addresses": "intranet"}, "“intranet” is no network."),
        ({"addresses": "10.0.0.1/8"}, "“10.0.0.1/8” is no network."),
        ({"addresses": "\x00"}, "holds characters that cannot be stored"),
        ({"tribe": "x"}, "x is not one of the available choices"),
        ({"tribe": id_of("Payments"), "scopes": ["publish"]}, "publish is about the whole organization"),
        ({"expires": "99999999"}, "99999999 is not one of the available choices"),
    ],
)
def test_terms_that_cannot_be(designer: Any, hr_sync: Integration, given: dict[str, Any], words: str) -> None:
    answer = create(designer, **given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Token.objects.exists()


def test_rotate_with_overlap(designer: Any, hr_sync: Integration) -> None:
    create(designer)
    old, first = token_on(designer.get(PAGE)), Token.objects.get()
    address = f"{PAGE}tokens/{first.public_id}/rotate/"
    assert "goes on for" in designer.get(address).content.decode()
    assert designer.post(address, {"overlap": "1"}).status_code == 303
    new = token_on(designer.get(PAGE))
    assert new not in ("", old)
    assert [Caller(each).get("people/").status_code for each in (old, new)] == [200, 200]
    first.refresh_from_db()
    assert first.expires_at is not None
    assert timedelta(minutes=59) < first.expires_at - timezone.now() <= timedelta(hours=1)
    second = Token.objects.exclude(pk=first.pk).get()
    assert (second.scopes, second.addresses, second.tribe) == (first.scopes, first.addresses, first.tribe)


def test_rotate_at_once(designer: Any, hr_sync: Integration) -> None:
    create(designer)
    old, first = token_on(designer.get(PAGE)), Token.objects.get()
    address = f"{PAGE}tokens/{first.public_id}/rotate/"
    designer.post(address, {"overlap": "0"})
    assert Caller(old).get("people/").status_code == 401
    assert designer.post(address, {"overlap": "0"}).status_code == 303  # the second of two clicks
    assert Token.objects.count() == 2
    assert designer.post(address, {"overlap": "-1"}).status_code == 422


def test_revoke_and_close(designer: Any, hr_sync: Integration) -> None:
    create(designer)
    token = token_on(designer.get(PAGE))
    address = f"{PAGE}tokens/{Token.objects.get().public_id}/revoke/"
    assert "cannot be taken back" in designer.get(address).content.decode()
    assert Caller(token).get("people/").status_code == 200
    for _ in range(2):
        assert designer.post(address).status_code == 303
    assert Caller(token).get("people/").status_code == 401
    assert "1 that opens nothing any more" in designer.get(PAGE).content.decode()
    assert "This cannot" not in designer.get(f"{PAGE}close/").content.decode()
    for _ in range(2):
        assert designer.post(f"{PAGE}close/").status_code == 303
    page = designer.get(PAGE).content.decode()
    assert "closed on" in page
    assert "Create token" not in page
    assert create(designer).status_code == 303
    assert Token.objects.count() == 1


def test_what_it_did_lately(designer: Any) -> None:
    caller = Caller(tokens.issue("HR sync", "editor", at=timezone.now()))
    caller.patch("people/ana/", {"title": "Head"})
    page = designer.get(PAGE).content.decode()
    assert re.search(r'<a href="/history/2/">[^<]+</a>', page)


@pytest.mark.parametrize("role", ["viewer", "planner", "editor"])
def test_strangers_are_refused(as_role: Any, hr_sync: Integration, role: str) -> None:
    browser = as_role(role)
    assert [browser.get(path).status_code for path in (LIST, PAGE, f"{PAGE}close/")] == [403, 403, 403]
    assert [browser.post(path).status_code for path in (LIST, f"{PAGE}tokens/", f"{PAGE}close/")] == [403] * 3
    assert "Integrations" not in browser.get("/settings/").content.decode()


def test_what_is_not_there(designer: Any, hr_sync: Integration) -> None:
    for path in ("nobody/", "hr-sync/tokens/none/revoke/", "hr-sync/tokens/-/rotate/", "%00/"):
        assert designer.get(f"{LIST}{path}").status_code == 404
    assert designer.get(f"{PAGE}tokens/").status_code == 405


@pytest.mark.parametrize("count", [1, 30])
def test_pages_cost_the_same_however_many(
    designer: Any, hr_sync: Integration, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        tokens.issue(f"Bot {number}", "viewer", at=timezone.now())
        tokens.issue("HR sync", "viewer", at=timezone.now())
    designer.get(LIST)
    with django_assert_num_queries(6):
        designer.get(LIST)
    with django_assert_num_queries(9):
        designer.get(PAGE)
