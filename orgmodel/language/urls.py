from django.urls import path

from orgmodel.language import views

urlpatterns = [
    path("settings/words/", views.words, name="words"),
    path("settings/words/<str:term>/", views.word_edit, name="word_edit"),
    path("settings/words/<str:term>/reset/", views.word_reset, name="word_reset"),
]
