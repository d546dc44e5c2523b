"""SCIM groups. Where one is linked to a unit, its members join, move and leave there through operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from scim2_models import InvalidValueException, ResponseParameters, UniquenessException

from orgmodel.scim import linking
from orgmodel.scim.lookups import GROUPS, Lookups
from orgmodel.scim.mapping import Body, exact, folded
from orgmodel.scim.models import TEXT_LIMIT, ScimGroup, ScimMember, ScimUser
from orgmodel.scim.shelf import Shelf, meta


class Groups(Shelf[ScimGroup]):
    def rows(self) -> QuerySet[ScimGroup]:
        return ScimGroup.objects.all()

    def lookups(self) -> Lookups:
        return GROUPS

    def still_there(self, rows: Sequence[ScimGroup]) -> bool:
        return True

    def documents(
        self, rows: Sequence[ScimGroup], parameters: ResponseParameters[Any] | None = None
    ) -> list[Body]:
        members: dict[str, list[str]] = {}
        if _shows_members(parameters):
            found = ScimMember.objects.filter(group__in=[row.pk for row in rows]).order_by("pk")
            for group, person in found.values_list("group", "person"):
                members.setdefault(str(group), []).append(str(person))
        return [self._document(row, members.get(row.pk, [])) for row in rows]

    def _document(self, row: ScimGroup, members: Sequence[str]) -> Body:
        people = self.desk.org.people
        document = {
            "id": row.pk,
            "displayName": row.name,
            "meta": meta("Group", row.created_at, row.updated_at, str(row.edition)),
        }
        if row.external_id:
            document["externalId"] = row.external_id
        if members:
            document["members"] = [
                {"value": id_, "$ref": f"Users/{id_}", "type": "User"} for id_ in members if id_ in people
            ]
        return document

    # Changing

    def create(self, resource: Any) -> Body:
        row = ScimGroup(created_at=self.desk.at, edition=0)
        return self._save(row, resource, {})

    def update(self, row: ScimGroup, resource: Any) -> Body:
        return self._save(row, resource, {str(member.person): member.managed for member in row.members.all()})

    def remove(self, row: ScimGroup) -> None:
        """A unit keeps its members when a group is gone: from then on they are there by hand."""
        row.delete()

    def _save(self, row: ScimGroup, resource: Any, before: dict[str, bool]) -> Body:
        """Keep a group as it was sent. `before` says of each member so far whether SCIM made them one of the unit."""
        row.name = str(resource.display_name or "").strip()
        row.name_key = folded(row.name)
        row.external_id = exact(resource.external_id or "")
        self._check(row)
        members = list(dict.fromkeys(str(member.value) for member in resource.members or ()))
        entering = [id_ for id_ in members if id_ not in before]
        leaving = before.keys() - {*members}
        self._check_known(entering)
        plan = linking.plan(self.desk.org, row, entering, [id_ for id_ in leaving if before[id_]])
        self.desk.commit(plan.operations)
        row.updated_at = self.desk.at
        row.edition += 1
        row.save()
        if leaving:
            row.members.filter(person__in=leaving).delete()
        ScimMember.objects.bulk_create(
            ScimMember(group=row, person=id_, managed=id_ in plan.joined) for id_ in entering
        )
        return self._document(row, members)

    def _check(self, row: ScimGroup) -> None:
        if not row.name:
            raise InvalidValueException(detail="displayName is missing.")
        for name, text in (("displayName", row.name), ("externalId", row.external_id)):
            if len(text) > TEXT_LIMIT:
                raise InvalidValueException(detail=f"{name} may have {TEXT_LIMIT} characters at most.")
        if self.rows().filter(name_key=row.name_key).exclude(pk=row.pk).exists():
            raise UniquenessException(detail=f"There is a group {row.name} already.")

    def _check_known(self, ids: Sequence[str]) -> None:
        people = self.desk.org.people
        possible = [id_ for id_ in ids if id_ in people]
        known = {*ScimUser.objects.filter(pk__in=possible, deleted_at=None).values_list("pk", flat=True)}
        unknown = [id_ for id_ in ids if id_ not in known]
        if unknown:
            raise InvalidValueException(detail=f"members: there is no user {unknown[0][:100]}.")


def _shows_members(parameters: ResponseParameters[Any] | None) -> bool:
    if parameters is None:
        return True
    if parameters.attributes:
        return any(path.parts[0].lower() == "members" for path in parameters.attributes)
    return not any(
        [part.lower() for part in path.parts] == ["members"] for path in parameters.excluded_attributes or ()
    )
