"""What an organization calls its units, in every text: exact sentences, in English and Swedish."""

from __future__ import annotations

import pytest

from orgmodel.core.org import Org
from orgmodel.core.vocabulary import STANDARD, TERMS, vocabulary_of
from tests.build import an_org, squad, word

AREA = word(
    "tribe",
    "area",
    "areas",
    {
        "sv:one": "område",
        "sv:many": "områden",
        "sv:the_one": "området",
        "sv:the_many": "områdena",
        "sv:article": "ett",
    },
)
CREW = word("squad", "DevCrew", "DevCrews")
CLUB = word("guild", "intresseklubb", "intresseklubbar", {"sv:the_one": "klubben"})
GROUP = word("chapter", "hour", "hours", {"sv:one": "grupp", "sv:the_one": "krets", "sv:article": "en"})
RENAMED = vocabulary_of(an_org(AREA, CREW, CLUB, GROUP))


@pytest.mark.parametrize(
    ("text", "reworded"),
    [
        ("tribe", "area"),
        ("Tribe", "Area"),
        ("TRIBES", "AREAS"),
        ("A tribe, a new tribe and an old Tribe", "An area, a new area and an old Area"),
        ("Payments is a squad in the tribe Listening.", "Payments is a DevCrew in the area Listening."),
        ("Squads wait for a squad", "DevCrews wait for a DevCrew"),
        ("SQUADS", "DEVCREWS"),
        ("The tribe's squads, cross-tribe", "The area's DevCrews, cross-area"),
        ("The tribe lead of a chapter", "The area lead of an hour"),
        ("Diatribe, tribes.csv, ?tribe=x, tribe_lead", "Diatribe, tribes.csv, ?tribe=x, tribe_lead"),
        ("{tribe} has {tribe:,} in a {tribe}", "{tribe} has {tribe:,} in a {tribe}"),
        ("%(tribe)s in tribe %(tribe)s", "%(tribe)s in area %(tribe)s"),
        ('<a class="tribe" href="/tribe/">tribe</a>', '<a class="tribe" href="/tribe/">area</a>'),
        ("`tribe` names a tribe", "`tribe` names an area"),
        ("People and roles", "People and roles"),
        ("A tr\u0131be, \u017fquads", "A tr\u0131be, \u017fquads"),
        ("", ""),
    ],
)  # fmt: skip
def test_texts_in_english(text: str, reworded: str) -> None:
    assert RENAMED.reword(text, "en") == reworded


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("area", "an area"),
        ("unit", "a unit"),
        ("university", "a university"),
        ("uninvited", "an uninvited"),
        ("one-pizza team", "a one-pizza team"),
        ("hour", "an hour"),
        ("user group", "a user group"),
        ("European office", "a European office"),
        ("Island", "an Island"),
        ("ärende", "a ärende"),
    ],
)
def test_the_english_article(own: str, said: str) -> None:
    vocabulary = vocabulary_of(an_org(word("squad", own, own)))
    assert vocabulary.reword("Form a squad", "en") == f"Form {said}"
    assert vocabulary.reword("A squad", "en") == said[0].upper() + said[1:]


@pytest.mark.parametrize(
    ("text", "reworded"),
    [
        ("En tribe", "Ett område"),
        ("Varje tribe har en ledare", "Varje område har en ledare"),
        ("Den här triben, ingen annan tribe", "Det här området, inget annat område"),
        ("Tribens ledare, tribernas ledare", "Områdets ledare, områdenas ledare"),
        ("Tribes och triberna", "Områden och områdena"),
        ("tribe-kort", "område-kort"),
        ("En squad, squaden, squadens och squaderna", "En DevCrew, DevCrew, DevCrews och DevCrews"),
        ("Är det ett chapter?", "Är det en grupp?"),
        ("Chaptrets och chapters", "Krets och hours"),
        ("Guildens, en guild", "Klubbens, en intresseklubb"),
        ("{tribe} i en {tribe}", "{tribe} i en {tribe}"),
    ],
)
def test_texts_in_swedish(text: str, reworded: str) -> None:
    assert RENAMED.reword(text, "sv") == reworded


def test_a_language_without_words_of_ours_is_read_as_english() -> None:
    assert RENAMED.reword("a tribe", "de") == "an area"


def test_words_may_change_places() -> None:
    swapped = vocabulary_of(an_org(word("squad", "tribe", "tribes"), word("tribe", "squad", "squads")))
    assert swapped.reword("Squads of a tribe", "en") == "Tribes of a squad"


def test_where_nothing_is_renamed_texts_are_themselves() -> None:
    text = "A squad of a tribe"
    assert vocabulary_of(Org.empty()) is STANDARD
    assert vocabulary_of(an_org(squad("Search"))) is STANDARD
    assert STANDARD.reword(text, "en") is text
    assert RENAMED.reword("Nothing of the kind", "en") == "Nothing of the kind"


def test_words_are_worked_out_once_for_all_versions_that_have_them() -> None:
    org = an_org(AREA, squad("Search"))
    later = org.change([squad("Ads").records[0]])
    assert vocabulary_of(later) is vocabulary_of(org)


def test_what_a_term_is_called() -> None:
    assert [RENAMED.forms_of(term, "en").one for term in TERMS] == [
        "DevCrew",
        "area",
        "hour",
        "intresseklubb",
    ]
    assert [STANDARD.forms_of(term, "sv").the_many for term in TERMS] == [
        "squaderna",
        "triberna",
        "chaptren",
        "guilderna",
    ]
