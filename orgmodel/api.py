"""Routing of the REST API: every resource, registered in one list."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from guilds import api as guilds
from orgmodel.exports.api import DraftLinkViewSet
from orgmodel.findings import api as findings
from orgmodel.integrations.drafts import DraftViewSet, FreezeListView
from orgmodel.integrations.exports import ExportView
from orgmodel.integrations.feed import FeedView
from orgmodel.integrations.imports import ImportView
from orgmodel.integrations.log import ChangeSetViewSet
from orgmodel.integrations.overview import DocsView, OperationListView, OrganizationView, ProblemView
from orgmodel.integrations.snapshots import SnapshotViewSet
from orgmodel.language import api as language
from orgmodel.pages.api import SavedViewViewSet
from orgmodel.scim.api import ScimGroupViewSet
from orgmodel.webhooks.api import WebhookViewSet
from squads import api as squads

RESOURCES = (
    ("people", squads.PersonViewSet),
    ("moves", squads.MoveViewSet),
    ("rotations", squads.RotationViewSet),
    ("squads", squads.SquadViewSet),
    ("memberships", squads.MembershipViewSet),
    ("tribes", squads.TribeViewSet),
    ("chapters", guilds.ChapterViewSet),
    ("chapter-members", guilds.ChapterMemberViewSet),
    ("guilds", guilds.GuildViewSet),
    ("guild-members", guilds.GuildMemberViewSet),
    ("missions", squads.MissionViewSet),
    ("vacancies", squads.VacancyViewSet),
    ("roles", squads.RoleViewSet),
    ("domains", squads.DomainViewSet),
    ("systems", squads.SystemViewSet),
    ("system-owners", squads.SystemOwnerViewSet),
    ("person-skills", squads.PersonSkillViewSet),
    ("dependencies", squads.DependencyViewSet),
    ("coachings", squads.CoachingViewSet),
    ("findings", findings.FindingViewSet),
    ("rules", findings.RuleViewSet),
    ("waivers", findings.WaiverViewSet),
    ("words", language.WordViewSet),
    ("views", SavedViewViewSet),
    ("drafts", DraftViewSet),
    ("drafts/(?P<key>[^/]+)/links", DraftLinkViewSet),
    ("change-sets", ChangeSetViewSet),
    ("snapshots", SnapshotViewSet),
    ("webhooks", WebhookViewSet),
    ("scim-groups", ScimGroupViewSet),
)

router = SimpleRouter()
for name, resource in RESOURCES:
    router.register(name, resource, basename=f"api-{name}")

urlpatterns = [
    path("", include(router.urls)),
    path("org/", OrganizationView.as_view(), name="api-org"),
    path("changes/", FeedView.as_view(), name="api-changes"),
    path("exports/", ExportView.as_view(), name="api-exports"),
    path("imports/", ImportView.as_view(), name="api-imports"),
    path("freezes/", FreezeListView.as_view(), name="api-freezes"),
    path("operations/", OperationListView.as_view(), name="api-operations"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("problems/<slug:name>/", ProblemView.as_view(), name="api-problem"),
    path("docs/", DocsView.as_view(), name="api-docs"),
]
