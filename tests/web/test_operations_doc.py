from pathlib import Path

from orgmodel.changes.management.commands.operations_doc import render

DOC = Path(__file__).resolve().parent.parent.parent / "docs" / "operations.md"


def test_the_page_of_operations_is_current() -> None:
    assert DOC.read_text(encoding="utf-8") == render(), (
        "Run: DEBUG=true .venv/bin/python manage.py operations_doc"
    )
