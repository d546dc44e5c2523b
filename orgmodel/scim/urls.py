from django.urls import path, re_path

from orgmodel.scim import group_pages, views

urlpatterns = [
    path("scim/groups/", group_pages.scim_groups, name="scim_groups"),
    path("scim/groups/<uuid:id_>/", group_pages.scim_group, name="scim_group"),
    path("scim/groups/<uuid:id_>/link/", group_pages.scim_group_link, name="scim_group_link"),
    path("scim/groups/<uuid:id_>/unlink/", group_pages.scim_group_unlink, name="scim_group_unlink"),
    re_path(r"^scim/v2(?P<path>/.*)?$", views.scim, name="scim"),
]
