"""What keeps the design true: one write path, records like tables, every operation documented and within reach."""

from __future__ import annotations

import ast
import dataclasses
import gzip
import inspect
import re
from pathlib import Path

import pytest
from django.db import models

from orgmodel.changes import jsonio
from orgmodel.changes.registry import registered
from orgmodel.core import operations
from orgmodel.core.operations import OPERATIONS, Operation
from orgmodel.core.records import KINDS, specs_of
from orgmodel.core.rules import integrity, settings
from orgmodel.core.rules.base import Rule
from orgmodel.core.rules.presets import PRESETS
from orgmodel.core.rules.sources import SOURCES
from orgmodel.core.rules.subjects import SUBJECTS

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("orgmodel", "squads", "guilds")
STORE = ROOT / "orgmodel" / "changes" / "store.py"
SCIM_STORAGE = (
    ROOT / "orgmodel" / "scim" / "storage.py"
)  # no model: `delete` is a name of scim2-server's contract

WRITES = {
    "save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "update", "delete", "acreate", "asave",
}  # fmt: skip


def sources() -> list[Path]:
    found = [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    ]
    assert len(found) > 30
    return found


def organization_models() -> set[str]:
    return {model.__name__ for model in registered().values()}


def managers_called(tree: ast.AST) -> set[str]:
    """Return the models whose managers or instances a module calls a writing method on: `Person.objects.create(…)`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            names = {n.id for n in ast.walk(node.func.value) if isinstance(n, ast.Name)}
            names |= {n.attr for n in ast.walk(node.func.value) if isinstance(n, ast.Attribute)}
            found |= names
    return found


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_but_the_store_writes_organization_rows(path: Path) -> None:
    if path == STORE:
        return
    assert managers_called(ast.parse(path.read_text())) & organization_models() == set()


def _is_super(node: ast.expr) -> bool:
    """Whether this is `super()`: a method that is called there is no signal."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_signal_receivers_and_no_save_overrides(path: Path) -> None:
    tree = ast.parse(path.read_text())
    methods = [
        n
        for of in ast.walk(tree)
        if isinstance(of, ast.ClassDef)
        for n in of.body
        if isinstance(n, ast.FunctionDef)
    ]
    overrides = {"save", "delete"} - ({"delete"} if path == SCIM_STORAGE else set())
    saves = [n.name for n in methods if n.name in overrides]
    connected = [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.Attribute) and n.attr == "connect" and not _is_super(n.value)
    ]
    decorated = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == "receiver"]
    assert (saves, connected, decorated) == ([], [], [])


def test_the_core_is_plain_python() -> None:
    for path in (ROOT / "orgmodel" / "core").rglob("*.py"):
        imported = {
            alias.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import)
            for alias in node.names
        } | {
            (node.module or "").split(".")[0]
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom)
        }
        assert imported & {"django", "rest_framework", "random", "time", "orjson"} == set(), path


@pytest.mark.parametrize("kind", KINDS)
def test_records_and_tables_have_the_same_fields(kind: str) -> None:
    columns = {field.name: field for field in registered()[kind]._meta.concrete_fields}
    assert set(columns) == {"id", *specs_of(kind)}
    for name, spec in specs_of(kind).items():
        field = columns[name]
        if spec.kind == "ref":
            assert isinstance(field, models.ForeignKey)
            assert field.remote_field.on_delete is models.PROTECT
            assert registered()[spec.target] is field.related_model
            assert field.null is not spec.required
        if spec.kind == "text" and isinstance(field, models.CharField):
            assert field.max_length == spec.limit
        if spec.kind == "choice":
            assert list(field.choices or ()) == list(spec.choices)


@pytest.mark.parametrize("kind", KINDS)
def test_constraints_are_named_after_their_table(kind: str) -> None:
    meta = registered()[kind]._meta
    assert meta.ordering == []
    assert [c.name for c in meta.constraints if not c.name.startswith(meta.db_table)] == []


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_says_what_it_does(operation: type[Operation]) -> None:
    doc = inspect.getdoc(operation) or ""
    assert re.match(r"[A-Z].*\.", doc.splitlines()[0])
    assert "apply" in dir(operation)
    for field in dataclasses.fields(operation):
        assert jsonio.operation_specs(operation)[field.name].kind


def test_every_operation_class_is_listed() -> None:
    modules = [
        getattr(operations, name) for name in dir(operations) if inspect.ismodule(getattr(operations, name))
    ]
    classes = {
        cls.__name__
        for module in modules
        for cls in vars(module).values()
        if inspect.isclass(cls) and issubclass(cls, Operation) and cls.__module__ == module.__name__
    }
    assert classes - {"Operation", "DatedOperation", "Create", "Rename", "Edit", "Close", "Reopen"} == set(
        OPERATIONS
    )


def test_every_operation_has_unit_tests() -> None:
    tested = "".join(path.read_text() for path in (ROOT / "tests" / "unit").glob("test_*operations.py"))
    used = {name: len(re.findall(rf"\b{name}\b", tested)) for name in OPERATIONS if name != "ApplyChanges"}
    assert [name for name, count in used.items() if count < 2] == []  # once is the import
    assert "ApplyChanges(" in (ROOT / "tests" / "property" / "test_store.py").read_text()


def test_every_operation_is_within_reach_of_pages_and_api() -> None:
    web = "".join(
        path.read_text()
        for path in sources()
        if path.name.endswith(("forms.py", "faces.py")) or "views" in path.as_posix()
    )
    api = "".join(
        path.read_text()
        for path in sources()
        if path.name in ("api.py", "serializers.py") or "integrations" in path.parts
    )
    named = [name for name in OPERATIONS if name != "ApplyChanges"]
    assert [name for name in named if not re.search(rf"\b{name}\b", web)] == []
    assert [name for name in named if not re.search(rf"\b{name}\b", api)] == []


def test_every_integrity_rule_fires_and_stays_silent_in_a_test() -> None:
    tested = (ROOT / "tests" / "unit" / "test_integrity.py").read_text()
    assert [rule.__name__ for rule in integrity.RULES if tested.count(f'"{rule.__name__}"') < 1] == []
    assert tested.count("== []") >= len(integrity.RULES)


@pytest.mark.parametrize("code", settings.RULES)
def test_every_rule_about_health_fires_and_stays_silent_in_a_test(code: str) -> None:
    tested = "".join(path.read_text() for path in (ROOT / "tests" / "unit").glob("test_rules_*.py"))
    name = code.lower().replace("-", "_")
    assert f"def test_{name}_fires_" in tested
    assert f"def test_{name}_is_silent_" in tested


@pytest.mark.parametrize("rule", settings.RULES.values(), ids=settings.RULES)
def test_every_rule_about_health_says_why_it_is_there(rule: Rule) -> None:
    assert all(text.endswith(".") for text in (rule.statement, rule.why, rule.what_to_try))
    assert rule.sources
    assert set(rule.sources) <= set(SOURCES)
    assert set(rule.kinds) <= SUBJECTS


def test_the_readme_counts_the_rules_about_health() -> None:
    assert f" {len(settings.RULES)} rules,\n" in (ROOT / "README.md").read_text()


def test_presets_name_rules_and_thresholds_that_there_are() -> None:
    for preset in PRESETS.values():
        assert [
            code
            for code, own in preset.thresholds.items()
            if not set(own) <= set(settings.RULES[code].thresholds)
        ] == []
        assert preset.off <= set(settings.RULES)


def test_no_banned_module_names() -> None:
    banned = {"utils", "helpers", "common", "manager", "handler", "data", "info"}
    assert [path.as_posix() for path in sources() if path.stem in banned] == []


def test_the_style_sheets_of_a_page_stay_small() -> None:
    """A page loads those of the frame and those that it names itself: 8 KB, compressed together."""
    named = re.compile(r"{% stylesheets ([^%]+)%}")
    frame = named.findall((ROOT / "templates/components/head.html").read_text())
    sizes = {}
    for path in (ROOT / "templates").rglob("*.html"):
        names = re.findall(r'"(\w+)"', " ".join([*frame, *named.findall(path.read_text())]))
        styles = b"".join((ROOT / f"static/css/{name}.css").read_bytes() for name in dict.fromkeys(names))
        sizes[path.name] = len(gzip.compress(styles))
    del sizes["styleguide.html"]  # shows the parts of all pages
    assert {name: size for name, size in sizes.items() if size > 8 * 1024} == {}


def test_all_scripts_together_stay_small() -> None:
    """25 KB with the vendored library, each file compressed, whatever a page loads of them."""
    scripts = [*(ROOT / "static/js").glob("*.js"), *(ROOT / "static/vendor").rglob("*.js")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= 25 * 1024
