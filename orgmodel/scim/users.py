"""SCIM users: people whom an identity provider manages, each written to the organization through operations."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet
from scim2_models import InvalidValueException, ResponseParameters, UniquenessException

from orgmodel.changes.models import new_id
from orgmodel.core.operations import EditPerson, HirePerson, Operation, RenamePerson
from orgmodel.core.records import Person
from orgmodel.scim import lookups, mapping
from orgmodel.scim.mapping import Body, exact, folded
from orgmodel.scim.models import TEXT_LIMIT, ScimEmail, ScimGroup, ScimMember, ScimUser
from orgmodel.scim.shelf import Shelf, digest, meta

OURS = ("schemas", "id", "meta", "password", "groups")
"""What is not kept as it was sent: it is known otherwise, or must never be known."""


class Users(Shelf[ScimUser]):
    def rows(self) -> QuerySet[ScimUser]:
        return ScimUser.objects.filter(deleted_at=None)

    def lookups(self) -> lookups.Lookups:
        return lookups.of_users(self.desk.org)

    def still_there(self, rows: Sequence[ScimUser]) -> bool:
        """A person may be gone because their hire was undone. Then the user never was."""
        gone = [row.pk for row in rows if row.pk not in self.desk.org.people]
        if gone:
            ScimUser.objects.filter(pk__in=gone).delete()
        return not gone

    def documents(
        self, rows: Sequence[ScimUser], parameters: ResponseParameters[Any] | None = None
    ) -> list[Body]:
        return [self._document(row, self.desk.org.people[row.pk]) for row in rows]

    def _document(self, row: ScimUser, person: Person) -> Body:
        body = mapping.shown(row.body, person, self.desk.is_here)
        manager = mapping.manager_in(body)
        if manager in self.desk.org.people:
            body = mapping.with_manager(body, value=manager, **{"$ref": f"Users/{manager}"})
        version = digest(body, row.updated_at)
        return {
            "id": row.pk,
            **body,
            "meta": meta("User", row.created_at, row.updated_at, version),
        }

    # Changing

    def create(self, resource: Any) -> Body:
        body = {"active": True, **self._body(resource)}
        self._check_free(body, None)
        person = self._taken_on(body)
        row = ScimUser(pk=person.id if person is not None else new_id(), created_at=self.desk.at)
        said = self._said(body)
        if person is None:
            person = Person(id=row.pk, key="", **said)
            self.desk.commit([HirePerson(id=row.pk, values=said)])
        else:
            person = self._edit(person, {}, said)
        return self._save(row, body, person)

    def _taken_on(self, body: Body) -> Person | None:
        """Return the person whom a new user is already: the only one here with their email, and in no one's hands."""
        found = [p for p in self.desk.org.people_with_email(mapping.email_in(body)) if p.is_here]
        if len(found) != 1 or self.rows().filter(pk=found[0].id).exists():
            return None
        return found[0]

    def update(self, row: ScimUser, resource: Any) -> Body:
        body = self._body(resource)
        self._check_free(body, row.pk)
        person = self._edit(self.desk.org.people[row.pk], self._said(row.body), self._said(body))
        return self._save(row, body, person)

    def remove(self, row: ScimUser) -> None:
        row.deleted_at = self.desk.at
        row.deactivated_at = row.deactivated_at or self.desk.at
        row.save()
        ScimGroup.objects.filter(members__person=row.pk).update(edition=F("edition") + 1)
        ScimMember.objects.filter(person=row.pk).delete()

    def _body(self, resource: Any) -> Body:
        body = {name: value for name, value in resource.model_dump().items() if name not in OURS}
        if not str(body.get("userName") or "").strip():
            raise InvalidValueException(detail="userName is missing.")
        for name in ("userName", "externalId"):
            if len(str(body.get(name) or "")) > TEXT_LIMIT:
                raise InvalidValueException(detail=f"{name} may have {TEXT_LIMIT} characters at most.")
        manager = mapping.manager_in(body)
        return mapping.with_manager(body, value=self._manager(manager)) if manager else body

    def _manager(self, text: str) -> str:
        """Return the id of the person who is meant by an id, a login or an address, or the text as it is."""
        if text in self.desk.org.people:
            return text
        by_name = self.rows().filter(user_name=folded(text)).first()
        if by_name is not None:
            return str(by_name.pk)
        by_email = (person.id for person in self.desk.org.people_with_email(text) if person.is_here)
        return next(by_email, text)

    def _said(self, body: Body) -> dict[str, Any]:
        return mapping.values_in(body, self.desk.is_here)

    def _check_free(self, body: Body, own: str | None) -> None:
        taken = self.rows().filter(user_name=folded(body["userName"])).first()
        if taken is not None and taken.pk != own and self.still_there([taken]):
            raise UniquenessException(detail=f"There is a user {body['userName']} already.")

    def _edit(self, person: Person, before: dict[str, Any], after: dict[str, Any]) -> Person:
        """Change a person by what a user says now, and return them as they are then."""
        values = mapping.edits(person, before, after)
        rest = {name: value for name, value in values.items() if name != "name"}
        operations: list[Operation] = []
        if "name" in values:
            operations.append(RenamePerson(id=person.id, name=values["name"]))
        if rest:
            operations.append(EditPerson(id=person.id, values=rest))
        self.desk.commit(operations)
        return dataclasses.replace(person, **values)

    def _save(self, row: ScimUser, body: Body, person: Person) -> Body:
        at = self.desk.at
        row.user_name = folded(body["userName"])
        row.external_id = exact(str(body.get("externalId") or ""))
        emails = mapping.emails_in(body)
        is_new = row.deleted_at is not None or not row.body
        if is_new or emails != mapping.emails_in(row.body):
            ScimEmail.objects.filter(user=row.pk).delete()
            new = emails
        else:
            new = []
        row.body = body
        row.updated_at, row.deleted_at = at, None
        if "active" in body:  # what is not said stays as it is
            row.deactivated_at = None if body["active"] else row.deactivated_at or at
        row.save()
        ScimEmail.objects.bulk_create(ScimEmail(user=row, value=value) for value in new)
        return self._document(row, person)
