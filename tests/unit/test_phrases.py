"""How sentences are put together: what they say in English, in another language, and after they were kept."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import json
import pickle
import random
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from orgmodel.changes import jsonio
from orgmodel.core.changes import Conflict
from orgmodel.core.comparison import compare
from orgmodel.core.operations import OPERATIONS, ApplyChanges, Operation, Refused
from orgmodel.core.org import Org
from orgmodel.core.phrases import (
    Phrase,
    capital,
    clause,
    count,
    day_in_words,
    joined,
    kept,
    meant,
    names,
    recalled,
    said,
    say,
    speech,
    within,
)
from orgmodel.core.radar import collisions
from orgmodel.core.replay import replay
from tests.build import id_of
from tests.property import strategies

# Said in English

LIMIT = say(
    "{squad} has {people}; the limit is {most}.",
    squad="Search",
    people=count(1200, "person", "people"),
    most=9,
)
DAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("phrase", "english"),
    [
        (say("Nothing to change."), "Nothing to change."),
        (LIMIT, "Search has 1200 people; the limit is 9."),
        (say("{n:,} tons", n=1200), "1,200 tons"),
        (say("{name} is open.", name="{n} {braces}"), "{n} {braces} is open."),
        (say('{{"most": "9"}} for {rule}', rule="SQ-01"), '{"most": "9"} for SQ-01'),
        (say('{"most": "9"}'), '{"most": "9"}'),
        (count(0, "person", "people"), "0 people"),
        (count(1, "person", "people"), "1 person"),
        (count(["Ana", "Ben"], "person", "people"), "2 people"),
        (count(1200, "{n:,} person", "{n:,} people"), "1,200 people"),
        (count(1, "{units} is new", "{units} are new", units="Ads"), "Ads is new"),
        (count(2, "{units} is new", "{units} are new", units="Ads and Search"), "Ads and Search are new"),
        (meant("vacancy", "Open"), "Open"),
        (capital(say("tribe lead")), "Tribe lead"),
        (capital(say("North Star metric")), "North Star metric"),
        (capital("ana"), "Ana"),
        (capital(say("")), ""),
        (clause(say("{name} is open.", name="Ads")), "Ads is open"),
        (clause("Ads is open."), "Ads is open"),
        (names([]), ""),
        (names(["Ana"]), "Ana"),
        (names(["Ana", "Ben"]), "Ana and Ben"),
        (names(["Ana", "Ben", "Cleo", "Dan"]), "Ana, Ben, Cleo and Dan"),
        (names(["Ana", "Ben", "Cleo", "Dan", "Eve"]), "Ana, Ben, Cleo and 2 more"),
        (names(["Ana", "Ben", "Cleo"], limit=2), "Ana and 2 more"),
        (joined(", ", ["Ana", say("{n} more", n=2)]), "Ana, 2 more"),
        (joined("; ", []), ""),
        (day_in_words(DAY), "3 November 2026"),
        (day_in_words(DAY, year=False), "3 November"),
    ],
)
def test_a_phrase_is_its_english_words(phrase: Phrase, english: str) -> None:
    assert phrase == english
    assert phrase.said() == english
    assert json.dumps([phrase]) == json.dumps([english])


def test_phrases_sort_and_are_found_among_texts() -> None:
    assert sorted([say("tribe"), "squad", say("chapter")]) == ["chapter", "squad", "tribe"]
    assert {"squad": 1}[say("squad")] == 1


# Said in another language

ELSEWHERE = {
    "{squad} has {people}; the limit is {most}.": "Limo {most}: {people} en {squad}.",
    "{names} and {last}": "{names} kaj {last}",
    "{n} more": "{n} pliaj",
    "{people} left.": "{people} foriris.",
    "{n:,} tons": "{n:,} tunoj",
    "{n:g} hours": "{n:g} horoj",
    "tribe lead": "ĉefo de tribo",
    "squad": "<teamo>",
    "{name} is open.": "Malfermita: {name}",
    "vacancy\x04Open": "Vakanta",
    "{day} {year}": "{day} de {year}",
    "{day} November": "la {day}-a de novembro",
}
SEVERAL = {
    "{n} people": ("{n} homo", "{n} homoj"),
    "{units} are new": ("{units} estas nova", "{units} estas novaj"),
}


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak a language which writes 1 200,5 for 1,200.5."""
    digits = str.maketrans({",": "\u00a0", ".": ","})
    monkeypatch.setattr(speech, "lookup", lambda words: ELSEWHERE.get(words, words))
    monkeypatch.setattr(speech, "plural", lambda one, many, n: SEVERAL[many][n != 1])
    monkeypatch.setattr(speech, "digits", lambda number: number.translate(digits))


SAID = [
    (LIMIT, "Limo 9: 1200 homoj en Search."),
    (say("Nobody says this there."), "Nobody says this there."),
    (say("{n:,} tons", n=1_200_000), "1\u00a0200\u00a0000 tunoj"),
    (say("{n:g} hours", n=2.5), "2,5 horoj"),
    (count(1, "person", "people"), "1 homo"),
    (
        count(2, "{units} is new", "{units} are new", units=names(["Ads", "Search"])),
        "Ads kaj Search estas novaj",
    ),
    (meant("vacancy", "Open"), "Vakanta"),
    (capital(say("tribe lead")), "Ĉefo de tribo"),
    (capital(count(1, "{units} is new", "{units} are new", units="ads")), "Ads estas nova"),
    (clause(say("{people} left.", people=count(2, "person", "people"))), "2 homoj foriris"),
    (names(["Ana", say("squad"), "Cleo"]), "Ana, <teamo> kaj Cleo"),
    (names(["Ana", "Ben", "Cleo"], limit=2), "Ana kaj 2 pliaj"),
    (joined("; ", [say("squad"), "squad"]), "<teamo>; squad"),
    (say("{name} is open.", name="{n:,}"), "Malfermita: {n:,}"),
    (
        say("{name} is open.", name=say("{name} is open.", name=say("squad"))),
        "Malfermita: Malfermita: <teamo>",
    ),
    (day_in_words(DAY), "la 3-a de novembro de 2026"),
]


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(("phrase", "words"), SAID)
def test_a_phrase_is_said_in_another_language(phrase: Phrase, words: str) -> None:
    assert phrase.said() == said(phrase) == words


@pytest.mark.usefixtures("elsewhere")
def test_a_template_prints_what_is_said_and_escapes_it() -> None:
    assert say("squad").__html__() == "&lt;teamo&gt;"
    assert say("{name} is open.", name="<b>").__html__() == "Malfermita: &lt;b&gt;"


@pytest.mark.usefixtures("elsewhere")
def test_what_begins_a_sentence_may_stand_within_one() -> None:
    assert (within(capital(say("{n} people left", n=2))), within("Ana left")) == ("2 people left", "Ana left")
    assert within(capital(say("name is missing"))) == "name is missing"
    assert within(capital(say("North Star metric"))) == "North Star metric"
    assert within(capital(count(1, "{units} is new", "{units} are new", units="ads"))) == "ads is new"


@pytest.mark.parametrize(
    "slip", ["{squad:d} plenas", "100 % { plenas", "{teamo} plenas", "{squad} {} plenas"]
)
def test_a_translation_that_cannot_be_filled_is_said_in_english(
    slip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "lookup", lambda words: slip)
    phrase = say("the squad {squad} is full", squad="Ads")
    assert (phrase.said(), capital(phrase).said()) == ("the squad Ads is full", "The squad Ads is full")
    assert phrase.__html__() == "the squad Ads is full"


def test_a_text_of_nobodys_making_is_said_as_it_is() -> None:
    assert said("squad") == "squad"


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(("phrase", "words"), SAID)
def test_what_is_kept_of_a_phrase_says_the_same(phrase: Phrase, words: str) -> None:
    again = recalled(json.loads(json.dumps(kept(phrase))))
    assert again == phrase
    assert said(again) == words
    assert type(again) is type(phrase)


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (DAY, "2026-11-03"),
        (datetime(2026, 11, 3, 9, tzinfo=UTC), "2026-11-03 09:00:00+00:00"),
        (Decimal("0.50"), "0.50"),
        (7, "7"),
        (0.5, "0,5"),
        (True, "True"),
    ],
)
def test_days_and_numbers_are_kept(value: Any, words: str) -> None:
    again = recalled(json.loads(json.dumps(kept(say("{name} is open.", name=value)))))
    assert again == f"{value} is open."
    assert said(again) == f"Malfermita: {words}"


@pytest.mark.parametrize("value", [["Ana"], {"n": 1}, None, b"Ana"])
def test_a_phrase_is_made_of_texts_and_numbers_only(value: Any) -> None:
    phrase = say("{name} is open.", name=say("{name}", name=value))
    with pytest.raises(TypeError, match=r"A phrase is made of texts and numbers, but its “name” is "):
        kept(phrase)


def test_a_plain_text_is_kept_as_it_is() -> None:
    assert kept("Ana") == "Ana"
    assert recalled("Ana") == "Ana"


@pytest.mark.usefixtures("elsewhere")
def test_what_a_draft_keeps_of_a_title_says_the_same() -> None:
    body = json.loads(json.dumps(jsonio.dump_operation(ApplyChanges(title=LIMIT))))
    assert body["title"] == "Search has 1200 people; the limit is 9."
    assert said(jsonio.load_operation(body).describe(Org.empty())) == "Limo 9: 1200 homoj en Search."
    assert jsonio.TOLD not in jsonio.dump_operation(ApplyChanges(title="Ana moves"))


@pytest.mark.usefixtures("elsewhere")
def test_copies_of_a_phrase_say_the_same() -> None:
    for copied in (copy.deepcopy(LIMIT), pickle.loads(pickle.dumps(LIMIT)), str(LIMIT)):
        assert said(copied) == "Limo 9: 1200 homoj en Search."


# What operations say

SAMPLES: dict[str, Any] = {
    "id": id_of("new"),
    "ref": id_of("one"),
    "refs": (id_of("one"), id_of("other")),
    "values": {},
    "text": "Search",
    "ids": (("Go", "expert"),),
}


def sample(operation: type[Operation]) -> Operation:
    """Return an operation of a kind, with what it needs at least."""
    specs = {field.name: field.metadata["spec"] for field in dataclasses.fields(operation)}
    return operation(**{name: SAMPLES[spec.kind] for name, spec in specs.items() if spec.required})


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak a language which puts every pattern in brackets."""
    monkeypatch.setattr(speech, "lookup", lambda words: f"⟦{words}⟧")
    monkeypatch.setattr(speech, "plural", lambda one, many, n: f"⟦{one if n == 1 else many}⟧")


def is_said(text: str) -> bool:
    """Say whether all of a text comes of patterns."""
    depths = list(itertools.accumulate((letter == "⟦") - (letter == "⟧") for letter in said(text)))
    return isinstance(text, Phrase) and all(depths[:-1]) and depths[-1] == 0


@pytest.mark.usefixtures("brackets")
@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - {"ApplyChanges"}))
def test_every_operation_is_told_in_every_language(name: str) -> None:
    assert is_said(sample(OPERATIONS[name]).describe(Org.empty()))


@pytest.mark.usefixtures("brackets")
@pytest.mark.parametrize("choice", range(len(strategies.OPERATIONS)))
def test_whatever_operations_say_is_said_in_every_language(choice: int) -> None:
    org = strategies.founded()
    for seed in range(40):
        operation = strategies.operation_on(org, (choice, seed))
        assert is_said(operation.describe(org))
        refusal = refusal_of(operation, org)
        assert refusal is None or is_said(refusal)


@pytest.mark.usefixtures("brackets")
@pytest.mark.parametrize("seed", range(20))
def test_what_differs_and_what_collides_is_said_in_every_language(seed: int) -> None:
    org, dice = strategies.founded(), random.Random(seed)
    programs = [
        [(dice.randrange(len(strategies.OPERATIONS)), dice.randrange(2**32)) for _ in range(12)] for _ in "ab"
    ]
    drafts = [replay(org, strategies.grown(org, program)[1], on=strategies.TODAY) for program in programs]
    for draft in drafts:
        assert is_said(compare(draft.before, draft.after, draft.changes).sentence)
    for collision in collisions([*zip("ab", drafts, strict=True)]):
        assert is_said(collision.message)
        assert all(is_said(side.does) for side in collision.sides)


def refusal_of(operation: Operation, org: Org) -> str | None:
    """Return why an operation is refused, where it is."""
    try:
        operation.dated(strategies.TODAY).apply(org)
    except Refused as refused:
        return refused.message
    except Conflict:
        pass
    return None


def test_what_is_carried_over_is_told_by_the_title_that_it_was_given() -> None:
    title = say("Undo: {sentence}", sentence=say("Swap {people}", people=names(["Ana", "Ben"])))
    assert ApplyChanges(title=title).describe(Org.empty()) is title
