"""All rules that advise, and how an organization applies each: on or off, thresholds, severity, exemptions."""

from __future__ import annotations

import functools
import itertools
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from immutables import Map

from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import RuleSetting
from orgmodel.core.rules import chapters, dependencies, guilds, hiring, people, roles, squads, systems, tribes
from orgmodel.core.rules.base import SEVERITIES, Number, Rule, inverted
from orgmodel.core.rules.terms import Terms, exemptions_in, fault_in_exemptions
from orgmodel.core.rules.words import Words, words_of

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.code: rule
        for rule in itertools.chain(
            squads.RULES,
            tribes.RULES,
            chapters.RULES,
            guilds.RULES,
            people.RULES,
            roles.RULES,
            dependencies.RULES,
            systems.RULES,
            hiring.RULES,
        )
    }
)

WORD_SETTINGS = ("crafts", "levels")
"""Settings that say what words of this organization mean, rather than where the limits of a rule are."""


def rule_of(code: str) -> Rule | None:
    """Return the rule of a code, or of a sub-code such as "HI-01b"; None for a part that the rule does not have."""
    if code in RULES:
        return RULES[code]
    whole = RULES.get(code[:-1])
    return whole if whole is not None and code[-1] in whole.parts else None


@dataclass(frozen=True, slots=True)
class Settings:
    """How an organization applies the rules."""

    terms: Mapping[str, Terms]
    words: Words


def settings_of(org: Org) -> Settings:
    """Return the defaults of all rules, overlaid with what the organization has set."""
    return _settings(org.table("rule_setting"))


def setting_of(org: Org, rule: str) -> RuleSetting:
    """Return what is set for a rule, or a setting that changes nothing."""
    found: Any = org.find("rule_setting", rule)
    return found or RuleSetting(id=id_for(rule), key=rule)


def id_for(key: str) -> str:
    """Return the id of what is said about the rule or finding of a key, said for the first time."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, key))


@functools.lru_cache(maxsize=64)
def _settings(table: Map[str, RuleSetting]) -> Settings:
    own = {setting.key: setting for setting in table.values()}
    terms = {code: _terms(rule, own.get(code)) for code, rule in RULES.items()}
    crafts, levels = (own[key].thresholds if key in own else () for key in WORD_SETTINGS)
    return Settings(MappingProxyType(terms), words_of(crafts, levels))


def _terms(rule: Rule, setting: RuleSetting | None) -> Terms:
    if setting is None:
        return Terms(is_on=True, severity="", thresholds=dict(rule.thresholds))
    given = {name: _number(text) for name, text in setting.thresholds if name in rule.thresholds}
    own = {name: number for name, number in given.items() if number is not None}
    worst = SEVERITIES.index(setting.severity or rule.worst)
    return Terms(
        setting.is_on,
        setting.severity,
        {**rule.thresholds, **own},
        setting.note,
        worst - SEVERITIES.index(rule.worst),
        exemptions_in(setting.exempt),
    )


def _number(text: str) -> Number | None:
    """Return a threshold; None for one that is no number, as a file of settings may hold."""
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() else number


def faults_in(org: Org, setting: RuleSetting) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a setting, each fault with its field: thresholds that the rule does not have, that are
    no numbers or in no order, and exemptions of what there is not."""
    rule = RULES.get(setting.key)
    wrong = [fault for pair in setting.thresholds if (fault := _fault_in_threshold(rule, *pair))]
    if not wrong and rule is not None and (disorder := inverted(_terms(rule, setting).thresholds)):
        wrong = [disorder]
    yield from (("thresholds", fault) for fault in wrong)
    if fault := fault_in_exemptions(org, setting.exempt):
        yield "exempt", fault


def _fault_in_threshold(rule: Rule | None, name: str, number: str) -> str:
    if rule is not None and name not in rule.thresholds:
        if not rule.thresholds:
            return say("{rule} has no threshold {name}: it has none", rule=rule.code, name=name[:80])
        known = names(rule.thresholds, limit=9)
        return say(
            "{rule} has no threshold {name}: it has {known}", rule=rule.code, name=name[:80], known=known
        )
    return "" if _PLAIN.fullmatch(number) else say("the threshold {name} must be a number", name=name[:80])


_PLAIN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
