"""What identity providers say of people and groups, beyond what the organization's own records hold.

A user here is a person there, and has the person's id. None of these tables is part of the organization: who is in
which squad is decided by records, which change through operations like any other.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from orgmodel.changes.fields import IdField
from orgmodel.changes.models import new_id

TEXT_LIMIT = 254


class ScimUser(models.Model):
    """A person whom an identity provider manages: the user as it was sent, and by what it is looked up."""

    person = IdField(primary_key=True)  # no reference: undoing the hire of a person must be possible
    user_name = models.CharField(max_length=TEXT_LIMIT)  # as it is compared, in lower case
    external_id = models.CharField(max_length=TEXT_LIMIT, blank=True)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    deactivated_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "SCIM user"
        constraints = [
            models.UniqueConstraint(
                fields=["user_name"], condition=Q(deleted_at=None), name="scim_scimuser_user_name"
            )
        ]
        indexes = [
            models.Index(fields=["external_id"], name="scim_scimuser_external_id"),
            models.Index(fields=["person"], condition=Q(deleted_at=None), name="scim_scimuser_live"),
            models.Index(
                fields=["person"], condition=Q(deactivated_at__isnull=False), name="scim_scimuser_deactivated"
            ),
        ]

    def __str__(self) -> str:
        return self.user_name


class ScimEmail(models.Model):
    """An email address that a user was sent with, as it is compared."""

    user = models.ForeignKey(ScimUser, on_delete=models.CASCADE, related_name="emails")
    value = models.CharField(max_length=TEXT_LIMIT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["value", "user"], name="scim_scimemail_value"),
        ]

    def __str__(self) -> str:
        return self.value


class ScimGroup(models.Model):
    """A group of an identity provider, which may be linked to a unit of the organization."""

    id = IdField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=TEXT_LIMIT)
    name_key = models.CharField(max_length=TEXT_LIMIT)  # as it is compared, in lower case
    external_id = models.CharField(max_length=TEXT_LIMIT, blank=True)
    edition = models.PositiveIntegerField(default=1)  # counts what the identity provider changed
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    unit_kind = models.CharField(max_length=10, blank=True)  # squad, tribe, chapter or guild
    unit = IdField(null=True, blank=True)  # no reference, as for people
    moves = models.BooleanField(default=False)  # whether who joins leaves the squad or chapter they are in

    class Meta:
        verbose_name = "SCIM group"
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="scim_scimgroup_name"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(unit__isnull=False), name="scim_scimgroup_unit"
            ),
            models.CheckConstraint(
                condition=Q(unit_kind="", unit__isnull=True)
                | Q(unit_kind__in=("squad", "tribe", "chapter", "guild"), unit__isnull=False),
                name="scim_scimgroup_linked_whole",
            ),
        ]
        indexes = [models.Index(fields=["external_id"], name="scim_scimgroup_external_id")]

    def __str__(self) -> str:
        return self.name


class ScimMember(models.Model):
    """A person in a group. Where the group is linked, `managed` says that SCIM made them a member of the unit."""

    group = models.ForeignKey(ScimGroup, on_delete=models.CASCADE, related_name="members")
    person = IdField()
    managed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="scim_scimmember_group_person"),
        ]
        indexes = [models.Index(fields=["person"], name="scim_scimmember_person")]

    def __str__(self) -> str:
        return f"{self.person} in {self.group_id}"
