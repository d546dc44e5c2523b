"""Ways of working that the literature describes, as settings of all rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from orgmodel.core.records import RuleSetting
from orgmodel.core.rules.base import Number
from orgmodel.core.rules.settings import RULES, setting_of

CHAPTERS = frozenset(code for code, rule in RULES.items() if rule.family == "CH") - {"CH-01"}
"""The rules that ask for chapters. People answer to somebody, and to no more than can be led, without them too."""
GUILDS = frozenset(code for code, rule in RULES.items() if rule.family == "GU")


@dataclass(frozen=True, slots=True)
class Preset:
    """How a way of working sets the rules: some off, some with other thresholds, all others as they are by default."""

    about: str
    off: frozenset[str] = frozenset()
    thresholds: Mapping[str, Mapping[str, Number]] = field(default_factory=dict)

    def over(self, setting: RuleSetting) -> RuleSetting:
        """Return a setting as this way of working has it. Exemptions and the note are the organization's own."""
        code = setting.key
        limits = sorted((name, f"{value:g}") for name, value in self.thresholds.get(code, {}).items())
        return replace(setting, is_on=code not in self.off, severity="", thresholds=tuple(limits))


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "Defaults": Preset(say("What most sources agree on.")),
        "2012 paper": Preset(
            say(
                "Kniberg and Ivarsson: squads of fewer than eight, tribes of fewer than a hundred. What the paper does"
                " not ask for is off."
            ),
            off=frozenset(code for code, rule in RULES.items() if "K12" not in rule.sources) - {"SQ-01"},
            thresholds={
                "SQ-01": {"medium_above": 7, "high_above": 8},
                "TR-01": {"low_above": 90, "high_above": 99, "critical_above": 150},
            },
        ),
        "Team Topologies": Preset(
            say(
                "Skelton and Pais: teams of five to nine that own little enough to understand, in groups of up to 150."
                " Chapters, guilds, coaches and lead roles are off."
            ),
            off=frozenset(
                {
                    "SQ-03",
                    "SQ-07",
                    "SQ-11",
                    "TR-02",
                    "TR-03",
                    "PE-02",
                    "PE-05",
                    "RO-01",
                    "RO-02",
                    *CHAPTERS,
                    *GUILDS,
                }
            ),
            thresholds={
                "SQ-01": {"medium_above": 9, "high_above": 12},
                # A group of 150 in teams of five to nine is some twenty of them.
                "TR-01": {"low_above": 135, "high_above": 150, "critical_above": 180, "squads_most": 20},
            },
        ),
        "Bank": Preset(
            say(
                "ING and other banks: squads of nine, tribes of up to 150 with one lead. Trios and engineering leads"
                " are off."
            ),
            off=frozenset({"SQ-07", "TR-03"}),
            thresholds={
                "SQ-01": {"medium_above": 9, "high_above": 10},
                # A tribe of 150 in squads of nine has seventeen.
                "TR-01": {"low_above": 135, "high_above": 150, "critical_above": 200, "squads_most": 17},
            },
        ),
    }
)
"""By name, in the order in which they are offered."""


def differing(org: Org, preset: Preset) -> Iterator[tuple[RuleSetting, RuleSetting]]:
    """Yield the settings that a preset would change, as they are and as they would be, in the order of the rules."""
    for code in RULES:
        now = setting_of(org, code)
        then = preset.over(now)
        if then != now:
            yield now, then
