"""Splitting, merging, forming and closing whole units from their pages: what they foresee, do, refuse, and cost."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from orgmodel.changes import drafts, services
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.changes import diff
from orgmodel.core.operations import ApplyChanges, CloseSquad, MovePeople, RenameSquad
from orgmodel.core.org import Org
from tests.build import an_org, chapter, id_of, mission, person, role, save, squad, tribe, vacancy
from tests.web.test_operation_forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def org() -> Any:
    save(
        an_org(
            role("Product owner", leads=True),
            mission("Listen anywhere"),
            tribe(
                "Listen",
                squad(
                    "Radio",
                    *("Ana", "Ben", "Cleo", "Dan"),
                    shares={"Ana": 50},
                    roles={"Ben": "Product owner"},
                    mission="Listen anywhere",
                ),
                squad("Offline", "Ana", "Fay", shares={"Ana": 30}),
                chapter("Backend", "Ana", "Cleo", lead="Ana"),
                chapter("Design", "Ben"),
            ),
            tribe("Ads", squad("Spots", "Gus")),
            vacancy("Engineer", squad="Radio"),
            person("Hal"),
        )
    )
    return services.current


def page_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def foreseen(answer: Any) -> str:
    """Return the words of the preview, without markup."""
    text = page_of(answer)
    part = text[text.index('id="foresight"') :]
    return " ".join(re.sub(r"<[^>]+>", " ", part[: part.index("</section>")]).split()[1:])


def sent(browser: Any, url: str, **values: Any) -> dict[str, Any]:
    """Return the form at an address as a browser would send it, with some of it filled in."""
    return fields_of(browser.get(url)) | values


def squad_named(name: str) -> Any:
    return next(s for s in services.current().squads.values() if s.name == name)


def members(name: str) -> list[str]:
    now = services.current()
    return sorted(now.people[m.person].name for m in now.memberships_in(squad_named(name).id))


def test_everybody_stays_by_default(as_role: Any) -> None:
    page = as_role("editor").get("/squads/radio/split/")
    assert "checked" not in page_of(page).split('class="f sides picker"')[1].split("</fieldset>")[0]
    assert foreseen(page).endswith("Choose who goes to the new squad.")


def test_a_split_goes_live_with_everything_that_was_chosen(as_role: Any) -> None:
    editor, url = as_role("editor"), "/squads/radio/split/"
    body = sent(
        editor,
        url,
        name="Vinyl",
        people=["cleo", "dan"],
        vacancies="engineer",
        product_owner="Cleo",
        mission="Listen anywhere",
        stays_as="Waves",
        reason="Two products.",
    )
    answer = editor.post(url, body)
    assert (answer.status_code, answer["Location"]) == (303, "/squads/radio/")
    assert (members("Waves"), members("Vinyl")) == (["Ana", "Ben"], ["Cleo", "Dan"])
    now, vinyl = services.current(), squad_named("Vinyl")
    owner = now.holder(vinyl.id, "product-owner")
    assert owner is not None
    assert owner.name == "Cleo"
    assert [v.title for v in now.vacancies_in("squad", vinyl.id)] == ["Engineer"]
    assert squad_named("Waves").mission is None  # the box was not checked
    change_set = ChangeSet.objects.latest("version")
    assert change_set.sentences == ["Split Radio into Waves and Vinyl with Cleo and Dan"]
    assert change_set.message == "Two products."


def test_a_split_sent_twice_splits_once(as_role: Any) -> None:
    editor, url = as_role("editor"), "/squads/radio/split/"
    body = sent(editor, url, name="Vinyl", people=["cleo", "dan"])
    answers = [editor.post(url, body)["Location"] for _ in range(2)]
    assert answers == ["/squads/radio/", "/squads/vinyl/"]
    assert services.current().version == 2


def test_a_planner_splits_in_a_draft_that_two_clicks_start_once(as_role: Any) -> None:
    planner, url = as_role("planner"), "/squads/radio/split/"
    body = sent(planner, url, name="Vinyl", people=["cleo", "dan"])
    first, second = planner.post(url, body), planner.post(url, body)
    draft = Draft.objects.get()
    assert first["Location"] == f"/squads/radio/?draft={draft.key}"
    assert second["Location"] == f"/squads/vinyl/?draft={draft.key}"
    assert [str(m) for m in get_messages(first.wsgi_request)] == [
        f"Draft “{draft.name}” started. Split Vinyl off Radio with Cleo and Dan. Nothing is live until you publish."
    ]


@pytest.mark.parametrize(
    ("url", "values", "field", "words"),
    [
        ("/squads/radio/split/", {"name": "Vinyl"}, "", "Choose who goes to the new squad."),
        ("/squads/radio/split/", {"name": "Vinyl", "people": "fay"}, "", "Fay is not in Radio."),
        (
            "/squads/radio/split/",
            {"name": "Vinyl", "people": "nobody"},
            "",
            "Something chosen here is not there any more.",
        ),
        (
            "/squads/radio/split/",
            {"name": "Vinyl", "people": ["ana", "ben", "cleo", "dan"]},
            "",
            "Nobody would stay in Radio. Rename it instead.",
        ),
        ("/squads/radio/split/", {"people": "cleo"}, "id_name_error", "This field is required."),
        (
            "/squads/radio/split/",
            {"name": "offline", "people": "cleo"},
            "id_name_error",
            "There is already a squad “offline” in Listen",
        ),
        (
            "/squads/radio/split/",
            {"name": "Vinyl", "people": "cleo", "product_owner": "Ana"},
            "id_product_owner_error",
            "Ana is not in Vinyl",
        ),
        ("/squads/radio/merge/", {"stays": "radio"}, "", "Choose at least one squad to merge into Radio."),
        ("/squads/radio/merge/", {"stays": "nowhere"}, "", "not one of the available choices"),
        (
            "/squads/radio/merge/",
            {"stays": "radio", "further": "Nowhere"},
            "id_further_error",
            "There is no squad “Nowhere”.",
        ),
        ("/tribes/listen/split/", {"name": "Live"}, "", "Choose which squads go to the new tribe."),
        ("/chapters/backend/tribe/", {"tribe": "listen"}, "id_tribe_error", "Backend is in Listen already."),
        ("/squads/form/", {"name": "Vinyl"}, "id_people_error", "This field is required."),
        ("/rotations/new/", {"people": "Ana\nFay"}, "id_people_error", "Ana is in Offline already."),
        ("/squads/radio/close/", {"to": "radio"}, "id_to_error", "Radio cannot hand over to itself."),
    ],
)
def test_what_is_refused_is_said_at_its_field(
    as_role: Any, url: str, values: dict[str, Any], field: str, words: str
) -> None:
    editor = as_role("editor")
    answer = editor.post(url, sent(editor, url) | values)
    assert answer.status_code == 422
    assert words in page_of(answer)
    assert not field or re.search(rf'id="{field}".*?{re.escape(words)}', page_of(answer), re.DOTALL)
    assert services.current().version == 1


def commit(operation: Any) -> None:
    services.commit([operation], actor=services.Actor("Eve"), message="", source="web", at=timezone.now())


def test_a_name_that_has_changed_meanwhile_is_a_conflict_and_can_be_overruled(as_role: Any) -> None:
    editor, url = as_role("editor"), "/squads/offline/merge/"
    body = sent(editor, url, stays="radio", name="Waves")
    commit(RenameSquad(id=id_of("Radio"), name="Stations"))
    answer = editor.post(url, body)
    assert answer.status_code == 409
    assert "Somebody changed the name of Stations meanwhile: it was Radio, it is Stations now." in page_of(
        answer
    )
    shown = re.search(r'name="shown" value="(.*?)" id=', page_of(answer))
    assert shown is not None
    assert editor.post(url, body | {"shown": shown[1]}).status_code == 303
    assert squad_named("Waves").id == id_of("Radio")


def test_a_split_conflicts_at_the_name_it_gives_to_the_rest(as_role: Any) -> None:
    editor, url = as_role("editor"), "/squads/radio/split/"
    body = sent(editor, url, name="Vinyl", people="cleo", stays_as="Waves")
    commit(RenameSquad(id=id_of("Radio"), name="Stations"))
    answer = editor.post(url, body)
    assert answer.status_code == 409
    assert 'id="id_stays_as_error"' in page_of(answer)
    assert (
        editor.post(url, body | {"shown": "{"}).status_code == 303
    )  # nothing was seen, so nothing conflicts


def test_someone_who_has_moved_away_meanwhile_is_named(as_role: Any) -> None:
    editor, url = as_role("editor"), "/squads/radio/split/"
    body = sent(editor, url, name="Vinyl", people=["cleo", "dan"])
    commit(MovePeople(people=(id_of("Cleo"),), to=id_of("Offline"), source=id_of("Radio")))
    answer = editor.post(url, body)
    assert (answer.status_code, "Cleo is not in Radio." in page_of(answer)) == (422, True)


def test_a_merge_goes_to_the_one_that_stays(as_role: Any) -> None:
    editor, url = as_role("editor"), "/squads/radio/merge/"
    body = sent(editor, url, squads="radio", stays="offline", further="Spots", hands_over="on", name="Waves")
    answer = editor.post(url, body)
    assert answer.status_code == 303
    assert members("Waves") == ["Ana", "Ben", "Cleo", "Dan", "Fay", "Gus"]
    now = services.current()
    assert squad_named("Waves").mission == id_of("Listen anywhere")
    assert [v.title for v in now.vacancies_in("squad", id_of("Offline"))] == ["Engineer"]
    assert ChangeSet.objects.latest("version").sentences == [
        "Merge squads Radio and Spots into Offline as Waves"
    ]
    undone = editor.post("/history/2/undo/")
    assert undone.status_code == 303
    assert (members("Radio"), members("Offline")) == (["Ana", "Ben", "Cleo", "Dan"], ["Ana", "Fay"])


def test_without_its_vacancies_a_merge_says_what_it_leaves_behind(as_role: Any) -> None:
    editor, url = as_role("editor"), "/squads/radio/merge/"
    body = sent(editor, url, stays="offline")
    assert "Radio closes but still holds the vacancy Engineer." in foreseen(
        editor.post(url, body | {"preview": "1"})
    )
    answer = editor.post(url, body)
    assert answer.status_code == 422
    assert "Radio closes but still holds the vacancy Engineer." in page_of(answer)


def test_the_preview_changes_nothing_with_and_without_htmx(as_role: Any) -> None:
    editor, url = as_role("editor"), "/squads/radio/split/"
    body = sent(editor, url, people=["cleo", "dan"], preview="1")
    whole = editor.post(url, body)
    fragment = editor.post(url, body, headers={"HX-Request": "true"})
    assert (whole.status_code, fragment.status_code) == (200, 200)
    assert foreseen(whole) == foreseen(fragment)
    assert "Radio 4 → 2" in re.sub(r"(Radio) .*?( \d+ → \d+)", r"\1\2", foreseen(fragment), count=1)
    assert "The new squad new" in foreseen(fragment)
    assert ("<html" in page_of(whole), "<html" in page_of(fragment)) == (True, False)
    assert len(re.findall(r'name="people"[^>]*checked', page_of(whole))) == 2
    assert services.current().version == 1


def test_a_preview_is_refused_like_the_form_itself(as_role: Any) -> None:
    viewer = as_role("viewer")
    for headers in ({"HX-Request": "true"}, {}):
        answer = viewer.post("/squads/radio/split/", {"preview": "1"}, headers=headers)
        assert answer.status_code == 403
    past = f"/squads/radio/split/?as_of={timezone.localdate()}"
    assert as_role("editor").post(past, {"preview": "1"}, headers={"HX-Request": "true"}).status_code == 403


def test_an_address_may_fill_in_the_form(as_role: Any) -> None:
    editor = as_role("editor")
    page = foreseen(editor.get("/squads/radio/merge/?squads=offline"))
    assert "Ana keeps one membership: 30 % + 50 % = 80 %." in page
    assert "Offline closes" in page
    formed = foreseen(editor.get("/squads/form/?person=cleo&person=fay&tribe=listen"))
    assert "Cleo goes from Radio to The new squad." in formed
    swapped = foreseen(editor.get("/rotations/new/?person=cleo&person=gus"))
    assert swapped.endswith("Cleo goes from Radio to Spots. Gus goes from Spots to Radio.")


def test_a_squad_is_formed_from_a_selection_on_the_board(as_role: Any) -> None:
    editor = as_role("editor")
    now = services.current()
    cards = [
        f"{now.memberships[id_of(p, s)].id}:{s.lower()}" for p, s in (("Cleo", "Radio"), ("Fay", "Offline"))
    ]
    url = editor.post("/moves/selection/squad/?tribe=listen", {"person": cards})["Location"]
    assert url == "/squads/form/?person=cleo&person=fay&tribe=listen"
    answer = editor.post(url, sent(editor, url, name="Vinyl", people="Cleo\nFay", tribe="listen"))
    assert (answer.status_code, answer["Location"]) == (303, "/tribes/listen/")
    assert (members("Vinyl"), squad_named("Vinyl").tribe) == (["Cleo", "Fay"], id_of("Listen"))


def test_two_people_swap_from_the_board(as_role: Any) -> None:
    editor = as_role("editor")
    url = "/rotations/new/?person=cleo&person=gus&tribe=listen"
    assert editor.post(url, {"people": "Cleo\nGus"})["Location"] == "/tribes/listen/"
    assert (members("Spots"), "Gus" in members("Radio")) == (["Cleo"], True)
    assert ChangeSet.objects.latest("version").sentences == ["Swap Cleo and Gus"]


def test_a_board_without_a_tribe_offers_none(as_role: Any) -> None:
    page = as_role("editor").get("/squads/form/?person=cleo&tribe=-")
    assert "There is no tribe" not in foreseen(page)


def test_a_closing_squad_hands_over(as_role: Any) -> None:
    editor, url = as_role("editor"), "/squads/radio/close/"
    assert foreseen(editor.get(url)).endswith(
        "Radio still has 4 people (Ana, Ben, Cleo and Dan) and 1 open vacancy (Engineer). Move them first."
    )
    assert editor.post(url, sent(editor, url, to="Spots")).status_code == 303
    assert members("Spots") == ["Ana", "Ben", "Cleo", "Dan", "Gus"]
    assert ChangeSet.objects.latest("version").sentences == [
        "Close squad Radio, everything it holds goes to Spots"
    ]


def test_tribes_and_chapters_split_merge_move_and_hand_over(as_role: Any) -> None:
    editor = as_role("editor")
    for url, values, sentence in [
        (
            "/tribes/listen/split/",
            {"name": "Live", "squads": "radio", "chapters": "backend", "lead": "Ana"},
            "Split tribe Live off Listen with Radio",
        ),
        (
            "/tribes/live/merge/",
            {"tribes": "ads", "stays": "live", "name": "Live ads"},
            "Merge tribe Ads into Live as Live ads",
        ),
        ("/chapters/design/tribe/", {"tribe": "live"}, "Move chapter Design from Listen to Live ads"),
        (
            "/chapters/design/merge/",
            {"stays": "backend", "reports_to_lead": "on"},
            "Merge chapter Design into Backend, everyone reporting to its lead",
        ),
        ("/tribes/live/close/", {"to": "listen"}, "Close tribe Live ads, everything it holds goes to Listen"),
    ]:
        answer = editor.post(url, sent(editor, url) | values)
        assert answer.status_code == 303, page_of(answer)
        assert ChangeSet.objects.latest("version").sentences == [sentence]


def test_what_is_closed_meanwhile_cannot_take_part(as_role: Any) -> None:
    editor, url = as_role("editor"), "/squads/radio/merge/"
    body = sent(editor, url, squads="offline", stays="radio", hands_over="on")
    commit(CloseSquad(id=id_of("Offline"), to=id_of("Radio")))
    answer = editor.post(url, body)
    assert (answer.status_code, "Offline is closed." in page_of(answer)) == (422, True)


def test_every_unit_leads_to_what_can_be_done_to_it(as_role: Any) -> None:
    editor, viewer = as_role("editor"), as_role("viewer")
    for page, links in {
        "/squads/radio/": ["/squads/radio/split/", "/squads/radio/merge/"],
        "/tribes/listen/about/": ["/tribes/listen/split/", "/tribes/listen/merge/"],
        "/chapters/backend/": ["/chapters/backend/tribe/", "/chapters/backend/merge/"],
        "/tribes/listen/": [
            f"/squads/{key}/{page}/?tribe=listen"
            for key in ("offline", "radio")
            for page in ("split", "merge", "tribe", "close")
        ],
    }.items():
        text = page_of(editor.get(page))
        assert [link for link in links if f'href="{link}"' not in text] == []
        assert [link for link in links if f'href="{link}"' in page_of(viewer.get(page))] == []


def test_in_a_draft_the_board_stays_in_it(as_role: Any) -> None:
    planner = as_role("planner")
    draft = drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now())
    url = f"/squads/radio/split/?draft={draft.key}&tribe=listen"
    assert f'href="{url}"' in page_of(planner.get(f"/tribes/listen/?draft={draft.key}"))
    answer = planner.post(url, sent(planner, url, name="Vinyl", people=["cleo", "dan"]))
    assert answer["Location"] == f"/tribes/listen/?draft={draft.key}"
    board = page_of(planner.get(answer["Location"]))
    assert "In the draft: Split Vinyl off Radio with Cleo and Dan." in board
    assert f'href="/squads/vinyl/?draft={draft.key}"' in board


@pytest.mark.parametrize("people", [1, 300])
@pytest.mark.parametrize(
    "url",
    [
        "/squads/large/split/",
        "/squads/large/merge/",
        "/squads/large/close/",
        "/tribes/area/split/",
        "/chapters/craft/merge/",
    ],
)
def test_queries_do_not_grow_with_the_people(
    as_role: Any, people: int, url: str, django_assert_num_queries: Any
) -> None:
    names = [f"Person {number}" for number in range(people)]
    more = an_org(tribe("Area", squad("Large", *names), squad("Small", "Zoe"), chapter("Craft", *names)))
    commit(ApplyChanges(title="More", changes=tuple(diff(Org.empty(), more))))
    editor = as_role("editor")
    editor.get(url)
    with django_assert_num_queries(4):  # session, user, role, head
        assert editor.get(url).status_code == 200
