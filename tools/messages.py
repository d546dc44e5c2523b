"""`make messages`: gathers every text of the application, and keeps the translations in orgmodel/locale current.

What is new has an empty translation afterwards, what nobody says any more is gone, unless the log may have kept it;
the compiled file follows. Give the missing ones in the .po file and run it again. `--check`, for the linters, writes
nothing and fails where anything is wrong.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as BabelMessage
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from environment import ROOT

LOCALE = ROOT / "orgmodel" / "locale"
LANGUAGES = ("sv",)
CODE = ("orgmodel", "squads", "guilds")
SPEAKERS = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "say": 1,
    "meant": 2,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "count": 2,
}
"""The functions that say a text, each with how many forms of it they are given; `meant` with what it is meant of."""
HOMES = ("django.utils.translation", "orgmodel.core.phrases")
"""The modules that have them."""
UNREADABLE = ""
"""Stands for a text that is said in a way nobody can gather."""
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # files differ where texts do, not by when they were written

LOGGED = (
    "orgmodel/changes/files/planning.py",
    "orgmodel/changes/models.py",
    "orgmodel/changes/reverse.py",
    "orgmodel/core/operations/",
    "orgmodel/core/phrases.py",
    "orgmodel/core/records.py",
    "orgmodel/demo/loading.py",
)
"""Where the sentences of the log come from. It is kept in English, and said by the translations of today."""
LOG = "the log"

UNASKED = ("id", "values", "changes")
"""The kinds of field of operations that no form asks for."""

Message = str | tuple[str, str]
"""A text, after its context where it has one, or that of one and that of many."""
CONTEXT_END = "\x04"


def main(arguments: list[str]) -> int:
    texts, only_check = gathered(), "--check" in arguments
    found = list(unreadable())
    for language in LANGUAGES:
        catalog = updated(language, texts)
        found += [*_kept_current(language, catalog, only_check), *wrong_in(catalog)]
        missing = sum(not is_said(message.string) for message in _messages(catalog))
        print(f"{language}: {len(catalog):,} texts, {missing:,} not translated")
    print("".join(f"{wrong}\n" for wrong in found), end="")
    return 1 if found and only_check else 0


def _kept_current(language: str, catalog: Catalog, only_check: bool) -> Iterator[str]:
    """Write the files of a language, or yield which ones `make messages` would change."""
    files = {po_file(language): as_po(catalog), mo_file(language): as_mo(catalog)}
    for path, content in files.items():
        if only_check and (not path.is_file() or path.read_bytes() != content):
            yield f"{path.relative_to(ROOT)} is not what the code says: run `make messages`"
        elif not only_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def wrong_in(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with the translations of a language."""
    for message in _messages(catalog):
        if not is_said(message.string):
            yield f"{catalog.locale}: not translated: {message.id}"
        elif holes(message.id) != holes(message.string):
            yield f"{catalog.locale}: other placeholders, tags or percent signs: {message.id}"


def _messages(catalog: Catalog) -> list[BabelMessage]:
    """Return all but the head of the file, which is a message with no text."""
    return [message for message in catalog if message.id]


def holes(forms: object) -> set[str] | None:
    """Return what has to be the same in a text and its translations, in any of their forms: what is put into it and how
    that is written, its tags, and whether it has a single percent sign. None where its braces cannot be told apart."""
    text = " ".join(map(str, forms)) if isinstance(forms, (list, tuple)) else str(forms)
    try:
        parts = [*Formatter().parse(text)]
    except ValueError:
        return None
    fields = {f"{{{name}!{how}:{shape}}}" for _, name, shape, how in parts if name is not None}
    # Texts of templates double their percent signs: a single one is a placeholder to Django, and breaks the page.
    return fields | set(re.findall(r"%\(\w+\)s|%|</?[a-z][^<>]*>", text.replace("%%", "")))


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def mo_file(language: str) -> Path:
    return po_file(language).with_suffix(".mo")


def known(language: str) -> Catalog:
    """Return what is translated so far."""
    if not po_file(language).is_file():
        return Catalog(locale=language)
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str, texts: dict[Message, set[str]]) -> Catalog:
    """Return all texts with their translations, as far as they are known."""
    before = known(language)
    catalog = Catalog(
        locale=language, project="orgmodel", creation_date=EPOCH, revision_date=EPOCH, fuzzy=False
    )
    for text, places in (texts | _logged(before, texts)).items():
        context, words = in_context(text)
        had = before.get(singular(words), context)
        fits = had is not None and isinstance(had.id, str) == isinstance(text, str)
        flags = ["python-brace-format"] if "{" in "".join(text) else []
        catalog.add(
            words,
            had.string if fits and had else None,
            [(place, 0) for place in sorted(places)],
            flags,
            context=context,
        )
    return catalog


def _logged(before: Catalog, texts: dict[Message, set[str]]) -> dict[Message, set[str]]:
    """Return the translated texts of the log that are said no more where they came from, each with the places that say
    it still."""
    said = {singular(text) for text in texts}  # a catalog has room for one text of each
    logged: dict[Message, set[str]] = {}
    for message in _messages(before):
        text: Message = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
        if message.context and isinstance(text, str):
            text = f"{message.context}{CONTEXT_END}{text}"
        once = any(place.startswith((*LOGGED, LOG)) for place, _ in message.locations)
        places = texts.get(text, set())
        again = any(place.startswith(LOGGED) for place in places) or (not places and singular(text) in said)
        if once and not again and is_said(message.string):
            logged[text] = places | {LOG}
    return logged


def in_context(text: Message) -> tuple[str | None, Message]:
    """Return the context of a text, where it has one, and the text."""
    if isinstance(text, str) and CONTEXT_END in text:
        context, _, words = text.partition(CONTEXT_END)
        return context, words
    return None, text


def singular(text: Message) -> str:
    return text if isinstance(text, str) else text[0]


def is_said(translation: object) -> bool:
    """Whether a text is translated, in each of its forms."""
    return all(translation) if isinstance(translation, (list, tuple)) else bool(translation)


def as_po(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalog, width=110, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


# Every text there is


def gathered() -> dict[Message, set[str]]:
    """Return the texts of code, templates and registries, each with the files that say it."""
    found: dict[Message, set[str]] = {}
    for place, text in [*((place, text) for place, _, text in _written()), *_registered()]:
        if text != UNREADABLE:
            found.setdefault(text, set()).add(place)
    return found


def unreadable() -> Iterator[str]:
    """Yield the places that say a text in a way that nobody can gather."""
    for place, line, text in _written():
        if text == UNREADABLE:
            yield f'{place}:{line}: not gathered: say one whole text, without a context, as in _("…")'


@cache
def _written() -> list[tuple[str, int, Message]]:
    """Return the texts of code and templates, each with its file and line."""
    code = sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py"))
    templates = sorted((ROOT / "templates").rglob("*.html"))
    return [
        (str(path.relative_to(ROOT)), line, text)
        for paths, texts_of in ((code, in_python), (templates, in_template))
        for path in paths
        for line, text in texts_of(path.read_text())
    ]


def in_python(source: str) -> Iterator[tuple[int, Message]]:
    """Yield the texts of a module, each with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from ((node.lineno, text) for text in _said_by(node))
        elif isinstance(node, ast.ImportFrom) and node.module in HOMES:
            for name in node.names:
                if SPEAKERS.get(name.name) != SPEAKERS.get(name.asname or name.name):
                    yield node.lineno, UNREADABLE  # a speaker that nobody knows by that name


def _said_by(call: ast.Call) -> Iterator[Message]:
    """Yield what a call of a speaker says. Nothing where it is given names: a registry knows their texts."""
    by_name = isinstance(call.func, ast.Name)
    name: str = getattr(call.func, "id" if by_name else "attr", "")
    if "pgettext" in name:  # a text in a context
        yield UNREADABLE
    if name not in SPEAKERS:
        return
    forms = (call.args[1:] if name == "count" else call.args)[: SPEAKERS[name]]
    texts = [form.value for form in forms if isinstance(form, ast.Constant) and isinstance(form.value, str)]
    named = [] if name in ("say", "count") else [keyword.value for keyword in call.keywords]
    if by_name and all(texts) and len(texts) == SPEAKERS[name]:
        if name == "count":
            texts = [text if "{" in text else f"{{n}} {text}" for text in texts]
        if name == "meant":
            texts = [CONTEXT_END.join(texts)]
        yield texts[0] if len(texts) == 1 else (texts[0], texts[1])
    elif any(map(_holds_text, [*forms, *named])):
        yield UNREADABLE


def _holds_text(node: ast.expr) -> bool:
    """Whether what is said stands in an expression. What a method of it is given is not said."""
    match node:
        case ast.Attribute() | ast.Subscript() | ast.Starred():
            return _holds_text(node.value)
        case ast.Call(func=ast.Attribute() as method):
            return _holds_text(method)
        case ast.Call():
            return any(map(_holds_text, node.args))
        case ast.BoolOp():
            return any(map(_holds_text, node.values))
        case ast.IfExp():
            return _holds_text(node.body) or _holds_text(node.orelse)
        case ast.Constant():
            return isinstance(node.value, str)
        case _:
            return not isinstance(node, ast.Name)


def in_template(source: str) -> Iterator[tuple[int, Message]]:
    """Yield the texts of a template, each with its line. Django can write it as calls of gettext, for a parser of
    Python."""
    from django.utils.translation.template import templatize

    calls = "\n".join(line.strip() for line in templatize(source).splitlines())
    speakers = dict.fromkeys(("_", "gettext", "ngettext", "pgettext", "npgettext"))
    text: Any
    for line, speaker, text, _ in extract_python(BytesIO(calls.encode()), speakers, [], {}):
        if "pgettext" in speaker:
            yield line, UNREADABLE
        else:
            yield line, text if isinstance(text, str) else (text[0], text[1])


def _registered() -> Iterator[tuple[str, Message]]:
    """Yield what code says by way of a table: nouns, fields and choices of records and operations, and the rules'
    documentation."""
    from orgmodel.changes.jsonio import operation_specs
    from orgmodel.changes.queries import counted_words
    from orgmodel.core.operations import OPERATIONS
    from orgmodel.core.operations.base import noun
    from orgmodel.core.records import KINDS, label_of, specs_of
    from orgmodel.core.rules.base import SEVERITIES
    from orgmodel.core.rules.presets import PRESETS
    from orgmodel.core.rules.settings import RULES
    from orgmodel.findings.wording import UNITS

    for kind in KINDS:
        yield from (("orgmodel/core/records.py", str(noun(each))) for each in (kind, KINDS[kind].PLURAL))
        for name, spec in specs_of(kind).items():
            yield "orgmodel/core/records.py", str(label_of(kind, name))
            yield from (("orgmodel/core/records.py", _pattern(label)) for _, label in spec.choices if label)
    for operation in OPERATIONS.values():
        asked = {name: spec for name, spec in operation_specs(operation).items() if spec.kind not in UNASKED}
        for name, spec in asked.items():
            labels = [_pattern(label) for _, label in spec.choices if label]
            yield from (
                (_place_of(operation), text) for text in (spec.label or name.replace("_", " "), *labels)
            )
    for rule in RULES.values():
        place = str(Path(rule.find.__code__.co_filename).relative_to(ROOT))
        yield from ((place, str(text)) for text in (rule.statement, rule.why, rule.what_to_try))
        yield from ((place, name.replace("_", " ")) for name in rule.thresholds)
    for severity in SEVERITIES:
        yield "orgmodel/core/rules/base.py", severity
        yield "orgmodel/core/rules/base.py", (f"{{n}} {severity}", f"{{n}} {severity}")
    yield from (("orgmodel/core/rules/presets.py", name) for name in PRESETS)
    for one, many in sorted(set(UNITS.values())):
        yield "orgmodel/findings/wording.py", (f"{{n}} {one}", f"{{n}} {many}")
    for one, many in sorted(counted_words()):
        yield "orgmodel/changes/queries.py", (f"{{n}} {one}", f"{{n}} {many}")
    yield from _names_in_admin()


def _pattern(words: str) -> str:
    """Return how words are looked up: a phrase has a context where it needs one."""
    from orgmodel.core.phrases import Phrase

    return words.words if isinstance(words, Phrase) else words


def _names_in_admin() -> Iterator[tuple[str, Message]]:
    """Yield what apps, models and fields are called, which `OrgAdminConfig` lets Django say."""
    from django.apps import apps
    from django.contrib import admin

    pages = admin.site._registry.items()
    shown = [model for own, page in pages for model in (own, *(inline.model for inline in page.inlines))]
    models = [model for model in dict.fromkeys(shown) if model.__module__.startswith(CODE)]
    for label in {model._meta.app_label for model in models}:
        config = apps.get_app_config(label)
        yield _place_of(type(config)), str(config.verbose_name)
    for model in models:
        names = (model._meta.verbose_name, model._meta.verbose_name_plural)
        for name in (*names, *(field.verbose_name for field in model._meta.local_fields)):
            yield _place_of(model), str(name)


def _place_of(cls: type) -> str:
    return f"{cls.__module__.replace('.', '/')}.py"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DEBUG", "true")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orgmodel.settings")
    import django

    django.setup()
    raise SystemExit(main(sys.argv[1:]))
