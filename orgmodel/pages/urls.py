"""Pages that belong to no part of the organization: overview, first run, login, settings, search, health."""

from django.contrib.auth import views as auth_views
from django.urls import path

from orgmodel.pages import saved_views, views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("welcome/", views.welcome, name="welcome"),
    path("demo/remove/", views.demo_remove, name="demo_remove"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("settings/", views.settings_page, name="settings"),
    path("search/", views.search, name="search"),
    path("views/", saved_views.views, name="views"),
    path("views/<int:pk>/edit/", saved_views.view_edit, name="view_edit"),
    path("views/<int:pk>/remove/", saved_views.view_remove, name="view_remove"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
