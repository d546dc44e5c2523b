"""Logins in the admin: who they are and which role they have. Users are not part of the modelled organization."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _

from orgmodel.access import roles
from orgmodel.access.admin_site import ForDesigners

MEANINGS = {
    roles.VIEWER: _("viewer: reads"),
    roles.PLANNER: _("planner: has drafts of their own"),
    roles.EDITOR: _("editor: publishes"),
    roles.ORG_DESIGNER: _("org designer: also keeps the organization here"),
}


class RoleField(forms.ChoiceField):
    def __init__(self) -> None:
        choices = [("", _("no role: cannot see anything")), *((role, MEANINGS[role]) for role in roles.ROLES)]
        super().__init__(label=_("Role"), choices=choices, required=False)


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]
    role = RoleField()


class UserForm(UserChangeForm):  # type: ignore[type-arg]
    role = RoleField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["role"] = roles.role_of(self.instance) or ""


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [*roles.IN_WORDS.items()]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(groups__name=self.value()) if self.value() in roles.ROLES else queryset


admin.site.unregister(User)
admin.site.unregister(Group)  # a role is chosen with the user; groups and permissions decide nothing else


@admin.register(User)
class UserAdmin(ForDesigners, auth_admin.UserAdmin):  # type: ignore[type-arg]
    form = UserForm
    add_form = NewUserForm
    list_display = ("username", "full_name", "email", "role", "is_active", "last_login")
    list_filter = (RoleFilter, "is_active")
    search_help_text = _("Login, name or email")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Who it is"), {"fields": ("first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("role", "is_active")}),
        (_("When"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "usable_password", "password1", "password2", "role")}),)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("full name"))
    def full_name(self, row: Any) -> str:
        return str(row.get_full_name())

    @admin.display(description=_("role"))
    def role(self, row: Any) -> str:
        held = {group.name for group in row.groups.all()}
        found = next((role for role in reversed(roles.ROLES) if role in held or row.is_superuser), None)
        return str(roles.IN_WORDS[found]) if found is not None else "—"

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        # Nobody locks themselves out: another designer takes the role away.
        own = ("role_shown", "is_active") if obj is not None and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or obj.pk != request.user.pk:
            return fieldsets
        return [
            (title, {"fields": tuple("role_shown" if f == "role" else f for f in options["fields"])})
            for title, options in fieldsets
        ]

    @admin.display(description=_("role"))
    def role_shown(self, row: Any) -> str:
        words = _("{role} (your own: ask another org designer to change it)")
        return words.format(role=roles.in_words(row))

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "role" in form.cleaned_data and form.instance.pk != request.user.pk:
            self._give_role(form.instance, form.cleaned_data["role"])

    def _give_role(self, user: Any, role: str) -> None:
        user.groups.remove(*Group.objects.filter(name__in=roles.ROLES))
        if role:
            user.groups.add(Group.objects.get_or_create(name=role)[0])

    def get_actions(self, request: Any) -> Any:
        return {}

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.pk != request.user.pk)
