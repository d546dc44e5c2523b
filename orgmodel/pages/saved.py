"""Saved views: addresses with a name, for oneself or for everyone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import Resolver404, resolve

from orgmodel.access import roles
from orgmodel.changes.services import name_to_keep
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import say
from orgmodel.core.rules.integrity import storable
from orgmodel.pages.models import SavedView

NAME_LIMIT = 100
ADDRESS_LIMIT = 2_000
NO_PAGES = frozenset(
    {"login", "logout", "healthz", "readyz", "styleguide", "views", "view_edit", "export_zip"}
)
"""What answers to an address and is no view of the organization."""


def seen_by(user: Any) -> QuerySet[SavedView]:
    """Return the views of a user and those shared with everyone, by name."""
    return SavedView.objects.filter(Q(owner=user.pk) | Q(is_shared=True)).order_by("name", "pk")


def can_edit(user: Any, view: SavedView) -> bool:
    """Say whether a user may rename, unshare and remove a view: their own; org designers also what is shared."""
    return view.owner_id == user.pk or (view.is_shared and roles.can_design(user))


def save(user: Any, name: str, url: str, *, is_shared: bool, at: datetime) -> SavedView:
    """Keep an address under a name. The same once more is no second one. Raises Refused."""
    name, url = _checked_name(name), checked_address(url)
    known = SavedView.objects.filter(owner=user, name=name).first()
    if known is not None and known.url == url:
        return known
    view = SavedView(owner=user, name=name, url=url, is_shared=is_shared, created_at=at)
    return _stored(view)


def edit(view: SavedView, name: str, *, is_shared: bool) -> None:
    """Call a view otherwise, share it or keep it to oneself. Raises Refused."""
    view.name, view.is_shared = _checked_name(name), is_shared
    _stored(view)


def _stored(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        text = say("There is a view “{name}” already. Choose another name.", name=view.name)
        raise Refused(text, field="name") from None
    return view


def _checked_name(name: str) -> str:
    return name_to_keep(name, NAME_LIMIT, what=say("this view"))


def checked_address(url: str) -> str:
    """Return the address of a page of this application without its host. Raises Refused for any other."""
    url = url.strip()
    if len(url) > ADDRESS_LIMIT:
        raise Refused(say("An address may have {n:,} characters.", n=ADDRESS_LIMIT), field="url")
    if not storable(url) or not _is_page(url):
        text = say("Only pages of this application can be saved: an address that begins with “/”.")
        raise Refused(text, field="url")
    return url


def _is_page(url: str) -> bool:
    if not url.startswith("/") or url.startswith("//") or "\\" in url or not url.isprintable():
        return False
    try:
        match = resolve(unquote(urlsplit(url).path))
    except (Resolver404, ValueError):
        return False
    is_ours = match.url_name is not None and not url.startswith(("/api/", "/admin/"))
    return is_ours and match.url_name not in NO_PAGES and not getattr(match.func, "is_post_only", False)
