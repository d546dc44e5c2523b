"""What one would write first: a `ModelViewSet` with nested `ModelSerializer`s over the same tables, well prefetched."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.viewsets import ModelViewSet

from guilds.models import Chapter, ChapterMember, Guild, GuildMember
from squads.models import Membership, Person, Role, Squad

REFERENCE = ("id", "key", "name")


class Hundred(PageNumberPagination):
    page_size = 100


def reference(of: Any) -> Any:
    """Return a serializer that shows a record of a model as a reference does."""
    meta = type("Meta", (), {"model": of, "fields": REFERENCE})
    return type(f"{of.__name__}Reference", (serializers.ModelSerializer,), {"Meta": meta})


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    squad = reference(Squad)()
    role = reference(Role)()

    class Meta:
        model = Membership
        fields = ("id", "squad", "role", "share", "kind", "since", "until")


class ChapterMemberSerializer(serializers.ModelSerializer[ChapterMember]):
    chapter = reference(Chapter)()

    class Meta:
        model = ChapterMember
        fields = ("chapter",)


class GuildMemberSerializer(serializers.ModelSerializer[GuildMember]):
    guild = reference(Guild)()

    class Meta:
        model = GuildMember
        fields = ("guild",)


class PersonSerializer(serializers.ModelSerializer[Person]):
    manager = reference(Person)()
    memberships = MembershipSerializer(many=True)
    chapters = ChapterMemberSerializer(many=True, source="chapter_members")
    guilds = GuildMemberSerializer(many=True, source="guild_members")

    class Meta:
        model = Person
        fields = (
            *("id", "key", "name", "email", "external_ids", "title", "craft", "level", "city", "time_zone"),
            *("working_hours", "employment", "status", "started_on", "manager", "leaves_on", "away_since"),
            *("away_until", "memberships", "chapters", "guilds"),
        )


class PersonViewSet(ModelViewSet[Person]):
    permission_classes = (IsAuthenticated,)
    renderer_classes = (JSONRenderer,)
    serializer_class = PersonSerializer
    pagination_class = Hundred
    queryset = (
        Person.objects.select_related("manager")
        .prefetch_related("memberships__squad", "memberships__role")
        .prefetch_related("chapter_members__chapter", "guild_members__guild")
        .order_by("key")
    )
