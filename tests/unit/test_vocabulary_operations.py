"""An organization renames what has a name of ours, and takes that back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orgmodel.core.changes import Conflict
from orgmodel.core.operations import ChangeWord, Operation, Refused, ResetWord
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from orgmodel.core.rules.integrity import RuleViolation
from orgmodel.core.vocabulary import STANDARD, vocabulary_of
from tests.build import an_org, squad, word

ORG = an_org(squad("Search"))
AREA = ChangeWord(term="tribe", values={"one": "area", "many": "areas"})
PLAIN = "must begin with a letter and hold letters, digits, single spaces and hyphens only."


def after(org: Org, *operations: Operation) -> Org:
    return carry_out(org, operations, on=date(2026, 5, 4)).after


def kept_in(org: Org) -> Any:
    [kept] = org.table("word").values()
    return kept


def refusal(operation: Operation, org: Org = ORG) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        operation.apply(org)
    return refused.value.message, refused.value.field


def test_change_and_reset_a_word() -> None:
    org = after(ORG, AREA)
    kept = kept_in(org)
    assert AREA.describe(ORG) == "Call a tribe “area”"
    assert (kept.key, kept.one, kept.many, kept.forms) == ("tribe", "area", "areas", ())
    swedish = ChangeWord(term="tribe", values={"forms": (("sv:one", "område"),)}, seen={"forms": ()})
    assert swedish.describe(org) == "Change the word for tribe: forms in other languages"
    again = kept_in(after(org, swedish))
    assert (again.id, again.one, again.forms) == (kept.id, "area", (("sv:one", "område"),))
    reset = ResetWord(term="tribe")
    assert reset.describe(org) == "Call a tribe by the standard word again"
    assert vocabulary_of(after(org, reset)) is STANDARD
    assert refusal(reset) == ("The word for tribe is the standard one already.", "term")


def test_a_word_that_is_not_set_yet_begins_as_the_standard_one() -> None:
    kept = kept_in(after(ORG, ChangeWord(term="guild", values={"forms": (("sv:one", "gille"),)})))
    assert (kept.one, kept.many, kept.forms) == ("guild", "guilds", (("sv:one", "gille"),))


@pytest.mark.parametrize(
    ("values", "message", "field"),
    [
        ({}, "Nothing to change.", ""),
        ({"key": "squad"}, "Term cannot be changed here.", "key"),
        ({"name": "x"}, "A word has no name.", "name"),
        (
            {"one": "Squad"},
            "“Squad” is the word for squad already: choose another, or change that one first.",
            "one",
        ),
        (
            {"many": "guild"},
            "“guild” is the word for guild already: choose another, or change that one first.",
            "many",
        ),
        (
            {"forms": (("sv:the_one", "squaden"),)},
            "“squaden” is the word for squad already: choose another, or change that one first.",
            "forms",
        ),
        (
            {"forms": (("sv:three", "x"),)},
            "There is no form “sv:three”: there are sv:one, sv:many, sv:the_one, sv:the_many and sv:article.",
            "forms",
        ),
        ({"forms": (("sv:article", "das"),)}, "“das” is no article: there are en and ett.", "forms"),
        ({"forms": (("sv:one", "o" * 41),)}, f"“{'o' * 41}” is longer than 40 characters.", "forms"),
    ],
)
def test_words_that_fit_no_sentence_are_refused(values: dict[str, Any], message: str, field: str) -> None:
    assert refusal(ChangeWord(term="tribe", values=values)) == (message, field)


@pytest.mark.parametrize(
    "text",
    [
        "<b>area</b>",
        "area {n}",
        "`area`",
        'area"',
        "area's",
        "a&b",
        "area\x07",
        "area\x00",
        "areas\nand",
        " area",
        "area ",
        "two  spaces",
        "1st line",
        "-area",
        "a%s",
    ],
)
def test_words_hold_nothing_that_pages_would_read(text: str) -> None:
    assert refusal(ChangeWord(term="tribe", values={"one": text})) == (f"“{text}” {PLAIN}", "one")
    assert refusal(ChangeWord(term="tribe", values={"forms": (("sv:one", text),)})) == (
        f"“{text}” {PLAIN}",
        "forms",
    )


@pytest.mark.parametrize("blank", ["", " ", "  ", "\u00a0"])
def test_a_form_is_not_blank(blank: str) -> None:
    values = {"one": "area", "many": "areas", "forms": (("sv:one", blank),)}
    assert refusal(ChangeWord(term="tribe", values=values)) == (f"“{blank}” {PLAIN}", "forms")


@pytest.mark.parametrize("one", ["área", "value stream", "cross-team group", "OU2", "ক্ষেত্র", "o" * 40])
def test_words_of_any_script_fit(one: str) -> None:
    assert vocabulary_of(after(ORG, ChangeWord(term="tribe", values={"one": one}))).reword(
        "the tribe", "en"
    ) == (f"the {one}")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"one": ""}, "Word for one is missing"),
        ({"many": " "}, "Word for several is missing"),
        ({"one": "o" * 41}, "Word for one is longer than 40 characters"),
    ],
)
def test_a_word_has_its_shape(values: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleViolation) as broken:
        after(ORG, ChangeWord(term="tribe", values=values))
    assert [problem.message for problem in broken.value.problems] == [message]


@pytest.mark.parametrize("operation", [ChangeWord(term="team", values={"one": "x"}), ResetWord(term="team")])
def test_only_our_terms_can_be_renamed(operation: Operation) -> None:
    message, field = refusal(operation)
    assert field == "term"
    assert message in (
        "There is no term team. There are squad, tribe, chapter and guild.",
        "The word for team is the standard one already.",
    )


def test_words_change_hands_one_after_the_other() -> None:
    clan = ChangeWord(term="tribe", values={"one": "clan", "many": "clans"})
    tribe = ChangeWord(term="squad", values={"one": "tribe", "many": "tribes"})
    assert vocabulary_of(after(ORG, clan, tribe)).reword("a squad of a tribe", "en") == "a tribe of a clan"
    with pytest.raises(RuleViolation) as broken:
        after(after(ORG, clan, tribe), ResetWord(term="tribe"))
    assert [problem.message for problem in broken.value.problems] == [
        "“tribe” is the word for tribe already: choose another, or change that one first",
        "“tribes” is the word for tribe already: choose another, or change that one first",
    ]


def test_someone_else_was_faster() -> None:
    org = after(ORG, AREA)
    stale = ChangeWord(term="tribe", values={"one": "zone"}, seen={"one": "tribe"})
    with pytest.raises(Conflict):
        stale.apply(org)
    assert stale.redone(org) == ChangeWord(term="tribe", values={"one": "zone"}, seen={"one": "area"})
    assert ChangeWord(term="team", values={"one": "zone"}).redone(org) is None


def test_kept_words_are_read_where_one_is_of_no_term() -> None:
    kept = an_org(word("team", "x", "xs"), word("squad", "crew", "crews"))
    assert [own.key for own in vocabulary_of(kept).own] == ["squad"]
    assert vocabulary_of(an_org(word("team", "x", "xs"))) is STANDARD
