"""Forms of the pages on which a draft is talked about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.access import roles
from orgmodel.changes.drafts import header_label
from orgmodel.changes.forms import TextField
from orgmodel.changes.models import Draft, DraftShare
from orgmodel.changes.page_forms import DraftForm, day_field, words_field
from orgmodel.changes.services import MESSAGE_LIMIT
from orgmodel.core.org import Org

LISTED = 500  # logins offered by name; in a larger company the login is typed


def _label_now(name: str) -> str:
    return capfirst(header_label(name))


_label: Any = lazy(_label_now, str)


def _text(name: str, rows: int, help_text: Any) -> TextField:
    return TextField(
        label=_label(name),
        max_length=500 if rows == 1 else MESSAGE_LIMIT,
        required=False,
        widget=forms.TextInput() if rows == 1 else forms.Textarea({"rows": rows}),
        help_text=help_text,
    )


class HeaderForm(DraftForm):
    """What a draft is for, at which price, when, and how anyone will know that it worked."""

    problem = _text(
        "problem",
        3,
        gettext_lazy("What does not work today, and how you know. A problem of structure, not of a person."),
    )
    intent = _text("intent", 1, gettext_lazy("What will be so afterwards."))
    trade_offs = _text("trade_offs", 2, gettext_lazy("What becomes worse for it, on purpose."))
    effective_on = day_field(label=gettext_lazy("Effective date"), required=False)
    announce_on = day_field(label=gettext_lazy("Announcement date"), required=False)
    success = _text("success", 2, gettext_lazy("What you will measure, from where to where."))
    review_on = day_field(
        label=gettext_lazy("Review date"),
        required=False,
        help_text=gettext_lazy("When you will look whether it worked."),
    )
    rollback_plan = _text("rollback_plan", 2, gettext_lazy("What would make you take it back, and how."))
    keep_together = words_field(
        gettext_lazy("Keep together"),
        gettext_lazy("People who work well together: one group on each line, names separated by commas."),
    )

    def __init__(self, data: Any = None, *, draft: Draft, org: Org) -> None:
        names = (
            "name",
            "problem",
            "intent",
            "trade_offs",
            "effective_on",
            "announce_on",
            "success",
            "review_on",
        )
        initial: dict[str, Any] = {name: getattr(draft, name) for name in (*names, "rollback_plan")}
        groups = (
            [org.people[id_].name for id_ in group if id_ in org.people] for group in draft.keep_together
        )
        initial["keep_together"] = "\n".join(", ".join(group) for group in groups)
        super().__init__(data, initial=initial)
        self._org = org

    def clean_keep_together(self) -> list[list[str]]:
        lines = self.cleaned_data["keep_together"].splitlines()
        return [
            group
            for line in lines
            if (group := [self._person(name) for name in line.split(",") if name.strip()])
        ]

    def _person(self, name: str) -> str:
        """Return the id of the person of this name or key."""
        wanted = " ".join(name.split())
        by_key = self._org.find("person", wanted)
        if by_key is not None:
            return by_key.id
        found = [
            p.id for p in self._org.people.values() if p.name.casefold() == wanted.casefold() and p.is_here
        ]
        if not found:
            raise ValidationError(_("Nobody is called “{name}”.").format(name=wanted[:100]))
        if len(found) > 1:
            words = _("{n} people are called “{name}”. Use the key from the address of their page.")
            raise ValidationError(words.format(n=len(found), name=wanted[:100]))
        return found[0]

    def values(self) -> dict[str, Any]:
        """Return what `drafts.describe` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "name"}


class CommentForm(forms.Form):
    body = words_field(
        gettext_lazy("Comment"),
        gettext_lazy("@login mentions someone who was invited; it appears on their overview."),
        required=True,
    )


class ShareForm(forms.Form):
    """Invites someone, chosen by login."""

    user = forms.CharField(
        label=gettext_lazy("Who"),
        max_length=150,
        widget=forms.TextInput({"list": "logins", "autocomplete": "off"}),
    )
    can = forms.ChoiceField(
        label=gettext_lazy("May do"), choices=DraftShare.Can, initial=DraftShare.Can.COMMENT
    )
    tribe = forms.ChoiceField(
        label=gettext_lazy("Which part"),
        required=False,
        help_text=gettext_lazy("A leader who gets a part sees and edits only that tribe."),
    )
    is_reviewer = forms.BooleanField(label=gettext_lazy("Ask for a review"), required=False)

    def __init__(self, data: Any = None, *, org: Org) -> None:
        super().__init__(data)
        tribes = [(tribe.id, tribe.name) for tribe in org.tribes_by_name()]
        self.fields["tribe"].choices = [("", _("All of it")), *tribes]  # type: ignore[attr-defined]

    @property
    def logins(self) -> list[tuple[str, str]]:
        """Those who may be invited, by login, with their names."""
        users = get_user_model().objects.filter(is_active=True, groups__name__in=roles.ROLES).distinct()
        return [(u.get_username(), roles.name_of(u)) for u in users.order_by("username")[:LISTED]]

    def clean_user(self) -> Any:
        login = self.cleaned_data["user"].strip()
        found = (
            get_user_model().objects.filter(username=login, is_active=True).first()
            if "\0" not in login
            else None
        )
        if found is None or not roles.can_view(found):
            raise ValidationError(
                _("Nobody logs in as “{login}”. An org designer adds logins in the admin.").format(
                    login=login[:100]
                )
            )
        return found

    def clean_tribe(self) -> str | None:
        return self.cleaned_data["tribe"] or None


class VisibilityForm(forms.Form):
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"), choices=Draft.Visibility, widget=forms.RadioSelect
    )


class BriefingForm(forms.Form):
    on = day_field(
        label=gettext_lazy("Talk with them on"),
        required=False,
        help_text=gettext_lazy("Empty: no talk is planned any more."),
    )
    all = forms.BooleanField(label=gettext_lazy("Everyone on this list"), required=False)
