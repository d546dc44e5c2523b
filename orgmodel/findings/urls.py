from django.urls import path

from orgmodel.findings import leading_views, rule_views, views

urlpatterns = [
    path("findings/", views.findings, name="findings"),
    path("findings/rules/", rule_views.rules, name="rules"),
    path("findings/rules/preset/", rule_views.preset, name="rules_preset"),
    path("findings/rules/<str:code>/", rule_views.rule_edit, name="rule_edit"),
    path("findings/rules/<str:code>/reset/", rule_views.rule_reset, name="rule_reset"),
    path("findings/decisions/", leading_views.decisions, name="decisions"),
    path("findings/leaders/", leading_views.leaders, name="leaders"),
    path("findings/resilience/", leading_views.resilience, name="resilience"),
    path("findings/<str:key>/", views.finding, name="finding"),
    path("findings/<str:key>/say/", views.finding_waive, name="finding_waive"),
    path("findings/<str:key>/reopen/", views.finding_reopen, name="finding_reopen"),
    path("findings/<str:key>/fix/", views.finding_fix, name="finding_fix"),
]
