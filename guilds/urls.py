from django.urls import path

from guilds import views

urlpatterns = [
    path("chapters/", views.chapters, name="chapters"),
    path("chapters/new/", views.chapter_new, name="chapter_new"),
    path("chapters/change/", views.chapter_change, name="chapter_change"),
    path("chapters/<str:key>/", views.chapter, name="chapter"),
    path("chapters/<str:key>/edit/", views.chapter_edit, name="chapter_edit"),
    path("chapters/<str:key>/lead/", views.chapter_lead, name="chapter_lead"),
    path("chapters/<str:key>/tribe/", views.chapter_move, name="chapter_move"),
    path("chapters/<str:key>/merge/", views.chapter_merge, name="chapter_merge"),
    path("chapters/<str:key>/close/", views.chapter_close, name="chapter_close"),
    path("chapters/<str:key>/reopen/", views.chapter_reopen, name="chapter_reopen"),
    path("guilds/", views.guilds, name="guilds"),
    path("guilds/new/", views.guild_new, name="guild_new"),
    path("guilds/add/", views.guild_add_people, name="guild_add_people"),
    path("guilds/<str:key>/", views.guild, name="guild"),
    path("guilds/<str:key>/edit/", views.guild_edit, name="guild_edit"),
    path("guilds/<str:key>/coordinator/", views.guild_coordinator, name="guild_coordinator"),
    path("guilds/<str:key>/close/", views.guild_close, name="guild_close"),
    path("guilds/<str:key>/reopen/", views.guild_reopen, name="guild_reopen"),
    path("guilds/<str:key>/people/<str:person_key>/", views.guild_member, name="guild_member"),
    path("guilds/<str:key>/leave/", views.guild_leave, name="guild_leave"),
]
