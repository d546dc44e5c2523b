"""Addresses of drafts, the log, and files in and out."""

from django.urls import path

from orgmodel.changes import (
    compare_views,
    draft_list_views,
    draft_views,
    file_views,
    publish_views,
    review_views,
    time_views,
    views,
)

urlpatterns = [
    path("drafts/", draft_list_views.drafts, name="drafts"),
    path("drafts/compare/", compare_views.compare, name="compare"),
    path("drafts/conflicts/", compare_views.conflicts, name="conflicts"),
    path("drafts/<slug:key>/", draft_views.draft, name="draft"),
    path("drafts/<slug:key>/board/", draft_views.draft_board, name="draft_board"),
    path("drafts/<slug:key>/changes/", draft_views.draft_changes, name="draft_changes"),
    path("drafts/<slug:key>/undo/", draft_views.draft_undo, name="draft_undo"),
    path("drafts/<slug:key>/redo/", draft_views.draft_redo, name="draft_redo"),
    path(
        "drafts/<slug:key>/operations/<int:position>/remove/", draft_views.draft_remove, name="draft_remove"
    ),
    path("drafts/<slug:key>/operations/<int:position>/park/", draft_views.draft_park, name="draft_park"),
    path(
        "drafts/<slug:key>/operations/<int:position>/take-up/",
        draft_views.draft_take_up,
        name="draft_take_up",
    ),
    path("drafts/<slug:key>/operations/<int:position>/note/", draft_views.draft_note, name="draft_note"),
    path(
        "drafts/<slug:key>/operations/<int:position>/redo-on-today/",
        draft_views.draft_redo_on_today,
        name="draft_redo_on_today",
    ),
    path("drafts/<slug:key>/publish/", publish_views.draft_publish, name="draft_publish"),
    path("drafts/<slug:key>/schedule/", publish_views.draft_schedule, name="draft_schedule"),
    path("drafts/<slug:key>/unschedule/", publish_views.draft_unschedule, name="draft_unschedule"),
    path("drafts/<slug:key>/rename/", draft_list_views.draft_rename, name="draft_rename"),
    path("drafts/<slug:key>/duplicate/", draft_list_views.draft_duplicate, name="draft_duplicate"),
    path("drafts/<slug:key>/archive/", draft_list_views.draft_archive, name="draft_archive"),
    path("drafts/<slug:key>/reopen/", draft_list_views.draft_reopen, name="draft_reopen"),
    path("drafts/<slug:key>/delete/", draft_list_views.draft_delete, name="draft_delete"),
    path("drafts/<slug:key>/review/", review_views.draft_review, name="draft_review"),
    path("drafts/<slug:key>/edit/", review_views.draft_edit, name="draft_edit"),
    path("drafts/<slug:key>/share/", review_views.draft_share, name="draft_share"),
    path("drafts/<slug:key>/share/<int:user_id>/remove/", review_views.draft_uninvite, name="draft_uninvite"),
    path("drafts/<slug:key>/visibility/", review_views.draft_visibility, name="draft_visibility"),
    path("drafts/<slug:key>/comments/", review_views.draft_comment, name="draft_comment"),
    path(
        "drafts/<slug:key>/comments/<int:position>/", review_views.draft_comment_on, name="draft_comment_on"
    ),
    path("drafts/<slug:key>/approve/", review_views.draft_approve, name="draft_approve"),
    path("drafts/<slug:key>/briefings/", review_views.draft_briefings, name="draft_briefings"),
    path("drafts/<slug:key>/compare/", compare_views.draft_compare, name="draft_compare"),
    path("drafts/<slug:key>/impact/", compare_views.draft_impact, name="draft_impact"),
    path("drafts/<slug:key>/give-home/", compare_views.draft_give_home, name="draft_give_home"),
    path("export/orgmodel.zip", file_views.export_zip, name="export_zip"),
    path("export/orgmodel.xlsx", file_views.export_xlsx, name="export_xlsx"),
    path("export/orgmodel.ndjson", file_views.export_ndjson, name="export_ndjson"),
    path("export/orgmodel.yaml", file_views.export_yaml, name="export_yaml"),
    path("changes/", time_views.between, name="between"),
    path("digest/", time_views.digest_now, name="digest_now"),
    path("digest/<int:year>-W<int:week>/", time_views.digest, name="digest"),
    path("snapshots/", time_views.snapshots, name="snapshots"),
    path("snapshots/<slug:key>/rename/", time_views.snapshot_rename, name="snapshot_rename"),
    path("snapshots/<slug:key>/remove/", time_views.snapshot_remove, name="snapshot_remove"),
    path("history/", views.history, name="history"),
    path("history/<int:version>/", views.change_set, name="change_set"),
    path("history/<int:version>/undo/", views.undo, name="undo"),
    path("history/<int:version>/reverse/", views.reverse_draft, name="reverse_draft"),
]
