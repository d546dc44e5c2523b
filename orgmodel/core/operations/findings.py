"""What an organization decides about the rules it is held to, and about single findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from orgmodel.core.operations.base import (
    Operation,
    Refused,
    field_values,
    get,
    name_of,
    noun,
    seen_again,
    set_over,
    short,
)
from orgmodel.core.org import Org
from orgmodel.core.phrases import day_in_words, names, say
from orgmodel.core.records import KINDS, Waiver, choice, day, label_of, specs_of, text
from orgmodel.core.rules.base import parts_of_key
from orgmodel.core.rules.settings import RULES, WORD_SETTINGS, faults_in, id_for, rule_of, setting_of


@dataclass(frozen=True, slots=True)
class ChangeRule(Operation):
    """Set where the organization differs from a rule's defaults: on or off, severity, thresholds, whom it exempts.

    Thresholds are given by their names, and replace those that were set before: {"most": "9"}. Exemptions are lines
    such as "squad atlas: On call around the clock"; besides person, squad, tribe, chapter, guild and system, "type
    platform" names all squads of a type. What belongs to an exempt unit is exempt with it.
    """

    KIND: ClassVar[str] = "rule_setting"
    rule: str = text(100, required=True)
    values: Mapping[str, Any] = field_values()
    seen: Mapping[str, Any] = field_values(required=False)

    def apply(self, org: Org) -> Org:
        if self.rule not in RULES and self.rule not in WORD_SETTINGS:
            raise _no_rule(self.rule, "rule")
        return set_over(org, setting_of(org, self.rule), self, faults_in)

    def redone(self, org: Org) -> Operation | None:
        return seen_again(self, setting_of(org, self.rule))

    def describe(self, org: Org) -> str:
        known = [name for name in self.values if name in specs_of(self.KIND)]
        changed = names([label_of(self.KIND, name) for name in known if name != "is_on"])
        rule = short(self.rule)
        if "is_on" not in known:
            return say("Change rule {rule}: {fields}", rule=rule, fields=changed)
        is_on = self.values["is_on"]
        switched = (
            say("Switch rule {rule} on", rule=rule) if is_on else say("Switch rule {rule} off", rule=rule)
        )
        return (
            say("{sentence}, and change {fields}", sentence=switched, fields=changed) if changed else switched
        )


@dataclass(frozen=True, slots=True)
class ResetRule(Operation):
    """Let a rule apply with its defaults again."""

    rule: str = text(100, required=True)

    def apply(self, org: Org) -> Org:
        setting = org.find("rule_setting", self.rule)
        if setting is None:
            raise Refused(say("Rule {rule} has its defaults already.", rule=short(self.rule)), field="rule")
        return org.remove(setting)

    def describe(self, org: Org) -> str:
        return say("Reset rule {rule} to its defaults", rule=short(self.rule))


@dataclass(frozen=True, slots=True)
class Waive(Operation):
    """Say that a finding is known, or may stay for a time, and why; `draft` is the key of one that addresses it.

    `key` is the finding's, such as "SQ-01:squad:<id>". What was said before is replaced.
    """

    key: str = text(100, required=True, label="finding")
    reason: str = text(2000, required=True)
    until: date | None = day()
    state: str = choice("waived", "acknowledged")
    draft: str = text(100, label="draft that addresses it")

    def dated(self, on: date) -> Operation:
        if self.until is not None and self.until < on:
            message = say(
                "{until} is over by {day}. Name a later day.",
                until=day_in_words(self.until),
                day=day_in_words(on),
            )
            raise Refused(message, field="until")
        return self

    def apply(self, org: Org) -> Org:
        code, kind, id_ = _parts(self.key)
        rule = rule_of(code)
        if rule is None:
            raise _no_rule(code, "key")
        if kind not in rule.kinds:
            message = say(
                "{rule} is about {nouns}, not {noun}.",
                rule=rule.code,
                nouns=names(noun(KINDS[each].PLURAL) for each in rule.kinds),
                noun=noun(KINDS[kind].PLURAL),
            )
            raise Refused(message, field="key")
        get(org, kind, id_, field="key")
        if not self.reason.strip():
            raise Refused(say("Say why."), field="reason")
        said = Waiver(
            id=waiver_id(org, self.key),
            key=self.key,
            reason=self.reason,
            state=self.state,
            until=self.until,
            draft=self.draft,
        )
        if said == org.find("waiver", self.key):
            raise Refused(say("That is said already."), field="reason")
        return org.put(said)

    def describe(self, org: Org) -> str:
        finding = finding_in_words(org, self.key)
        decided = (
            say("Waive {finding}", finding=finding)
            if self.state == "waived"
            else say("Acknowledge {finding}", finding=finding)
        )
        if self.until is None:
            return decided
        return say("{sentence} until {day}", sentence=decided, day=day_in_words(self.until))


@dataclass(frozen=True, slots=True)
class EndWaiver(Operation):
    """Take back what was said about a finding: it counts as open again."""

    key: str = text(100, required=True, label="finding")

    def apply(self, org: Org) -> Org:
        waiver = org.find("waiver", self.key)
        if waiver is None:
            raise Refused(say("Nothing is said about this finding."), field="key")
        return org.remove(waiver)

    def describe(self, org: Org) -> str:
        return say("End the waiver of {finding}", finding=finding_in_words(org, self.key))


def waiver_id(org: Org, finding: str) -> str:
    """Return the id of what is said about a finding, or would be."""
    known = org.find("waiver", finding)
    return known.id if known is not None else id_for(finding)


def _parts(key: str) -> tuple[str, str, str]:
    """Return code, kind and id of a finding's key, or refuse: that is none."""
    parts = parts_of_key(key)
    if key.count(":") != 2 or not parts[0] or parts[1] not in KINDS:
        raise Refused(say("There is no such {noun}.", noun=say("finding")), field="key")
    return parts


def _no_rule(code: str, field: str) -> Refused:
    return Refused(say("There is no rule {rule}.", rule=short(code)), field=field)


def finding_in_words(org: Org, key: str) -> str:
    """Return what a key names, such as "SQ-01 for squad Phoenix"."""
    try:
        code, kind, id_ = _parts(key)
    except Refused:
        return short(key)
    return say("{rule} for {noun} {name}", rule=code, noun=noun(kind), name=name_of(org, kind, id_))
