"""What a reorganization costs people, and where that starts to be worth a look. Sizes are limited by the rules about
health, as each organization has set them: see `sizes.py`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds that checks hold a draft against. A number on the limit is still fine."""

    core_kept: int = 50  # percent of a squad that should stay together
    months_between_moves: int = 12  # a second change of squad or manager within them is one too many
    notice_days: int = 7  # between announcing a reorganization and its taking effect

    together_most: int = 36  # months of working together beyond which another one adds nothing
    together_unknown: int = 12  # months counted where nobody knows since when: neither nothing nor the most
    teammates_most: int = 150  # in a larger squad nobody can be said to work with everybody

    # What a change costs someone, in months of working together: see `orgmodel.core.impact.price_of`.
    price_manager: int = 6
    price_squad: int = 3
    price_tribe: int = 1


LIMITS = Limits()
