"""`make messages`: gathers every text of the application, and keeps the translations in orgmodel/locale current.

What is new has an empty translation afterwards, what nobody says any more is gone; the compiled file follows. Give the
missing ones in the .po file and run it again. `--check`, for the linters, writes nothing and says what is wrong.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
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
    "ngettext": 2,
    "ngettext_lazy": 2,
    "count": 2,
}
"""The functions that say a text, each with how many forms of it they are given."""
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # files differ where texts do, not by when they were written

UNASKED = ("id", "values", "changes")
"""The kinds of field of operations that no form asks for."""

Message = str | tuple[str, str]
"""A text, or that of one and that of many."""


def main(arguments: list[str]) -> int:
    texts = gathered()
    found = [
        wrong for language in LANGUAGES for wrong in _kept_current(language, texts, "--check" in arguments)
    ]
    print("\n".join(found))
    return 1 if found and "--check" in arguments else 0


def _kept_current(language: str, texts: dict[Message, set[str]], only_check: bool) -> Iterator[str]:
    """Write the files of a language, unless they are only to be checked; yield what is wrong with them."""
    catalog = updated(language, texts)
    files = {po_file(language): as_po(catalog), mo_file(language): as_mo(catalog)}
    for path, content in files.items():
        if only_check and (not path.is_file() or path.read_bytes() != content):
            yield f"{path.relative_to(ROOT)} is not what the code says: run `make messages`"
        elif not only_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for message in catalog:
        if message.id and not is_said(message.string):
            yield f"{language}: not translated: {message.id}"
        elif message.id and holes(message.id) != holes(message.string):
            yield f"{language}: other placeholders: {message.id}"


def holes(forms: object) -> set[str]:
    """Return what is put into a text, in any of its forms."""
    text = " ".join(map(str, forms)) if isinstance(forms, (list, tuple)) else str(forms)
    return set(re.findall(r"\{\w+|%\(\w+\)s", text))


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
    for text, places in texts.items():
        had = before.get(text if isinstance(text, str) else text[0])
        fits = had is not None and isinstance(had.id, str) == isinstance(text, str)
        flags = ["python-brace-format"] if "{" in "".join(text) else []
        catalog.add(
            text, had.string if fits and had else None, [(place, 0) for place in sorted(places)], flags
        )
    return catalog


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
    for path in sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py")):
        for text in _in_python(path):
            found.setdefault(text, set()).add(str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for text in _in_template(path):
            found.setdefault(text, set()).add(str(path.relative_to(ROOT)))
    for place, text in _registered():
        found.setdefault(text, set()).add(place)
    return found


def _in_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPEAKERS:
            given = node.args[1:] if node.func.id == "count" else node.args
            constants = [
                part.value for part in given[: SPEAKERS[node.func.id]] if isinstance(part, ast.Constant)
            ]
            forms = [form for form in constants if isinstance(form, str)]
            if len(forms) < SPEAKERS[node.func.id]:
                continue  # what is said is not known before it runs: a registry knows it
            if node.func.id == "count":
                forms = [form if "{" in form else f"{{n}} {form}" for form in forms]
            yield forms[0] if len(forms) == 1 else (forms[0], forms[1])


def _in_template(path: Path) -> Iterator[Message]:
    """Yield the texts of a template, which Django can write as calls of gettext for a parser of Python."""
    from django.utils.translation.template import templatize

    calls = "\n".join(line.strip() for line in templatize(path.read_text()).splitlines())
    text: Any
    for _, _, text, _ in extract_python(
        BytesIO(calls.encode()), {"_": None, "gettext": None, "ngettext": None}, [], {}
    ):
        yield text if isinstance(text, str) else (text[0], text[1])


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
            yield from (("orgmodel/core/records.py", str(label)) for _, label in spec.choices if label)
    for operation in OPERATIONS.values():
        asked = {name: spec for name, spec in operation_specs(operation).items() if spec.kind not in UNASKED}
        for name, spec in asked.items():
            labels = [label for _, label in spec.choices if label]
            yield from (
                (_place_of(operation), text) for text in (spec.label or name.replace("_", " "), *labels)
            )
    for rule in RULES.values():
        place = str(Path(rule.find.__code__.co_filename).relative_to(ROOT))
        yield from ((place, str(text)) for text in (rule.statement, rule.why, rule.what_to_try))
        yield from ((place, name.replace("_", " ")) for name in rule.thresholds)
    yield from (("orgmodel/core/rules/base.py", severity) for severity in SEVERITIES)
    yield from (("orgmodel/core/rules/presets.py", name) for name in PRESETS)
    for one, many in sorted(set(UNITS.values())):
        yield "orgmodel/findings/wording.py", (f"{{n}} {one}", f"{{n}} {many}")
    for one, many in sorted(counted_words()):
        yield "orgmodel/changes/queries.py", (f"{{n}} {one}", f"{{n}} {many}")
    yield from _names_in_admin()


def _names_in_admin() -> Iterator[tuple[str, Message]]:
    """Yield what apps, models and fields are called, which `OrgAdminConfig` lets Django say."""
    from django.apps import apps
    from django.contrib import admin

    models = [model for model in admin.site._registry if model.__module__.startswith(CODE)]
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
