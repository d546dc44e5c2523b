"""`make messages`: which texts it gathers, what it makes of translations, and what it keeps for the log."""

from __future__ import annotations

from pathlib import Path

import messages
import pytest
from babel.messages.catalog import Catalog
from messages import UNREADABLE, Message

OPERATIONS = "orgmodel/core/operations/squads.py"

# What is gathered


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ('_("Move")', "Move"),
        ('_("Move " "them")', "Move them"),
        ('say("{squad} is closed.", squad="Ads")', "{squad} is closed."),
        ('ngettext("{n} squad", "{n} squads", number=n)', ("{n} squad", "{n} squads")),
        ('count(squads, "squad", "squads")', ("{n} squad", "{n} squads")),
        (
            'count(squads, "{units} is new", "{units} are new", units="Ads")',
            ("{units} is new", "{units} are new"),
        ),
        ('meant("vacancy", "Open")', "vacancy\x04Open"),
    ],
)
def test_a_text_is_gathered_from_code(call: str, text: Message) -> None:
    assert [*messages.in_python(f"\n\nprint({call})")] == [(3, text)]


@pytest.mark.parametrize(
    "line",
    [
        '_("a" if new else "b")',
        '_(title or "b")',
        '_(f"Move {person}")',
        '_(f"{person}")',
        '_("a" + name)',
        '_("a {}".format(name))',
        '_({"one": "a"}[key])',
        '_(str("a"))',
        '_(message="a")',
        '_("")',
        'ngettext(one, "many", n)',
        'ngettext(singular="one", plural="many", number=n)',
        'count(n, "one" if n else "none", "many")',
        'meant("month", name or "May")',
        'translation.gettext("a")',
        'phrases.say("a")',
        'phrases.count(n, "one", "many")',
        'pgettext("month", "May")',
        'translation.npgettext("month", "one", "many", n)',
        "from django.utils.translation import gettext as translated",
        "from django.utils.translation import ngettext as _",
        "from orgmodel.core.phrases import say as tell",
    ],
)
def test_what_cannot_be_gathered_from_code_is_told(line: str) -> None:
    assert [*messages.in_python(f"\n{line}")] == [(2, UNREADABLE)]


@pytest.mark.parametrize(
    "line",
    [
        "_(kind)",
        "_(row.finding.severity)",
        '_(told["Why"])',
        'say(label or name.replace("_", " "))',
        "_(level.capitalize() if one else level)",
        "gettext_lazy(str(plural))",
        "count(number, *words)",
        "self._language.ngettext(singular, plural, number)",
        'text.count("\\n", 0, end)',
        "from django.utils.translation import gettext_lazy as _",
        "from itertools import count as numbers",
    ],
)
def test_names_are_left_to_registries(line: str) -> None:
    assert [*messages.in_python(line)] == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('{% translate "Move" %}', "Move"),
        ('{% include "a.html" with name=_("Move") %}', "Move"),
        (
            "{% blocktranslate trimmed with name=x.name %}\n  Move\n  {{ name }}\n{% endblocktranslate %}",
            "Move %(name)s",
        ),
        (
            "{% blocktranslate count n=n %}{{ n }} squad{% plural %}{{ n }} squads{% endblocktranslate %}",
            ("%(n)s squad", "%(n)s squads"),
        ),
        ('{% translate "May" context "month" %}', UNREADABLE),
        ('{% blocktranslate context "month" %}May{% endblocktranslate %}', UNREADABLE),
    ],
)
def test_a_text_is_gathered_from_a_template_unless_it_has_a_context(source: str, text: Message) -> None:
    assert [*messages.in_template(f"<p>\n{source}")] == [(2, text)]


def test_every_text_of_the_application_can_be_gathered() -> None:
    assert [*messages.unreadable()] == []


# What is wrong with a translation


def wrong(text: Message, translation: str | tuple[str, str]) -> list[str]:
    catalog = Catalog(locale="sv")
    catalog.add(text, translation)
    return [*messages.wrong_in(catalog)]


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Move {person} to {squad}", "Till {squad}: {person}"),
        ("{n:,} tons", "{n:,} ton"),
        ("{share} %", "{share} %"),
        ("100%% of %(squad)s", "%(squad)s till 100%%"),
        ('See <a href="%(url)s">them</a>', '<a href="%(url)s">Se dem</a>'),
        ("{", "{"),
        (("%(n)s squad", "%(n)s squads"), ("en squad", "%(n)s squads")),
    ],
)
def test_a_translation_says_the_same_in_other_words(
    text: Message, translation: str | tuple[str, str]
) -> None:
    assert wrong(text, translation) == []


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("{squad} is full", "{squad:d} är full"),
        ("{squad} is full", "{squad!r} är full"),
        ("{squad} is full", "{trupp} är full"),
        ("{squad} is full", "{squad.name} är full"),
        ("{squad} is full", "{squad} är full {"),
        ("{squad} is full", "Full"),
        ("{n:,} tons", "{n} ton"),
        ("Full", "Full {0}"),
        ("%(squad)s is full", "{squad} är full"),
        ("%(squad)s is full", "%(squad)d är full"),
        ("%(squad)s is full", "%(squad)s är 100 % full"),
        ("<b>%(squad)s</b> is full", "<b>%(squad)s är full"),
        ("<b>Full</b>", "<i>Full</i>"),
        (("{n} squad", "{n} squads"), ("{n} squad", "{m} squads")),
    ],
)
def test_a_translation_that_would_break_is_told(text: Message, translation: str | tuple[str, str]) -> None:
    assert wrong(text, translation) == [f"sv: other placeholders, tags or percent signs: {text}"]


def test_a_translation_that_is_missing_is_told() -> None:
    assert wrong("Move", "") == ["sv: not translated: Move"]
    assert wrong(("{n} squad", "{n} squads"), ("{n} squad", "")) == [
        "sv: not translated: ('{n} squad', '{n} squads')"
    ]


# What is kept


@pytest.fixture
def said_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a Swedish file from when the code said other texts."""
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    catalog = Catalog(locale="sv")
    for text, translation, place in (
        ("Close {squad}", "Stäng {squad}", OPERATIONS),
        ("Close {squad}…", "", OPERATIONS),
        ("{n} squad", "{n} squad", OPERATIONS),
        (("{n} role", "{n} roles"), ("{n} roll", "{n} roller"), messages.LOG),
        (("{n} hour", "{n} hours"), ("{n} timme", "{n} timmar"), messages.LOG),
        ("Save", "Spara", "templates/base.html"),
        ("Swap", "Byt", OPERATIONS),
    ):
        catalog.add(text, translation, [(place, 0)])
    write(catalog)


def write(catalog: Catalog) -> None:
    messages.po_file("sv").parent.mkdir(parents=True, exist_ok=True)
    messages.po_file("sv").write_bytes(messages.as_po(catalog))


@pytest.mark.usefixtures("said_before")
def test_what_operations_once_said_stays_for_the_log() -> None:
    now: dict[Message, set[str]] = {
        "Close {squad}.": {OPERATIONS},
        ("{n} squad", "{n} squads"): {OPERATIONS},
        "{n} hour": {OPERATIONS},
        "Swap": {"templates/base.html"},
    }
    for _ in range(3):
        catalog = messages.updated("sv", now)
        assert {m.id: (m.string or "", [place for place, _ in m.locations]) for m in catalog if m.id} == {
            "Close {squad}": ("Stäng {squad}", ["the log"]),
            "Close {squad}.": ("", [OPERATIONS]),
            ("{n} squad", "{n} squads"): (("", ""), [OPERATIONS]),
            ("{n} role", "{n} roles"): (("{n} roll", "{n} roller"), ["the log"]),
            "{n} hour": ("", [OPERATIONS]),
            "Swap": ("Byt", ["templates/base.html", "the log"]),
        }
        write(catalog)


@pytest.mark.usefixtures("said_before")
def test_a_text_is_translated_anew_in_each_context() -> None:
    now: dict[Message, set[str]] = {"Swap": {OPERATIONS}, "places\x04Swap": {OPERATIONS}}
    first = messages.updated("sv", now)
    first.get("Swap", "places").string = "Byt plats"  # type: ignore[union-attr]
    write(first)
    for texts in (now, {}):
        catalog = messages.updated("sv", texts)
        assert catalog.get("Swap").string == "Byt"  # type: ignore[union-attr]
        assert catalog.get("Swap", "places").string == "Byt plats"  # type: ignore[union-attr]
        write(catalog)


@pytest.mark.usefixtures("said_before")
def test_what_operations_say_again_is_no_more_marked() -> None:
    catalog = messages.updated("sv", {("{n} role", "{n} roles"): {OPERATIONS}})
    again = catalog.get("{n} role")
    assert again is not None
    assert (again.string, again.locations) == (("{n} roll", "{n} roller"), [(OPERATIONS, 0)])


@pytest.mark.parametrize(
    "text",
    [
        "Move {people} to {to}",
        "Import {records}",
        "Take back: {what}",
        "Undo: {what}",
        "Redo: {what}",
        "{first}, and {n} more",
        "Write down {name}: {tribes}, {squads}, {people}",
    ],
)
def test_sentences_of_the_log_are_known_for_it(text: Message) -> None:
    assert any(place.startswith(messages.LOGGED) for place in messages.gathered()[text])


def test_how_many_texts_there_are_and_how_many_are_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    catalog = messages.updated("sv", messages.gathered())
    every = len(catalog)
    write(catalog)
    assert messages.main([]) == 0
    assert capsys.readouterr().out.startswith(f"sv: {every:,} texts, {every:,} not translated\n")
    catalog.get("Search").string = "Sök"  # type: ignore[union-attr]
    write(catalog)
    assert messages.main([]) == 0
    assert capsys.readouterr().out.startswith(f"sv: {every:,} texts, {every - 1:,} not translated\n")
    assert messages.main(["--check"]) == 1
