"""What an organization calls its units, over REST. The API itself speaks with the standard words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orgmodel.core.operations import ChangeWord, Operation, ResetWord
from orgmodel.core.org import Org
from orgmodel.core.records import Spec, specs_of
from orgmodel.core.vocabulary import OWN_FORMS, TERMS, word_of
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.overlays import OverlayViewSet
from orgmodel.integrations.resources import Json
from orgmodel.integrations.schema import value_shape

SPECS = {name: spec for name, spec in specs_of("word").items() if name != "key"}


class WordViewSet(OverlayViewSet):
    """What the organization calls squads, tribes, chapters and guilds on pages and in files for people. Addresses,
    fields and columns keep the standard words."""

    tag = "words"
    noun, component = "word", "Word"
    keys = TERMS
    path_parameters = {"key": f"The standard word: {', '.join(TERMS)}."}
    to_change = "Call a term by a word of your own"
    to_reset = "Call a term by the standard word again"
    about_change = (
        f"For org designers. `forms` says the word in other languages: {', '.join(OWN_FORMS)}. They replace those that"
        " were set before."
    )
    edit_body = Body(
        "ChangeWord",
        {**{name: replace(spec, required=False) for name, spec in SPECS.items()}, "seen": Spec("values")},
        kind="word",
    )
    shapes = {
        "Word": {
            "type": "object",
            "properties": {
                "term": {"type": "string", "enum": list(TERMS)},
                **{name: value_shape(spec) for name, spec in SPECS.items()},
                "is_own": {"type": "boolean", "description": "Whether it is the organization's own word."},
            },
            "required": ["term", "one", "many", "forms", "is_own"],
        }
    }

    def represent(self, org: Org, key: str) -> Json:
        word = word_of(org, key)
        is_own = org.find("word", key) is not None
        return {
            "term": key,
            "one": word.one,
            "many": word.many,
            "forms": dict(word.forms),
            "is_own": is_own,
        }

    def changing(self, key: str, values: dict[str, Any], seen: dict[str, Any]) -> Operation:
        return ChangeWord(term=key, values=values, seen=seen)

    def resetting(self, key: str) -> Operation:
        return ResetWord(term=key)
