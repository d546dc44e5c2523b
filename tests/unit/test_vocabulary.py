"""What an organization calls its units, in every text: exact sentences, in English and Swedish."""

from __future__ import annotations

import pytest

from orgmodel.core import vocabulary
from orgmodel.core.org import Org
from orgmodel.core.vocabulary import STANDARD, TERMS, Forms, vocabulary_of
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
        ("A TRIBE", "AN AREA"),
        ("/tribes/KEY/map.svg of a tribe, ./tribe", "/tribes/KEY/map.svg of an area, ./tribe"),
        ("a tribe-wide role", "an area-wide role"),
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
        ("MVP", "an MVP"),
        ("HR group", "an HR group"),
        ("R-team", "an R-team"),
        ("UX team", "a UX team"),
        ("Mission", "a Mission"),
        ("ärende", "a ärende"),
    ],
)
def test_the_english_article(own: str, said: str) -> None:
    renamed = vocabulary_of(an_org(word("squad", own, own)))
    assert renamed.reword("Form a squad", "en") == f"Form {said}"
    assert renamed.reword("A squad", "en") == said[0].upper() + said[1:]


@pytest.mark.parametrize(
    ("text", "reworded"),
    [
        ("En tribe", "Ett område"),
        ("Varje tribe har en ledare", "Varje område har en ledare"),
        ("Den här triben, ingen annan tribe", "Det här området, inget annat område"),
        ("Tribens ledare, tribernas ledare", "Områdets ledare, områdenas ledare"),
        ("Tribes och triberna", "Områden och områdena"),
        ("tribe-kort", "område-kort"),
        ("en tribe-ledare i en tribe", "en område-ledare i ett område"),
        ("En squad, squaden, squadens och squaderna", "En DevCrew, DevCrew, DevCrews och DevCrews"),
        ("Är det ett chapter?", "Är det en grupp?"),
        ("Chaptrets och chapters", "Krets och hours"),
        ("Guildens, en guild", "Klubbens, en intresseklubb"),
        ("{tribe} i en {tribe}", "{tribe} i en {tribe}"),
    ],
)
def test_texts_in_swedish(text: str, reworded: str) -> None:
    assert RENAMED.reword(text, "sv") == reworded


def test_in_a_language_of_which_we_know_nothing_words_are_exchanged_alone() -> None:
    assert RENAMED.reword("a tribe, en tribe, Tribes", "fi") == "a area, en area, Areas"
    assert RENAMED.forms_of("tribe", "fi").one == "area"
    assert STANDARD.forms_of("tribe", "fi").one == "tribe"


def test_another_language_is_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = {"der": "das", "ein": "ein"}
    german = vocabulary.Language(
        {
            "squad": Forms("Squad", "Squads", "der Squad", "die Squads", "der"),
            "tribe": Forms("Stamm", "Stämme", article="der"),
            "chapter": Forms("Chapter", "Chapters"),
            "guild": Forms("Gilde", "Gilden"),
        },
        before=r"(?:\b(?:der|ein)\s+)?",
        agree=lambda standard, own, said: lambda word: articles[word] if own.article == "das" else word,
        articles=("der", "die", "das"),
    )
    monkeypatch.setattr(vocabulary, "LANGUAGES", {**vocabulary.LANGUAGES, "de": german})
    own = word("tribe", "area", "areas", {"de:one": "Gebiet", "de:many": "Gebiete", "de:article": "das"})
    renamed = vocabulary_of(an_org(own, word("guild", "club", "clubs")))
    assert renamed.reword("Der Stamm, ein Stamm, die Stämme", "de") == "Das Gebiet, ein Gebiet, die Gebiete"
    assert renamed.reword("Gilden der Squads", "de") == "Clubs der Squads"
    assert vocabulary.own_forms("de") == (
        "de:one",
        "de:many",
        "de:the_one",
        "de:the_many",
        "de:article",
    )
    assert vocabulary.fault_in_form("de:article", "das") == ""
    assert vocabulary.fault_in_form("de:article", "ett") == "“ett” is no article: there are der, die and das"


def test_a_form_that_was_kept_blank_is_said_as_where_nobody_said_how() -> None:
    blank = vocabulary_of(an_org(word("tribe", "area", "areas", {"sv:one": "", "sv:the_one": ""})))
    assert blank.reword("Skapa tribe, triben", "sv") == "Skapa area, area"


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
