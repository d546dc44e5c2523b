"""Saved views: addresses with a name, for oneself or for everyone."""

from __future__ import annotations

from typing import Any

import pytest

from orgmodel.pages.models import SavedView
from tests.build import an_org, save, squad, tribe

URL = "/people/?tribe=listen&level=I3"


@pytest.fixture
def planner(as_role: Any) -> Any:
    save(an_org(tribe("Listen", squad("Search", "Ana"))))
    return as_role("planner")


def kept(client: Any, **fields: Any) -> Any:
    return client.post("/views/", {"name": "Seniors", "url": URL, **fields})


def test_a_view_is_saved_and_listed_everywhere(planner: Any) -> None:
    answer = kept(planner)
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    assert planner.get(URL).status_code == 200
    link = f'href="{URL}"'.replace("&", "&amp;")
    for page in ("/views/", "/", "/search/", "/search/?q=senior"):
        assert link in planner.get(page).content.decode(), page


def test_the_rail_says_which_view_one_looks_at(planner: Any) -> None:
    kept(planner)
    link = f'href="{URL}" aria-current="page"'.replace("&", "&amp;")
    assert link in planner.get(URL).content.decode()
    assert link not in planner.get("/people/").content.decode()


def test_any_page_offers_to_be_pinned(planner: Any) -> None:
    html = planner.get("/people/?q=a&level=I3").content.decode()
    assert 'href="/views/?url=%2Fpeople%2F%3Fq%3Da%26level%3DI3"' in html
    form = planner.get("/views/?url=%2Fpeople%2F%3Fq%3Da%26level%3DI3").content.decode()
    assert 'value="/people/?q=a&amp;level=I3"' in form


def test_what_is_private_is_nobody_elses(planner: Any, as_role: Any) -> None:
    kept(planner)
    view = SavedView.objects.get()
    other = as_role("editor")
    assert "Seniors" not in other.get("/views/").content.decode()
    assert other.get(f"/views/{view.pk}/edit/").status_code == 404
    assert other.post(f"/views/{view.pk}/remove/").status_code == 404


def test_what_is_shared_is_for_everyone_to_see_and_for_its_owner_to_change(
    planner: Any, as_role: Any
) -> None:
    kept(planner, is_shared="on")
    view = SavedView.objects.get()
    viewer, designer = as_role("viewer"), as_role("org designer")
    html = viewer.get("/views/").content.decode()
    assert "Seniors" in html
    assert f"/views/{view.pk}/edit/" not in html
    assert viewer.post(f"/views/{view.pk}/remove/").status_code == 403
    assert designer.post(f"/views/{view.pk}/edit/", {"name": "Level 3", "is_shared": "on"}).status_code == 303
    assert SavedView.objects.get().name == "Level 3"


def test_renaming_keeps_it_to_oneself_again(planner: Any) -> None:
    kept(planner, is_shared="on")
    view = SavedView.objects.get()
    assert 'value="Seniors"' in planner.get(f"/views/{view.pk}/edit/").content.decode()
    assert planner.post(f"/views/{view.pk}/edit/", {"name": "Level 3"}).status_code == 303
    assert SavedView.objects.filter(name="Level 3", is_shared=False).exists()


def test_removing_twice_is_removing_once(planner: Any) -> None:
    kept(planner)
    view = SavedView.objects.get()
    assert [planner.post(f"/views/{view.pk}/remove/").status_code for _ in "12"] == [303, 303]
    assert not SavedView.objects.exists()


def test_saving_twice_is_saving_once_and_names_are_different(planner: Any) -> None:
    assert [kept(planner).status_code for _ in "12"] == [303, 303]
    assert SavedView.objects.count() == 1
    answer = kept(planner, url="/squads/")
    assert answer.status_code == 422
    assert "There is a view “Seniors” already. Choose another name." in answer.content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/people/",
        "/\\elsewhere.example/",
        "javascript:alert(1)",
        "people/",
        "/nothing/here/",
        "/logout/",
        "/moves/",
        "/admin/",
        "/api/v1/people/",
        "/people/\n/",
        "/people/?q=" + "x" * 2000,
        "",
        "\x00",
    ],
)
def test_only_pages_of_ours_are_saved(planner: Any, url: str) -> None:
    assert kept(planner, url=url).status_code == 422
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * 101])
def test_a_name_is_needed(planner: Any, name: str) -> None:
    assert kept(planner, name=name).status_code == 422


@pytest.mark.parametrize("pk", [0, 2**62, 10**30])
def test_numbers_that_are_none(planner: Any, pk: int) -> None:
    assert planner.get(f"/views/{pk}/edit/").status_code == 404
    assert planner.post(f"/views/{pk}/remove/").status_code == 303


def test_strangers_are_sent_to_the_login(client: Any, db: None) -> None:
    assert client.get("/views/").status_code == 302


def test_the_admin_lists_what_is_shared(planner: Any, as_role: Any) -> None:
    kept(planner, is_shared="on")
    designer = as_role("org designer")
    assert "Seniors" in designer.get("/admin/pages/savedview/").content.decode()
    assert designer.get(f"/admin/pages/savedview/{SavedView.objects.get().pk}/change/").status_code == 200
    assert designer.get("/admin/pages/savedview/add/").status_code == 403


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_takes_six_queries(planner: Any, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        kept(planner, name=f"View {number}")
    planner.get("/views/")
    with django_assert_num_queries(5):  # session, user, head, views, what the rail pins
        planner.get("/views/")


def test_the_palette_says_what_a_view_is_in_the_language_of_its_reader(planner: Any) -> None:
    kept(planner)
    kept(planner, name="Seniors of all", is_shared="on")
    html = planner.get("/search/?q=seniors", headers={"Accept-Language": "sv"}).content.decode()
    assert '<span class="m reg">sparad vy</span>' in html
    assert '<span class="m reg">sparad vy för alla</span>' in html
