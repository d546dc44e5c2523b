"""Write the tables of scopes in docs/tokens.md anew, from what the code asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from orgmodel.integrations.permissions import FAMILIES, FAMILY_OF
from orgmodel.integrations.tokens import MEANINGS, SCOPES_OF, WITHIN_TRIBE

PLACE = settings.BASE_DIR / "docs" / "tokens.md"


class Command(BaseCommand):
    help = "Write the tables of scopes in docs/tokens.md anew."

    def handle(self, *args: Any, **options: Any) -> None:
        PLACE.write_text(with_tables(PLACE.read_text()))


def with_tables(text: str) -> str:
    """Return the documentation with its tables as they should be."""
    for name, lines in (("scopes", _scopes()), ("families", _families())):
        table = "\n".join(lines)
        text = re.sub(
            rf"(<!-- {name} -->\n).*(<!-- /{name} -->)", rf"\g<1>{table}\n\2", text, count=1, flags=re.DOTALL
        )
    return text


def _scopes() -> Iterator[str]:
    yield "| Scope | A token with it may | Roles that have it | For one tribe |"
    yield "| --- | --- | --- | --- |"
    for scope, meaning in MEANINGS.items():
        roles = ", ".join(role for role, scopes in SCOPES_OF.items() if scope in scopes)
        yield f"| `{scope}` | {meaning} | {roles} | {'yes' if scope in WITHIN_TRIBE else ''} |"


def _families() -> Iterator[str]:
    yield "| Resources | Read | Write | Else |"
    yield "| --- | --- | --- | --- |"
    for name, family in FAMILIES.items():
        tags = ", ".join(f"`{tag}`" for tag, own in FAMILY_OF.items() if own == name)
        other = "; ".join(f"{action}: `{scope}`" for action, scope in family.actions.items())
        yield f"| {tags} | `{family.read}` | `{family.write}` | {other} |"
