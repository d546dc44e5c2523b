"""People and delivery units in the admin: which operations their forms, rows and actions mean."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orgmodel.access.admin_site import ReadOnly
from orgmodel.changes.admin_forms import ActionForm, MainForm
from orgmodel.changes.forms import ShareField
from orgmodel.changes.record_actions import RecordAction, chooser, closing, merging, reopening
from orgmodel.changes.record_admin import MemberAdmin, MemberInline, OpenFilter, RecordAdmin
from orgmodel.core.operations import (
    AssignCoach,
    AssignMission,
    CloseDomain,
    CloseSquad,
    CloseTribe,
    CloseVacancy,
    CreateDomain,
    CreateMission,
    CreateRole,
    CreateSquad,
    CreateSystem,
    CreateTribe,
    EditDependency,
    EditDomain,
    EditMembership,
    EditMission,
    EditPerson,
    EditRole,
    EditSquad,
    EditSystem,
    EditTribe,
    EditVacancy,
    EndCoaching,
    FillVacancy,
    HirePerson,
    JoinSquad,
    LeaveSquad,
    MergeSquads,
    MergeTribes,
    MovePeople,
    MoveSquad,
    OffboardPerson,
    OpenVacancy,
    Operation,
    RecordDependency,
    ReinstatePerson,
    RemoveRole,
    RenamePerson,
    RenameSquad,
    RenameTribe,
    ReopenDomain,
    ReopenMission,
    ReopenSquad,
    ReopenSystem,
    ReopenTribe,
    ReopenVacancy,
    RetireMission,
    RetireSystem,
    RewordMission,
    SetSkills,
    SetTribeLead,
    SolveDependency,
)
from orgmodel.core.operations.base import pair_id
from orgmodel.core.operations.skills import skill_id
from orgmodel.core.operations.systems import owned_by
from orgmodel.core.org import Org
from squads.models import (
    Coaching,
    Dependency,
    Domain,
    Membership,
    Mission,
    Person,
    PersonSkill,
    Role,
    Squad,
    SquadLineage,
    System,
    SystemOwner,
    Tribe,
    TribeLineage,
    Vacancy,
)

Given = Mapping[str, Any]


class MoveForm(ActionForm):
    squad = chooser(Membership, "squad", label=_("To squad"))
    since = forms.DateField(
        label=_("Since"), required=False, widget=AdminDateWidget, help_text=_("Empty: the day of the change.")
    )
    field_order = ["squad", "since", "reason"]


def move(org: Org, people: Sequence[Any], given: Given) -> Iterable[Operation]:
    """Move people out of their home squads; who is in no squad yet joins."""
    squad, since = given["squad"], given["since"]
    movers = tuple(person.id for person in people if org.primary_membership(person.id) is not None)
    if movers:
        yield MovePeople(people=movers, to=squad, since=since)
    for person in people:
        if person.id not in movers:
            yield JoinSquad(id=str(uuid.uuid4()), person=person.id, squad=squad, since=since)


class OffboardForm(ActionForm):
    successor = chooser(
        Person,
        "manager",
        label=_("Reports go to"),
        required=False,
        help_text=_("Empty: to their own manager."),
    )
    field_order = ["successor", "reason"]


def offboard(org: Org, people: Sequence[Any], given: Given) -> Iterable[Operation]:
    return [OffboardPerson(person=person.id, successor=given["successor"]) for person in people]


class HereFilter(admin.SimpleListFilter):
    title = _("here or left")
    parameter_name = "here"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Here")), ("no", _("Left"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        match self.value():
            case "yes":
                return queryset.exclude(status="left")
            case "no":
                return queryset.filter(status="left")
        return queryset


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    kind, create, edit = "person", HirePerson, EditPerson
    hints = ("title", "email")
    fixed = ("key",)
    open_only = {
        "status__in": [value for value, _ in Person._meta.get_field("status").flatchoices if value != "left"]
    }
    list_display = ("name", "title", "home", "city", "status", "email")
    list_filter = (HereFilter, "status", "employment")
    search_fields = ("name", "email", "key", "title")
    search_help_text = _("Name, email, key or title")
    record_actions: ClassVar[tuple[RecordAction, ...]] = (
        RecordAction("move", _("Move to squad…"), move, form=MoveForm, suits=lambda person: person.is_here),
        RecordAction(
            "offboard", _("Offboard…"), offboard, form=OffboardForm, suits=lambda person: person.is_here
        ),
        RecordAction(
            "reinstate",
            _("Reinstate…"),
            lambda org, people, given: [ReinstatePerson(person=person.id) for person in people],
            suits=lambda person: not person.is_here,
        ),
    )

    def operation_for(self, id_: str, field: str, value: Any) -> Operation | None:
        return RenamePerson(id=id_, name=value) if field == "name" else None

    @admin.display(description=_("squad"))
    def home(self, row: Any) -> str:
        membership = row.org.primary_membership(row.pk)
        return row.org.squads[membership.squad].name if membership is not None else "—"


@admin.register(Role)
class RoleAdmin(RecordAdmin):
    kind, create, edit = "role", CreateRole, EditRole
    fixed = ("key",)
    open_only = {}
    list_display = ("name", "leads", "craft")
    list_filter = ("leads",)
    search_fields = ("name", "key", "craft")
    record_actions = (
        RecordAction(
            "remove", _("Remove…"), lambda org, roles, given: [RemoveRole(id=role.id) for role in roles]
        ),
    )

    def view_on_site(self, obj: Any) -> str:
        return reverse("roles")


@admin.register(Mission)
class MissionAdmin(RecordAdmin):
    kind, create, edit = "mission", CreateMission, EditMission
    list_display = ("__str__", "metric", "closed_on")
    list_filter = (OpenFilter,)
    search_fields = ("statement", "key", "metric")
    ordering = ("key",)
    record_actions = (closing(RetireMission, _("Retire…")), reopening(ReopenMission))

    def operation_for(self, id_: str, field: str, value: Any) -> Operation | None:
        return RewordMission(id=id_, name=value) if field == "statement" else None


@admin.register(Tribe)
class TribeAdmin(RecordAdmin):
    kind, create, edit = "tribe", CreateTribe, EditTribe
    list_display = ("name", "lead", "squads", "closed_on")
    list_filter = (OpenFilter,)
    list_select_related = ("lead",)
    search_fields = ("name", "key")
    record_actions = (
        closing(CloseTribe, heirs=(Squad, "tribe")),
        merging(MergeTribes, "tribes", Squad, "tribe"),
        reopening(ReopenTribe),
    )
    pages = ((_("Split on dashboard"), "tribe_split"),)

    def operation_for(self, id_: str, field: str, value: Any) -> Operation | None:
        match field:
            case "name":
                return RenameTribe(id=id_, name=value)
            case "lead" | "product_lead" | "design_lead":
                return SetTribeLead(tribe=id_, seat=field, person=value)
        return None

    @admin.display(description=_("squads"))
    def squads(self, row: Any) -> int:
        return len(row.org.squads_of(row.pk))


class MembershipInline(MemberInline):
    model = Membership
    kind, unit = "membership", "squad"

    def join(self, id_: str, values: dict[str, Any]) -> Operation:
        return JoinSquad(id=id_, **values)

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return EditMembership(person=member.person, squad=member.squad, values=values)

    def leave(self, member: Any, unit: str) -> Operation:
        return LeaveSquad(person=member.person, squad=unit)


@admin.register(Squad)
class SquadAdmin(RecordAdmin):
    kind, create, edit = "squad", CreateSquad, EditSquad
    hints = ("tribe",)
    list_display = ("name", "tribe", "type", "state", "members", "closed_on")
    list_filter = (OpenFilter, "type", "state", "user_facing")
    list_select_related = ("tribe",)
    search_fields = ("name", "key", "tribe__name")
    search_help_text = _("Name, key or tribe")
    inlines = [MembershipInline]
    record_actions = (
        closing(CloseSquad, heirs=(Membership, "squad")),
        merging(MergeSquads, "squads", Membership, "squad"),
        reopening(ReopenSquad),
    )
    pages = ((_("Split on dashboard"), "squad_split"),)

    def operation_for(self, id_: str, field: str, value: Any) -> Operation | None:
        match field:
            case "name":
                return RenameSquad(id=id_, name=value)
            case "tribe" if value is not None:
                return MoveSquad(squad=id_, tribe=value)
            case "mission":
                return AssignMission(squad=id_, mission=value)
        return None

    @admin.display(description=_("members"))
    def members(self, row: Any) -> int:
        return len(row.org.memberships_in(row.pk))


@admin.register(Membership)
class MembershipAdmin(MemberAdmin):
    kind = "membership"
    fixed = ("person", "squad")
    list_display = ("person", "squad", "role", "share", "kind", "since", "until")
    list_display_links = ("person", "squad")
    list_filter = ("kind", "role")
    list_select_related = ("person", "squad", "role")
    search_fields = ("person__name", "squad__name")
    search_help_text = _("Person or squad")
    record_actions = (
        RecordAction(
            "leave",
            _("Take out of the squad…"),
            lambda org, members, given: [LeaveSquad(person=m.person, squad=m.squad) for m in members],
        ),
    )

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        return JoinSquad(id=form.instance.pk, **values)

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return EditMembership(person=member.person, squad=member.squad, values=values)


class FillForm(ActionForm):
    person = chooser(Membership, "person", label=_("With"))
    share = ShareField(label=_("Share in percent"), required=False)
    since = forms.DateField(label=_("Since"), required=False, widget=AdminDateWidget)
    field_order = ["person", "share", "since", "reason"]


def fill(org: Org, vacancies: Sequence[Any], given: Given) -> Iterable[Operation]:
    asked = {name: given[name] for name in ("person", "share", "since")}
    return [FillVacancy(id=str(uuid.uuid4()), vacancy=vacancy.id, **asked) for vacancy in vacancies]


@admin.register(Vacancy)
class VacancyAdmin(RecordAdmin):
    kind, create, edit = "vacancy", OpenVacancy, EditVacancy
    fixed = ("key", "filled_by")
    open_only = {}
    list_display = ("title", "squad", "chapter", "hiring_manager", "opened_on", "state")
    list_filter = ("state",)
    list_select_related = ("squad", "chapter", "hiring_manager")
    search_fields = ("title", "key", "squad__name", "chapter__name")
    search_help_text = _("Title, key, squad or chapter")
    ordering = ("title",)
    record_actions = (
        RecordAction("fill", _("Fill…"), fill, form=FillForm, suits=lambda vacancy: vacancy.is_open),
        RecordAction(
            "close",
            _("Close…"),
            lambda org, vacancies, given: [CloseVacancy(vacancy=vacancy.id) for vacancy in vacancies],
            suits=lambda vacancy: vacancy.is_open,
        ),
        RecordAction(
            "reopen",
            _("Reopen…"),
            lambda org, vacancies, given: [ReopenVacancy(vacancy=vacancy.id) for vacancy in vacancies],
            suits=lambda vacancy: not vacancy.is_open,
        ),
    )


class OwnedAdmin(RecordAdmin):
    """The admin of what squads own: a squad's page shows it."""

    hints = ("squad",)
    search_fields = ("name", "key", "squad__name")
    search_help_text = _("Name, key or squad")

    def view_on_site(self, obj: Any) -> str:
        return reverse("squad", args=[obj.squad.key]) if obj.squad is not None else reverse("overview")


@admin.register(Domain)
class DomainAdmin(OwnedAdmin):
    kind, create, edit = "domain", CreateDomain, EditDomain
    list_display = ("name", "squad", "complexity", "closed_on")
    list_filter = (OpenFilter, "complexity")
    list_select_related = ("squad",)
    record_actions = (closing(CloseDomain), reopening(ReopenDomain))


@admin.register(System)
class SystemAdmin(OwnedAdmin):
    kind, create, edit = "system", CreateSystem, EditSystem
    list_display = ("name", "squad", "domain", "owners", "critical", "closed_on")
    list_filter = (OpenFilter, "critical")
    list_select_related = ("squad", "domain")
    record_actions = (closing(RetireSystem, _("Retire…")), reopening(ReopenSystem))

    @admin.display(description=_("owners"))
    def owners(self, row: Any) -> str:
        return ", ".join(person.name for person, _ in row.org.owners_of(row.pk)) or "—"


def release(org: Org, owners: Sequence[Any], given: Given) -> Iterable[Operation]:
    """Take people off systems, all of them off one system at once."""
    for system in dict.fromkeys(owner.system for owner in owners):
        yield owned_by(system, {o.person: o.perspective for o in org.owners_in(system) if o not in owners})


@admin.register(SystemOwner)
class SystemOwnerAdmin(MemberAdmin):
    kind = "system_owner"
    fixed = ("system", "person")
    list_display = ("person", "system", "perspective")
    list_display_links = ("person", "system")
    list_filter = ("perspective",)
    list_select_related = ("person", "system")
    search_fields = ("person__name", "system__name")
    search_help_text = _("Person or system")
    record_actions = (RecordAction("release", _("Take off the system…"), release),)

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        form.instance.pk = pair_id(values["system"], values["person"])
        return self._with(form.org, **values)

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return self._with(org, member.system, member.person, values["perspective"])

    def _with(self, org: Org, system: str, person: str, perspective: str) -> Operation:
        owners = {owner.person: owner.perspective for owner in org.owners_in(system)}
        return owned_by(system, owners | {person: perspective})


def unlearn(org: Org, skills: Sequence[Any], given: Given) -> Iterable[Operation]:
    """Take skills off people, all of one person at once."""
    for person in dict.fromkeys(skill.person for skill in skills):
        kept = [(s.skill, s.proficiency) for s in org.skills_of(person) if s not in skills]
        yield SetSkills(person=person, skills=tuple(kept))


@admin.register(PersonSkill)
class PersonSkillAdmin(MemberAdmin):
    kind = "person_skill"
    fixed = ("person", "skill")
    list_display = ("person", "skill", "proficiency")
    list_display_links = ("person", "skill")
    list_filter = ("proficiency",)
    list_select_related = ("person",)
    search_fields = ("person__name", "skill")
    search_help_text = _("Person or skill")
    record_actions = (RecordAction("unlearn", _("Remove…"), unlearn),)

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        form.instance.pk = skill_id(values["person"], values["skill"])
        return self._with(form.org, **values)

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return self._with(org, member.person, member.skill, values["proficiency"])

    def _with(self, org: Org, person: str, skill: str, proficiency: str) -> Operation:
        others = [s for s in org.skills_of(person) if s.skill.casefold() != skill.casefold()]
        held = {s.skill: s.proficiency for s in others} | {skill: proficiency}
        return SetSkills(person=person, skills=tuple(sorted(held.items())))


@admin.register(Dependency)
class DependencyAdmin(MemberAdmin):
    kind = "dependency"
    fixed = ("squad", "needs")
    ordering = ("squad__name", "needs__name")
    list_display = ("squad", "needs", "level", "kind", "mode", "since")
    list_display_links = ("squad", "needs")
    list_filter = ("level", "kind", "mode")
    list_select_related = ("squad", "needs")
    search_fields = ("squad__name", "needs__name")
    search_help_text = _("Either squad")
    record_actions = (
        RecordAction(
            "solve",
            _("Solve…"),
            lambda org, dependencies, given: [SolveDependency(id=d.id) for d in dependencies],
        ),
    )

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        return RecordDependency(id=form.instance.pk, values=values)

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return EditDependency(id=member.id, values=values)

    def view_on_site(self, obj: Any) -> str:
        return reverse("squad", args=[obj.squad.key])


@admin.register(Coaching)
class CoachingAdmin(MemberAdmin):
    kind = "coaching"
    fixed = ("person", "squad")
    list_display = ("person", "squad")
    list_display_links = ("person", "squad")
    list_select_related = ("person", "squad")
    search_fields = ("person__name", "squad__name")
    search_help_text = _("Person or squad")
    record_actions = (
        RecordAction(
            "end",
            _("End…"),
            lambda org, coachings, given: [EndCoaching(person=c.person, squad=c.squad) for c in coachings],
        ),
    )

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        form.instance.pk = pair_id(values["squad"], values["person"])
        return AssignCoach(**values)


@admin.register(SquadLineage, TribeLineage)
class LineageAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Which unit came of which: recorded by splits and merges, so to be read only."""

    list_display = ("successor", "predecessor", "how", "on")
    list_filter = ("how", "on")
    list_select_related = ("successor", "predecessor")
    search_fields = ("successor__name", "predecessor__name")
    search_help_text = _("Either unit")
    ordering = ("-on", "pk")
    show_full_result_count = False
