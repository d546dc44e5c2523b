"""Rules and waivers in the admin: where an organization differs from the defaults, and what it lets stand, and why."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orgmodel.changes.admin_forms import MainForm
from orgmodel.changes.record_actions import RecordAction
from orgmodel.changes.record_admin import MemberAdmin
from orgmodel.core.operations import ChangeRule, EndWaiver, Operation, ResetRule, Waive
from orgmodel.core.operations.findings import finding_in_words, waiver_id
from orgmodel.core.org import Org
from orgmodel.core.phrases import said
from orgmodel.core.records import values_of
from orgmodel.core.rules.settings import setting_of
from orgmodel.findings.models import RuleSetting, Waiver


class DecisionAdmin(MemberAdmin):
    """The admin of what is decided about a rule or finding, whose key is given when it is added and stays."""

    fixed = ("key",)
    ordering = ("key",)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "key":
            field.required, field.help_text = True, _("Such as SQ-01.")
        return field

    def view_on_site(self, obj: Any) -> str:
        return reverse("overview")


@admin.register(RuleSetting)
class RuleSettingAdmin(DecisionAdmin):
    kind = "rule_setting"
    list_display = ("key", "is_on", "severity", "note")
    list_filter = ("is_on", "severity")
    search_fields = ("key", "note")
    search_help_text = _("Rule or note")
    record_actions = (
        RecordAction(
            "reset",
            _("Reset to the defaults…"),
            lambda org, settings, given: [ResetRule(rule=setting.key) for setting in settings],
        ),
    )

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        setting = setting_of(form.org, values.pop("key"))
        form.instance.pk = setting.id
        news = {name: value for name, value in values.items() if getattr(setting, name) != value}
        return ChangeRule(rule=setting.key, values=news)

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return ChangeRule(rule=member.key, values=values)


@admin.register(Waiver)
class WaiverAdmin(DecisionAdmin):
    kind = "waiver"
    list_display = ("finding", "state", "until", "reason")
    list_filter = ("state",)
    search_fields = ("key", "reason")
    search_help_text = _("Finding or reason")
    record_actions = (
        RecordAction(
            "end", _("End…"), lambda org, waivers, given: [EndWaiver(key=waiver.key) for waiver in waivers]
        ),
    )

    @admin.display(description=_("finding"), ordering="key")
    def finding(self, row: Any) -> str:
        return said(finding_in_words(row.org, row.key))

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        form.instance.pk = waiver_id(form.org, values["key"])
        return Waive(**values)

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return Waive(**(values_of(member) | values))
