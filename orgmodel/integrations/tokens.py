"""Issue, recognize, rotate and revoke tokens. Secrets are shown once and kept as HMACs under a key of the server."""

from __future__ import annotations

import ipaddress
import secrets
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import slugify

from orgmodel.access.roles import EDITOR, ORG_DESIGNER, PLANNER, VIEWER
from orgmodel.core.phrases import count, say
from orgmodel.integrations.models import Integration, Token
from orgmodel.redaction import PREFIX

USED_EVERY = timedelta(minutes=1)

_READS = ("people:read", "units:read", "changes:read")
_WRITES = ("people:write", "units:write", "publish")
SCOPES = (*_READS, "drafts:write", *_WRITES, "scim", "admin")
SCOPES_OF = {
    VIEWER: _READS,
    PLANNER: (*_READS, "drafts:write"),
    EDITOR: (*_READS, "drafts:write", *_WRITES),
    ORG_DESIGNER: SCOPES,
}
"""The scopes that let a token do what a person of a role may."""
MEANINGS = {
    "people:read": say("read people, who is in which squad, chapter and guild, and their skills"),
    "units:read": say("read squads, tribes, chapters, guilds, missions, systems, findings and drafts"),
    "changes:read": say("read the log and follow the change feed"),
    "drafts:write": say("plan in drafts, and import into them"),
    "people:write": say("change people and where they are, live"),
    "units:write": say("change squads, tribes and everything that is not people, live"),
    "publish": say("publish and schedule drafts, and undo what was published"),
    "scim": say("provision people and groups as an identity provider does, at /scim/v2/"),
    "admin": say("change rules, webhooks, and what groups of identity providers are linked to"),
}
WITHIN_TRIBE = ("people:read", "people:write", "units:read", "units:write")
"""The scopes that a token may have which is limited to one tribe: the rest is about the organization as a whole."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a token may do, to what, from where and until when. No addresses: from anywhere."""

    scopes: Sequence[str]
    tribe: str | None = None
    addresses: Sequence[str] = ()
    expires_at: datetime | None = None


class BadTerms(ValueError):
    """Terms that no token can have. `field` says which of them."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


class NotRecognized(Exception):
    """A token that opens nothing, and why. Only who holds its secret is told whether there is such a token."""


class WrongAddress(Exception):
    """A token that is good, but not from where it is used."""


def role_for(scopes: Iterable[str]) -> str:
    """Return the role that a token acts in: the least one that may do what its scopes say."""
    held = {*scopes}
    if "admin" in held:
        return ORG_DESIGNER
    if held & {*_WRITES, "scim"}:
        return EDITOR
    return PLANNER if "drafts:write" in held else VIEWER


# Integrations


def integration_of(name: str, *, at: datetime, about: str = "") -> Integration:
    """Return the integration of this name, made with its user where there is none."""
    key = key_of(name)
    found = Integration.objects.filter(key=key).first()
    if found is not None:
        return found
    user_model: Any = get_user_model()
    with transaction.atomic():
        user = user_model(username=f"integration:{key}", first_name=name)
        user.set_unusable_password()
        user.save()
        return Integration.objects.create(key=key, name=name, about=about, user=user, created_at=at)


def key_of(name: str) -> str:
    """Return the key of an integration: `hr-sync` for “HR sync”; "" where a name has no letter and no digit."""
    return slugify(name, allow_unicode=True)


def close(integration: Integration, *, at: datetime) -> None:
    """Close an integration: its tokens open nothing any more, whatever becomes of it. The log keeps its name."""
    with transaction.atomic():
        revoke(integration.tokens.all(), at=at)
        Integration.objects.filter(pk=integration.pk, closed_at=None).update(closed_at=at)


# Tokens


def issue(name: str, role: str, *, at: datetime) -> str:
    """Return a new token for the integration of this name, with the scopes of a role."""
    return issue_to(integration_of(name, at=at), Terms(SCOPES_OF[role]), at=at)


def issue_to(integration: Integration, terms: Terms, *, at: datetime, public_id: str = "") -> str:
    """Return a new token. It is known here and nowhere else: only a digest of its secret is kept.

    A form that is sent twice names the same `public_id`, and gets one token. Raises BadTerms.
    """
    check(terms, at=at)
    if integration.closed_at is not None:
        raise BadTerms("", say("{name} is closed. Make another integration.", name=integration.name))
    if public_id and Token.objects.filter(public_id=public_id).exists():
        raise BadTerms(
            "", say("This form made a token already. Revoke it and make another one, if nobody saw it.")
        )
    public_id, secret = public_id or secrets.token_hex(8), secrets.token_hex(32)
    Token.objects.create(
        public_id=public_id,
        digest=_digest(secret, _keys()[0]),
        integration=integration,
        scopes=[scope for scope in SCOPES if scope in terms.scopes],
        tribe=terms.tribe,
        addresses=[str(ipaddress.ip_network(each)) for each in terms.addresses],
        created_at=at,
        expires_at=terms.expires_at,
    )
    return with_checksum(f"{PREFIX}_{public_id}_{secret}")


def check(terms: Terms, *, at: datetime) -> None:
    """Raise BadTerms where no token can have these terms."""
    known, unknown = ", ".join(SCOPES), [scope for scope in terms.scopes if scope not in SCOPES]
    if unknown:
        said = say("There is no scope “{scope}”. Scopes are {scopes}.", scope=unknown[0][:50], scopes=known)
        raise BadTerms("scopes", said)
    if not terms.scopes:
        raise BadTerms(
            "scopes", say("A token without scopes opens nothing. Scopes are {scopes}.", scopes=known)
        )
    too_wide = [scope for scope in terms.scopes if scope not in WITHIN_TRIBE]
    if terms.tribe is not None and too_wide:
        raise BadTerms(
            "scopes",
            count(
                too_wide,
                "A token that is limited to one tribe may have {scopes}; {wide} is about the whole organization.",
                "A token that is limited to one tribe may have {scopes}; {wide} are about the whole organization.",
                scopes=", ".join(WITHIN_TRIBE),
                wide=", ".join(too_wide),
            ),
        )
    for each in terms.addresses:
        try:
            ipaddress.ip_network(each)
        except ValueError:
            said = say(
                "“{text}” is no network. Write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.", text=each[:50]
            )
            raise BadTerms("addresses", said) from None
    if terms.expires_at is not None and terms.expires_at <= at:
        raise BadTerms("expires", say("A token must expire in the future."))


def rotate(token: Token, *, overlap: timedelta, at: datetime) -> str:
    """Return a new token on the same terms; the old one goes on for a while, so that nothing stops meanwhile.

    Raises BadTerms where the old one opens nothing any more.
    """
    with transaction.atomic():
        old = Token.objects.select_for_update().select_related("integration").get(pk=token.pk)
        if not is_open(old, at=at):
            raise BadTerms("", say("This token opens nothing any more. Create another one."))
        expires_at = old.expires_at + (at - old.created_at) if old.expires_at is not None else None
        new = issue_to(old.integration, Terms(old.scopes, old.tribe, old.addresses, expires_at), at=at)
        until = at + overlap
        old.expires_at = until if old.expires_at is None else min(until, old.expires_at)
        old.save(update_fields=["expires_at"])
    return new


def revoke(tokens: QuerySet[Token], *, at: datetime) -> int:
    """Revoke tokens at once and return how many there were that were not revoked yet."""
    return tokens.filter(revoked_at=None).update(revoked_at=at)


def open_tokens(at: datetime, of: str = "") -> Q:
    """Return the condition that a token still opens something; `of` is the way to it, such as `tokens__`."""
    never, later = Q(**{f"{of}expires_at": None}), Q(**{f"{of}expires_at__gt": at})
    return Q(**{f"{of}revoked_at": None}) & (never | later)


def is_open(token: Token, *, at: datetime) -> bool:
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > at)


def with_checksum(token: str) -> str:
    """Return a token with its checksum, by which scanners of source code recognize one without asking."""
    return f"{token}_{zlib.crc32(token.encode()):08x}"


# Recognizing


def with_role(user: Any, *, at: datetime) -> Any:
    """Return a user that is not asking, who has the role of its tokens where it is an integration's."""
    found = Token.objects.filter(open_tokens(at), integration__user=user, tribe=None)
    if scopes := {scope for own in found.values_list("scopes", flat=True) for scope in own}:
        user.role_names = {role_for(scopes)}
    return user


def recognize(text: str, *, at: datetime, address: str = "") -> Any:
    """Return the user whom a token belongs to, in the role its scopes give, with the token as `token`.

    Raises NotRecognized, or WrongAddress where it is used from elsewhere than it may be.
    """
    body, _, _ = text.rpartition("_")
    prefix, _, rest = body.partition("_")
    public_id, _, secret = rest.partition("_")
    if prefix != PREFIX or not public_id.isalnum() or len(public_id) > 16 or with_checksum(body) != text:
        raise NotRecognized("This is no whole token: its checksum does not fit. Was all of it copied?")
    found = Token.objects.select_related("integration__user").filter(public_id=public_id).first()
    known = found.digest if found is not None else ""
    matches = [constant_time_compare(known, _digest(secret, key)) for key in _keys()]  # all, whichever fits
    if found is None or not any(matches):
        raise NotRecognized("There is no such token.")
    _check_open(found, at)
    if found.addresses and not is_in(address, found.addresses):
        raise WrongAddress("This token may not be used from this address.")
    if found.last_used_at is None or at - found.last_used_at >= USED_EVERY:
        Token.objects.filter(pk=found.pk).update(last_used_at=at)
    user: Any = found.integration.user
    user.role_names = {role_for(found.scopes)}
    user.token = found
    return user


def _check_open(token: Token, at: datetime) -> None:
    """Raise NotRecognized where a token opens nothing any more; its holder may know why."""
    if token.integration.closed_at is not None or not token.integration.user.is_active:
        raise NotRecognized("The integration that this token belongs to is closed.")
    if token.revoked_at is not None:
        raise NotRecognized("This token was revoked. Ask an org designer for another one.")
    if token.expires_at is not None and token.expires_at <= at:
        raise NotRecognized(
            f"This token expired on {token.expires_at:%Y-%m-%d at %H:%M} UTC. Ask an org designer for another one."
        )


def is_in(address: str, networks: Iterable[str]) -> bool:
    """Say whether an address lies in one of some networks."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in ipaddress.ip_network(network) for network in networks)


def _keys() -> list[str]:
    """Return the keys of digests, the one for new tokens first."""
    pepper = [settings.TOKEN_PEPPER] if settings.TOKEN_PEPPER else []
    return [*pepper, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _digest(secret: str, key: str) -> str:
    return salted_hmac("orgmodel.integrations.token", secret, secret=key, algorithm="sha256").hexdigest()
