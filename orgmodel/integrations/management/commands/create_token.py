"""Create or revoke a token for the API. It is printed once; only a digest of it is kept."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from orgmodel.access.roles import ROLES
from orgmodel.integrations import tokens


class Command(BaseCommand):
    help = "Create a token for an integration and print it once, or revoke its tokens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help='what the token is for, such as "HR sync"')
        parser.add_argument("--role", choices=ROLES, help="what it may do; an integration has one role")
        parser.add_argument("--revoke", action="store_true", help="revoke every token of this name instead")

    def handle(self, *args: Any, name: str, role: str | None, revoke: bool, **options: Any) -> None:
        if not re.fullmatch(r"\w[\w .-]{0,99}", name):
            raise CommandError(
                "A name may have 100 letters, digits, spaces, dots, dashes and underscores, a letter or digit first."
            )
        if revoke:
            count = tokens.revoke(name, at=timezone.now())
            if not count:
                raise CommandError(f"There is no token “{name}”.")
            self.stdout.write(f"Revoked {count} {'token' if count == 1 else 'tokens'} of “{name}”.")
            return
        if role is None:
            raise CommandError(f"Say what it may do: --role {' | '.join(ROLES)}.")
        self.stderr.write(f"Token of “{name}” ({role}). It is shown this once:")
        self.stdout.write(tokens.issue(name, role, at=timezone.now()))
