"""Addresses of drafts, the log, and files in and out."""

from django.urls import path

from orgmodel.changes import compare_views, draft_views, file_views, review_views, time_views, views

urlpatterns = [
    path("drafts/", draft_views.drafts, name="drafts"),
    path("drafts/compare/", compare_views.compare, name="compare"),
    path("drafts/conflicts/", compare_views.conflicts, name="conflicts"),
    path("drafts/<slug:key>/", draft_views.draft, name="draft"),
    path("drafts/<slug:key>/board/", draft_views.draft_board, name="draft_board"),
    path("drafts/<slug:key>/changes/", draft_views.draft_changes, name="draft_changes"),
    path("drafts/<slug:key>/rename/", draft_views.draft_rename, name="draft_rename"),
    path("drafts/<slug:key>/undo/", draft_views.draft_undo, name="draft_undo"),
    path("drafts/<slug:key>/redo/", draft_views.draft_redo, name="draft_redo"),
    path("drafts/<slug:key>/remove/<int:position>/", draft_views.draft_remove, name="draft_remove"),
    path("drafts/<slug:key>/publish/", draft_views.draft_publish, name="draft_publish"),
    path("drafts/<slug:key>/discard/", draft_views.draft_discard, name="draft_discard"),
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
    path("import/", file_views.import_upload, name="import_upload"),
    path("export/orgmodel.zip", file_views.export_zip, name="export_zip"),
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
