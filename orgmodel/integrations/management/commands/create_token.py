"""Create a token for the API, or revoke those of an integration. It is printed once; only a digest of it is kept."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from orgmodel.access.roles import ROLES
from orgmodel.changes import services
from orgmodel.integrations import tokens
from orgmodel.integrations.models import Token
from orgmodel.integrations.tokens import SCOPES_OF, Terms

DAYS = 365


class Command(BaseCommand):
    help = "Create a token for an integration and print it once, or revoke its tokens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help='what the token is for, such as "HR sync"')
        parser.add_argument("--role", choices=ROLES, help="all scopes of a role")
        parser.add_argument("--scopes", help="the scopes one by one, such as people:read,units:read")
        parser.add_argument("--tribe", help="key of the one tribe that it sees and changes")
        parser.add_argument(
            "--expires",
            default=f"{DAYS}d",
            help="90d, a day such as 2027-06-30, or never; in a year if absent",
        )
        parser.add_argument(
            "--allow",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="address or network it may call from",
        )
        parser.add_argument("--revoke", action="store_true", help="revoke every token of this name instead")

    def handle(self, *args: Any, name: str, revoke: bool, **options: Any) -> None:
        if not re.fullmatch(r"\w[\w .-]{0,99}", name) or not tokens.key_of(name):
            raise CommandError(
                "A name may have 100 letters, digits, spaces, dots, dashes and underscores, a letter or digit first."
            )
        if revoke:
            self._revoke(name)
            return
        now = timezone.now()
        terms = _terms(options, now)
        try:
            tokens.check(terms, at=now)
            token = tokens.issue_to(tokens.integration_of(name, at=now), terms, at=now)
        except tokens.BadTerms as error:
            raise CommandError(str(error)) from None
        until = f"until {terms.expires_at:%Y-%m-%d}" if terms.expires_at else "without end"
        self.stderr.write(f"Token of “{name}” ({', '.join(terms.scopes)}; {until}). It is shown this once:")
        self.stdout.write(token)

    def _revoke(self, name: str) -> None:
        found = Token.objects.filter(integration__key=tokens.key_of(name))
        count = tokens.revoke(found, at=timezone.now())
        if not count:
            raise CommandError(f"There is no token “{name}”.")
        self.stdout.write(f"Revoked {count} {'token' if count == 1 else 'tokens'} of “{name}”.")


def _terms(options: dict[str, Any], now: datetime) -> Terms:
    role, scopes, tribe = options["role"], options["scopes"], options["tribe"]
    if (role is None) == (scopes is None):
        raise CommandError(
            f"Say what it may do: --role {' | '.join(ROLES)}, or --scopes {','.join(tokens.SCOPES)}."
        )
    found = services.current().find("tribe", tribe) if tribe else None
    if tribe and found is None:
        raise CommandError(f"There is no tribe with the key “{tribe}”.")
    named = SCOPES_OF[role] if scopes is None else [scope.strip() for scope in scopes.split(",")]
    if role is not None and found is not None:
        named = [scope for scope in named if scope in tokens.WITHIN_TRIBE]
    return Terms(named, found.id if found else None, options["allow"], _expiry(options["expires"], now))


def _expiry(text: str, now: datetime) -> datetime | None:
    if text == "never":
        return None
    if re.fullmatch(r"[0-9]{1,4}d", text):
        return now + timedelta(days=int(text[:-1]))
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(text), time.max))
    except ValueError:
        raise CommandError("--expires takes 90d, a day such as 2027-06-30, or never.") from None
