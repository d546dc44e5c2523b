from django.urls import path

from orgmodel.exports import views

urlpatterns = [
    path("drafts/<slug:key>/pack.pdf", views.draft_pack, name="draft_pack"),
    path("drafts/<slug:key>/links/", views.link_make, name="link_make"),
    path("drafts/<slug:key>/links/<int:link_id>/revoke/", views.link_revoke, name="link_revoke"),
    path("shared/<str:key>/", views.shared, name="shared"),
]
