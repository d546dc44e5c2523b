from django.urls import path

from orgmodel.exports import views

urlpatterns = [
    path("drafts/<slug:key>/pack.pdf", views.draft_pack, name="draft_pack"),
]
