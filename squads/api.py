"""The delivery axis over REST: people, roles, missions, tribes, squads with what they own and need, moves of many."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.changes import periods
from orgmodel.core import operations as ops
from orgmodel.core.operations import Operation
from orgmodel.core.org import Org
from orgmodel.core.records import Spec
from orgmodel.integrations.batch import FROM, Batch
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.filters import Filter, by_unit, closed_filter, ref_reader, related, within
from orgmodel.integrations.resources import (
    Creatable,
    Editable,
    Json,
    RecordViewSet,
    delete_options,
    org_of,
    verb,
)
from orgmodel.integrations.schema import endpoint, record_shape
from orgmodel.integrations.writing import Written, write
from squads.models import Membership
from squads.serializers import (
    PERSON_SHAPE,
    SQUAD_SHAPE,
    SYSTEM_SHAPE,
    TRIBE_SHAPE,
    period_json,
    person_in_full,
    person_json,
    squad_in_full,
    squad_json,
    system_json,
    tribe_in_full,
)

MOVE = Body.of_operation(ops.MovePeople, renamed=FROM)

PEOPLE_OF: dict[str, Callable[[Org, str], Iterable[str]]] = {
    "squad": lambda org, v: (m.person for m in org.memberships_in(v)),
    "tribe": lambda org, v: org.people_in_tribe(v),
    "chapter": lambda org, v: (m.person for m in org.chapter_members_in(v)),
    "guild": lambda org, v: (m.person for m in org.guild_members_in(v)),
}


class PersonViewSet(Creatable, Batch):
    """Everyone the organization is made of, each with memberships, chapter and guilds."""

    kind = "person"
    create_operation = ops.HirePerson
    edit_operation = ops.EditPerson
    rename_operation = ops.RenamePerson
    extra_shape = PERSON_SHAPE
    extra_filters = {
        "squad": related("squad", "A squad they are in.", PEOPLE_OF["squad"]),
        "tribe": related("tribe", "The tribe they belong to.", PEOPLE_OF["tribe"]),
        "chapter": related("chapter", "The chapter they are in.", PEOPLE_OF["chapter"]),
        "guild": related("guild", "A guild they are in.", PEOPLE_OF["guild"]),
        "unit": within("A squad, tribe, chapter or guild, such as search or squad:search.", PEOPLE_OF),
        "role": Filter(
            "A role they hold in a squad.",
            ref_reader("role"),
            lambda org, person, v: any(m.role == v for m in org.memberships_of(person.id)),
            # Half of an organization may hold a role: the table finds one page of them without looking at all.
            rows=lambda v: Exists(Membership.objects.filter(person=OuterRef("pk"), role=v)),
        ),
    }

    offboard = verb("offboard", ops.OffboardPerson, record="person")
    reinstate = verb("reinstate", ops.ReinstatePerson, record="person")
    move = verb(
        "move",
        ops.MovePeople,
        record="people",
        renamed=FROM,
        summary="Move a person from a squad, their home where `from` is absent, to another",
    )
    chapter = verb(
        "chapter",
        ops.ChangeChapter,
        record="people",
        summary="Put a person into a chapter, out of the one they were in, or into none",
    )
    skills = verb("skills", ops.SetSkills, record="person", summary="Say what a person can do and how well")

    @endpoint("Read where a person was, and when", answers="Periods")
    @action(detail=True, methods=["get"])
    def periods(self, request: Request, key: str) -> Response:
        return _periods(request, self.find(org_of(request), key), periods.of_person)

    def represent(self, org: Org, record: Any) -> Json:
        return person_json(org, record)

    def represent_in_full(self, org: Org, record: Any) -> Json:
        return person_in_full(org, record)


def _periods(request: Request, record: Any, read: Callable[..., list[periods.Period]]) -> Response:
    reality: Any = request._request.reality  # type: ignore[attr-defined]
    found = read(reality.live, record.id, until=reality.as_of, planned=reality.outlook)
    if reality.tribe is not None:
        found = [
            p for p in found if p.place is not None and reality.org.get(p.place.KIND, p.place.id) is not None
        ]
    return Response({"results": [period_json(period) for period in found]})


class RoleViewSet(Creatable, Editable):
    """The organization's own words for what people do in squads."""

    kind = "role"
    create_operation = ops.CreateRole
    edit_operation = ops.EditRole

    @endpoint("Remove a role that nobody holds", status=204)
    def destroy(self, request: Request, key: str) -> Response:
        role = self.find(org_of(request), key)
        written = write(request, [ops.RemoveRole(id=role.id)], delete_options(request))
        return Response(status=204, headers=written.headers)


class MissionViewSet(Creatable, Editable):
    """Why squads and tribes exist."""

    kind = "mission"
    create_operation = ops.CreateMission
    edit_operation = ops.EditMission
    rename_operation = ops.RewordMission

    close = verb("close", ops.RetireMission)
    reopen = verb("reopen", ops.ReopenMission)


def _seat(seat: str) -> Any:
    return lambda id_, person: ops.SetTribeLead(tribe=id_, seat=seat, person=person)


class TribeViewSet(Creatable, Editable):
    """Collections of squads that work in one area."""

    kind = "tribe"
    create_operation = ops.CreateTribe
    edit_operation = ops.EditTribe
    rename_operation = ops.RenameTribe
    field_verbs = {seat: _seat(seat) for seat in ("lead", "product_lead", "design_lead")}
    extra_shape = TRIBE_SHAPE

    close = verb("close", ops.CloseTribe)
    reopen = verb("reopen", ops.ReopenTribe)
    lead = verb("lead", ops.SetTribeLead, record="tribe", summary="Say who leads a tribe, or stands in")
    split = verb("split", ops.SplitTribe, record="tribe")
    merge = verb("merge", ops.MergeTribes, record="into", summary="Merge other tribes into this one")

    def represent_in_full(self, org: Org, record: Any) -> Json:
        return tribe_in_full(org, record)


class SquadViewSet(Creatable, Editable):
    """Small teams, each with one mission."""

    kind = "squad"
    create_operation = ops.CreateSquad
    edit_operation = ops.EditSquad
    rename_operation = ops.RenameSquad
    field_verbs = {
        # Taking a squad out of its tribe into none is an edit; there is nowhere to move it to.
        "tribe": lambda id_, tribe: ops.MoveSquad(squad=id_, tribe=tribe) if tribe else None,
        "mission": lambda id_, mission: ops.AssignMission(squad=id_, mission=mission),
    }
    extra_shape = SQUAD_SHAPE
    form_body = Body.of_operation(ops.FormSquad, without=("id",))

    close = verb("close", ops.CloseSquad)
    reopen = verb("reopen", ops.ReopenSquad)
    split = verb("split", ops.SplitSquad, record="squad")
    merge = verb("merge", ops.MergeSquads, record="into", summary="Merge other squads into this one")
    lead = verb("lead", ops.SetSquadLead, record="squad")
    mission = verb("mission", ops.AssignMission, record="squad")
    hand_over = verb("hand-over", ops.HandOverMission, record="source")

    @endpoint("Form a squad from people", answers=".component", body=".form_body", status=201)
    @action(detail=False, methods=["post"])
    def form(self, request: Request) -> Response:
        values, options = self.read_body(request, self.form_body)
        id_ = str(uuid.uuid4())
        return self.answer(write(request, [ops.FormSquad(id=id_, **values)], options), id_, status=201)

    @endpoint("Read everyone who was ever in a squad, and when", answers="Periods")
    @action(detail=True, methods=["get"])
    def periods(self, request: Request, key: str) -> Response:
        return _periods(request, self.find(org_of(request), key), periods.of_squad)

    def represent(self, org: Org, record: Any) -> Json:
        return squad_json(org, record)

    def represent_in_full(self, org: Org, record: Any) -> Json:
        return squad_in_full(org, record)


def _memberships_in_tribe(org: Org, tribe: str) -> Iterable[str]:
    return (m.id for squad in org.squads_of(tribe) for m in org.memberships_in(squad.id))


class MembershipViewSet(RecordViewSet):
    """Who is in which squad, in what role and with how much of their time."""

    kind = "membership"
    path_parameters = {"key": "Id."}
    extra_filters = by_unit("membership", "The tribe of the squad.", _memberships_in_tribe)
    create_body = Body.of_operation(ops.JoinSquad, without=("id",))
    edit_body = Body(
        "EditMembership",
        {name: spec for name, spec in create_body.fields.items() if name not in ("person", "squad")}
        | {"seen": Spec("values")},
        kind="membership",
    )

    @endpoint("Add a person to a squad", answers=".component", body=".create_body", status=201)
    def create(self, request: Request) -> Response:
        values, options = self.read_body(request, self.create_body)
        id_ = str(uuid.uuid4())
        return self.created(request, write(request, [ops.JoinSquad(id=id_, **values)], options), id_)

    @endpoint("Change a membership", answers=".component", body=".edit_body")
    def partial_update(self, request: Request, key: str) -> Response:
        member = self.find(org_of(request), key)
        values, options = self.read_body(request, self.edit_body)
        seen = values.pop("seen", {})
        news = {name: value for name, value in values.items() if getattr(member, name) != value}
        edits: list[Operation] = []
        if [*news] == ["share"] and "share" not in seen:
            edits.append(ops.SetShare(person=member.person, squad=member.squad, share=news["share"]))
        elif news:
            edits.append(ops.EditMembership(person=member.person, squad=member.squad, values=news, seen=seen))
        return self.answer(write(request, edits, options), member.id)

    @endpoint("Take a person out of a squad", status=204)
    def destroy(self, request: Request, key: str) -> Response:
        member = self.find(org_of(request), key)
        leaving = ops.LeaveSquad(person=member.person, squad=member.squad)
        return Response(status=204, headers=write(request, [leaving], delete_options(request)).headers)


def _vacancies_in_tribe(org: Org, tribe: str) -> Iterable[str]:
    squads = (v for squad in org.squads_of(tribe) for v in org.pointing("vacancy", "squad", squad.id))
    chapters = (
        v for chapter in org.chapters_of(tribe) for v in org.pointing("vacancy", "chapter", chapter.id)
    )
    return {*squads, *chapters}


CLOSED = ("filled", "cancelled")


class VacancyViewSet(Creatable, Editable):
    """Seats that nobody holds yet."""

    kind = "vacancy"
    create_operation = ops.OpenVacancy
    edit_operation = ops.EditVacancy
    extra_filters = {
        **by_unit(
            "vacancy",
            "The tribe of its squad or chapter.",
            _vacancies_in_tribe,
            chapter=lambda org, v: org.pointing("vacancy", "chapter", v),
        ),
        "closed": closed_filter(lambda value: Q(state__in=CLOSED) if value else ~Q(state__in=CLOSED)),
    }

    fill = verb("fill", ops.FillVacancy, record="vacancy")
    close = verb("close", ops.CloseVacancy, record="vacancy")
    reopen = verb("reopen", ops.ReopenVacancy, record="vacancy")


def _systems_in_tribe(org: Org, tribe: str) -> Iterable[str]:
    return (s for squad in org.squads_of(tribe) for s in org.pointing("system", "squad", squad.id))


def _domains_in_tribe(org: Org, tribe: str) -> Iterable[str]:
    return (d for squad in org.squads_of(tribe) for d in org.pointing("domain", "squad", squad.id))


class DomainViewSet(Creatable, Editable):
    """Areas of business that squads must understand."""

    kind = "domain"
    create_operation = ops.CreateDomain
    edit_operation = ops.EditDomain
    extra_filters = by_unit("domain", "The tribe of its squad.", _domains_in_tribe)

    close = verb("close", ops.CloseDomain)
    reopen = verb("reopen", ops.ReopenDomain)


class SystemViewSet(Creatable, Editable):
    """What runs and what squads answer for, each with its owners."""

    kind = "system"
    create_operation = ops.CreateSystem
    edit_operation = ops.EditSystem
    extra_shape = SYSTEM_SHAPE
    extra_filters = {
        **by_unit("system", "The tribe of its owner squad.", _systems_in_tribe),
        "owner": related(
            "person",
            "A person who answers for it.",
            lambda org, v: (system.id for system in org.systems_owned_by(v)),
        ),
    }

    close = verb("close", ops.RetireSystem)
    reopen = verb("reopen", ops.ReopenSystem)
    owners = verb("owners", ops.SetSystemOwners, record="system", summary="Say who answers for a system")

    def represent(self, org: Org, record: Any) -> Json:
        return system_json(org, record)


class SystemOwnerViewSet(RecordViewSet):
    """Who answers for which system. Set with the system's owners."""

    kind = "system_owner"
    path_parameters = {"key": "Id."}


class PersonSkillViewSet(RecordViewSet):
    """Who can do what, and how well. Set with the person's skills."""

    kind = "person_skill"
    path_parameters = {"key": "Id."}


def _dependencies_in_tribe(org: Org, tribe: str) -> Iterable[str]:
    return {d.id for squad in org.squads_of(tribe) for d in org.dependencies_of(squad.id)}


class DependencyViewSet(Creatable, Editable):
    """Which squad waits for which, how badly, and what is done about it."""

    kind = "dependency"
    path_parameters = {"key": "Id."}
    create_operation = ops.RecordDependency
    edit_operation = ops.EditDependency
    extra_filters = by_unit(
        "dependency",
        "The tribe of either squad.",
        _dependencies_in_tribe,
        squad=lambda org, v: {d.id for d in org.dependencies_of(v)},
    )

    @endpoint("Remove a dependency that is solved", status=204)
    def destroy(self, request: Request, key: str) -> Response:
        solved = ops.SolveDependency(id=self.find(org_of(request), key).id)
        return Response(status=204, headers=write(request, [solved], delete_options(request)).headers)


class CoachingViewSet(RecordViewSet):
    """Who coaches which squad."""

    kind = "coaching"
    path_parameters = {"key": "Id."}
    create_body = Body.of_operation(ops.AssignCoach)

    @endpoint("Let a person coach a squad", answers=".component", body=".create_body", status=201)
    def create(self, request: Request) -> Response:
        values, options = self.read_body(request, self.create_body)
        written = write(request, [ops.AssignCoach(**values)], options)
        [coaching] = [c for c in written.org.coachings_in(values["squad"]) if c.person == values["person"]]
        return self.created(request, written, coaching.id)

    @endpoint("Record that a person does not coach a squad any more", status=204)
    def destroy(self, request: Request, key: str) -> Response:
        coaching = self.find(org_of(request), key)
        ending = ops.EndCoaching(person=coaching.person, squad=coaching.squad)
        return Response(status=204, headers=write(request, [ending], delete_options(request)).headers)


class RotationViewSet(ApiView, ViewSet):
    """People who change places: two swap their home squads, more rotate."""

    tag = "rotations"
    shapes = {"Person": record_shape("person", PERSON_SHAPE)}
    body = Body.of_operation(ops.RotatePeople)

    @endpoint("Let people change places", answers="Moved", body=".body")
    def create(self, request: Request) -> Response:
        values, options = self.body.read(request.data, org_of(request))
        return _moved(write(request, [ops.RotatePeople(**values)], options), values["people"])


class MoveViewSet(ApiView, ViewSet):
    """Moves of many people at once, all or none, as one change set."""

    tag = "moves"
    shapes = {"Person": record_shape("person", PERSON_SHAPE)}
    body = Body("Moves", {"moves": Spec("bodies", required=True)}, nested=MOVE)

    @endpoint("Move many people", answers="Moved", body=".body")
    def create(self, request: Request) -> Response:
        values, options = self.body.read(request.data, org_of(request))
        moves = [ops.MovePeople(**move) for move in values["moves"]]
        written = write(request, moves, options)
        return _moved(written, (person for move in moves for person in move.people))


def _moved(written: Written, people: Iterable[str]) -> Response:
    """Answer with the people that were moved, as they are now."""
    moved = [person_json(written.org, written.org.people[person]) for person in dict.fromkeys(people)]
    return Response({"people": moved}, headers=written.headers)
