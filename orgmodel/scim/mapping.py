"""What a SCIM user says about a person, and back. Plain functions on JSON; nothing here reads or writes.

SCIM shows and changes only the attributes it was given: what an identity provider never said stays as it is, and where
the organization has moved on since, it is the organization that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unicodedata import normalize

from orgmodel.core.records import Person
from orgmodel.core.rules.integrity import is_email

Body = dict[str, Any]

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
EXTERNAL_ID, EMPLOYEE_NUMBER = "scim", "employee_number"
"""Under which names a person's external ids hold what SCIM calls externalId and employeeNumber."""


def folded(text: str) -> str:
    """Return a text as SCIM compares what is not case-exact."""
    return normalize("NFC", normalize("NFC", text).lower())


def exact(text: str) -> str:
    """Return a text as SCIM compares what is case-exact."""
    return normalize("NFC", text)


def name_in(body: Body) -> str:
    """Return what a user is called: the display name, else the name, put together where it comes in parts."""
    name = body.get("name") or {}
    parts = " ".join(part for part in (name.get("givenName"), name.get("familyName")) if part)
    found = body.get("displayName") or name.get("formatted") or parts or body["userName"]
    return str(found).strip()


def email_in(body: Body) -> str:
    """Return the address to write to: the primary one, else that of work, else any, else a userName that is one."""
    entry = _main_email(body)
    if entry is not None:
        return str(entry["value"]).strip()
    user_name = str(body["userName"])
    return user_name if is_email(user_name) else ""


def emails_in(body: Body) -> list[str]:
    """Return every address of a user, as addresses are compared."""
    return sorted({folded(str(entry["value"])) for entry in _emails(body)})


def _emails(body: Body) -> list[Body]:
    return [entry for entry in body.get("emails") or () if entry.get("value")]


def _main_email(body: Body) -> Body | None:
    def rank(entry: Body) -> tuple[bool, bool]:
        return not entry.get("primary"), entry.get("type") != "work"

    return min(_emails(body), key=rank, default=None)


def manager_in(body: Body) -> str:
    manager = _enterprise(body).get("manager") or {}
    return str(manager.get("value") or "")


def with_manager(body: Body, **manager: str) -> Body:
    """Return a user with other words for their manager."""
    return {**body, ENTERPRISE: {**_enterprise(body), "manager": manager}}


def _enterprise(body: Body) -> Body:
    return body.get(ENTERPRISE) or {}


def values_in(body: Body, is_here: Callable[[str], bool]) -> dict[str, Any]:
    """Return the fields of a person that a user speaks of; `is_here` says whose ids may stand for a manager.

    A manager whom nobody knows is not spoken of: identity providers send names and logins of directories here.
    """
    values: dict[str, Any] = {"name": name_in(body)}
    if email := email_in(body):
        values["email"] = email
    if body.get("title") is not None:
        values["title"] = str(body["title"]).strip()
    if is_here(manager := manager_in(body)):
        values["manager"] = manager
    ids = {EXTERNAL_ID: body.get("externalId"), EMPLOYEE_NUMBER: _enterprise(body).get("employeeNumber")}
    values["external_ids"] = tuple((source, str(id_).strip()) for source, id_ in ids.items() if id_)
    return values


EMPTY: Mapping[str, Any] = {"name": "", "email": "", "title": "", "manager": None}


def edits(person: Person, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a person to set when what a user says goes from `before` to `after`.

    What is said is set wherever the person differs; what is said no more is emptied.
    """
    wanted = {name: after.get(name, EMPTY[name]) for name in EMPTY if name in before or name in after}
    now, given = dict(person.external_ids), dict(after["external_ids"])
    gone = dict(before.get("external_ids", ())).keys() - given.keys()
    ids = {source: id_ for source, id_ in now.items() if source not in gone} | given
    if ids != now:
        wanted["external_ids"] = tuple(sorted(ids.items()))
    return {name: value for name, value in wanted.items() if value != getattr(person, name)}


def shown(body: Body, person: Person, is_here: Callable[[str], bool]) -> Body:
    """Return a user as the organization knows the person by now, of the attributes that SCIM was given."""
    said = values_in(body, is_here)
    return {**body, **dict(_overtaken(body, said, person))}


def _overtaken(body: Body, said: dict[str, Any], person: Person) -> Iterator[tuple[str, Any]]:
    if said["name"] != person.name:
        yield "displayName", person.name
        if body.get("name"):
            yield "name", {"formatted": person.name}
    if "title" in said and said["title"] != person.title:
        yield "title", person.title
    main = _main_email(body)
    if main is not None and person.email and said["email"] != person.email:
        yield "emails", [{**e, "value": person.email} if e is main else e for e in body["emails"]]
    enterprise = _enterprise(body)
    theirs = dict(enterprise)
    if said.get("manager") != person.manager and "manager" in said:
        theirs["manager"] = {"value": person.manager} if person.manager is not None else None
    number = dict(person.external_ids).get(EMPLOYEE_NUMBER)
    if enterprise.get("employeeNumber") and number:
        theirs["employeeNumber"] = number
    if theirs != enterprise:
        yield ENTERPRISE, {name: value for name, value in theirs.items() if value is not None}
