"""SCIM as Okta and Microsoft Entra speak it: the literal requests they send, and what they expect back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet
from orgmodel.integrations import tokens
from orgmodel.integrations.models import Token
from orgmodel.scim.models import ScimUser
from tests.build import an_org, id_of, person, save

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class Directory:
    """An identity provider that calls us with its token."""

    def __init__(self, token: str) -> None:
        self._client = Client(raise_request_exception=False)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, (bytes, str)) else json.dumps(body) if body is not None else ""
        answer = self._client.generic(
            method,
            f"/scim/v2{path}",
            raw,
            content_type="application/scim+json",
            headers={**self._headers, **headers},  # type: ignore[arg-type]
        )
        assert answer["Content-Type"] == "application/scim+json"
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any) -> Any:
        return self("POST", path, body)

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> Any:
        return self("PATCH", path, {"schemas": [PATCH], "Operations": operations}, **headers)


@pytest.fixture
def directory(db: None) -> Directory:
    return Directory(tokens.issue("Okta", "org designer", at=timezone.now()))


def okta_user(name: str, **fields: Any) -> dict[str, Any]:
    """The body of Okta's POST /Users."""
    given, family = name.split()
    address = f"{given.lower()}@example.org"
    return {
        "schemas": [USER],
        "userName": address,
        "name": {"givenName": given, "familyName": family},
        "emails": [{"primary": True, "value": address, "type": "work"}],
        "displayName": name,
        "locale": "en-US",
        "externalId": f"00u{given}",
        "groups": [],
        "password": "1mz050nq",
        "active": True,
        **fields,
    }


def refused(answer: Any, status: int, scim_type: str | None = None) -> str:
    """Check an error in SCIM's form and return what it says."""
    found = answer.json()
    assert (answer.status_code, found["schemas"], found["status"]) == (status, [ERROR], str(status)), found
    assert found.get("scimType") == scim_type
    return str(found["detail"])


def the_person(id_: str) -> Any:
    return services.current().people[id_]


# Users


def test_okta_creates_a_user_and_that_is_a_hire_in_the_log(directory: Directory) -> None:
    answer = directory.post("/Users", okta_user("Ana Diaz", title="Engineer"))
    assert answer.status_code == 201
    found = answer.json()
    ana = the_person(found["id"])
    assert (ana.name, ana.email, ana.title) == ("Ana Diaz", "ana@example.org", "Engineer")
    assert ana.external_ids == (("scim", "00uAna"),)
    assert answer["Location"] == found["meta"]["location"] == f"http://testserver/scim/v2/Users/{ana.id}"
    assert answer["ETag"] == found["meta"]["version"]
    assert "password" not in {**found, **ScimUser.objects.get().body}
    change_set = ChangeSet.objects.get()
    assert (change_set.source, change_set.actor_name, change_set.sentences) == (
        "scim",
        "Okta",
        ["Hire Ana Diaz"],
    )


def test_a_person_who_is_here_already_is_taken_on_by_their_email(directory: Directory) -> None:
    save(an_org(person("Ana", email="ANA@example.org", title="Architect")))
    found = directory.post("/Users", okta_user("Ana Diaz")).json()
    assert found["id"] == id_of("Ana")
    assert the_person(id_of("Ana")).title == "Architect"  # of which Okta said nothing
    assert ChangeSet.objects.latest("version").sentences == [
        "Rename person Ana to Ana Diaz",
        "Edit person Ana Diaz: email and external ids",
    ]


def test_a_list_is_empty_where_nobody_has_the_name(directory: Directory) -> None:
    answer = directory.get('/Users?filter=userName%20eq%20"nobody@example.org"&startIndex=1&count=100')
    assert answer.status_code == 200
    assert answer.json() == {
        "schemas": [LIST], "totalResults": 0, "itemsPerPage": 0, "startIndex": 1, "Resources": []
    }  # fmt: skip


def test_a_user_name_is_taken_whatever_the_case_of_its_letters(directory: Directory) -> None:
    directory.post("/Users", okta_user("Ana Diaz"))
    again = directory.post("/Users", okta_user("Ana Diaz", userName="ANA@Example.org"))
    assert refused(again, 409, "uniqueness") == "There is a user ANA@Example.org already."


@pytest.mark.parametrize(
    "filter_",
    [
        'userName eq "ana@EXAMPLE.org"',
        'externalId eq "00uAna"',
        'emails[type eq "work"].value eq "ana@example.org"',
        'emails.value eq "ANA@example.org"',
        'userName eq "ana@example.org" and active eq true',
    ],
)
def test_a_user_is_found_by_what_identity_providers_look_for(directory: Directory, filter_: str) -> None:
    ana = directory.post("/Users", okta_user("Ana Diaz")).json()["id"]
    directory.post("/Users", okta_user("Ben Lee"))
    found = directory.get(f"/Users?filter={filter_}").json()
    assert [user["id"] for user in found["Resources"]] == [ana]


DEACTIVATIONS = {
    "Okta": {"op": "replace", "value": {"active": False}},
    "Entra, with a path": {"op": "Replace", "path": "active", "value": "False"},
    "Entra, without": {"op": "Replace", "value": {"active": "False"}},
    "Entra, a real boolean": {"op": "Replace", "path": "active", "value": False},
}


@pytest.mark.parametrize("operation", DEACTIVATIONS.values(), ids=list(DEACTIVATIONS))
def test_a_user_is_deactivated_and_restored(directory: Directory, operation: Any) -> None:
    ana = directory.post("/Users", okta_user("Ana Diaz")).json()["id"]
    versions = ChangeSet.objects.count()
    answer = directory.patch(f"/Users/{ana}", operation)
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert directory.get(f"/Users/{ana}").json()["active"] is False
    listed = directory.get('/Users?filter=userName eq "ana@example.org"').json()["Resources"]
    assert [user["active"] for user in listed] == [False]
    restored = directory.patch(f"/Users/{ana}", {"op": "Replace", "path": "active", "value": "True"})
    assert restored.json()["active"] is True
    assert the_person(ana).is_here
    assert ChangeSet.objects.count() == versions  # nobody was offboarded


def test_a_patch_without_path_has_dotted_and_urn_keys(directory: Directory) -> None:
    boss = directory.post("/Users", okta_user("Bo Lund")).json()["id"]
    ana = directory.post("/Users", okta_user("Ana Diaz")).json()["id"]
    answer = directory.patch(
        f"/Users/{ana}",
        {
            "op": "Replace",
            "value": {
                "displayName": "Anna Diaz",
                "name.givenName": "Anna",
                "title": "Architect",
                f"{ENTERPRISE}:department": "Payments",
                f"{ENTERPRISE}:employeeNumber": "4711",
                f"{ENTERPRISE}:manager": boss,
            },
        },
    )
    found = answer.json()
    assert (answer.status_code, found["name"]["givenName"]) == (200, "Anna")
    assert found[ENTERPRISE] == {
        "department": "Payments",
        "employeeNumber": "4711",
        "manager": {
            "value": boss,
            "$ref": f"http://testserver/scim/v2/Users/{boss}",
        },
    }
    anna = the_person(ana)
    assert (anna.name, anna.title, anna.manager) == ("Anna Diaz", "Architect", boss)
    assert anna.external_ids == (("employee_number", "4711"), ("scim", "00uAna"))


def test_add_creates_what_its_filter_does_not_find(directory: Directory) -> None:
    ana = directory.post("/Users", okta_user("Ana Diaz", emails=[])).json()["id"]
    answer = directory.patch(
        f"/Users/{ana}",
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "ana.diaz@example.org"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+49 30 1"},
    )
    assert answer.json()["emails"] == [{"type": "work", "value": "ana.diaz@example.org"}]
    assert answer.json()["phoneNumbers"] == [{"type": "mobile", "value": "+49 30 1"}]
    assert the_person(ana).email == "ana.diaz@example.org"


@pytest.mark.parametrize("by", ["id", "login", "object", "list"])
def test_a_manager_may_come_as_a_bare_text(directory: Directory, by: str) -> None:
    boss = directory.post("/Users", okta_user("Bo Lund")).json()["id"]
    ana = directory.post("/Users", okta_user("Ana Diaz")).json()["id"]
    value = {"id": boss, "login": "BO@example.org", "object": {"value": boss}, "list": [{"value": boss}]}[by]
    answer = directory.patch(f"/Users/{ana}", {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": value})
    assert answer.status_code == 200, answer.content
    assert answer.json()[ENTERPRISE]["manager"]["value"] == boss
    assert the_person(ana).manager == boss
    answer = directory.patch(f"/Users/{ana}", {"op": "Remove", "path": f"{ENTERPRISE}:manager"})
    assert the_person(ana).manager is None


def test_a_manager_whom_nobody_knows_changes_nothing(directory: Directory) -> None:
    answer = directory.post("/Users", okta_user("Ana Diaz", **{ENTERPRISE: {"manager": "Somebody Else"}}))
    assert answer.status_code == 201
    assert answer.json()[ENTERPRISE] == {"manager": {"value": "Somebody Else"}}
    assert the_person(answer.json()["id"]).manager is None


def test_an_empty_manager_is_none(directory: Directory) -> None:
    boss = directory.post("/Users", okta_user("Bo Lund")).json()["id"]
    ana = directory.post("/Users", okta_user("Ana Diaz", **{ENTERPRISE: {"manager": boss}})).json()["id"]
    assert the_person(ana).manager == boss
    operation = {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": ""}
    assert directory.patch(f"/Users/{ana}", operation).status_code == 200
    assert the_person(ana).manager is None


def test_a_patch_answers_with_the_user_and_their_etag(directory: Directory) -> None:
    created = directory.post("/Users", okta_user("Ana Diaz"))
    path = f"/Users/{created.json()['id']}"
    answer = directory.patch(path, {"op": "replace", "path": "title", "value": "Lead"})
    assert (answer.status_code, answer.json()["title"]) == (200, "Lead")
    assert answer["ETag"] != created["ETag"]
    assert directory.get(path, **{"If-None-Match": answer["ETag"]}).status_code == 304
    stale = directory.patch(
        path, {"op": "replace", "path": "title", "value": "Boss"}, **{"If-Match": created["ETag"]}
    )
    refused(stale, 412)
    assert the_person(created.json()["id"]).title == "Lead"


def test_okta_puts_a_whole_user(directory: Directory) -> None:
    ana = directory.post("/Users", okta_user("Ana Diaz", title="Engineer")).json()["id"]
    answer = directory("PUT", f"/Users/{ana}", {**okta_user("Ana Diaz"), "id": ana, "displayName": "Ana D."})
    assert answer.status_code == 200
    assert (the_person(ana).name, the_person(ana).title) == ("Ana D.", "")


def test_what_the_organization_has_changed_since_is_shown(directory: Directory) -> None:
    from orgmodel.core.operations import EditPerson

    ana = directory.post("/Users", okta_user("Ana Diaz", title="Engineer")).json()["id"]
    values = {"name": "Ana Diaz-Lee", "email": "new@example.org", "title": "Lead", "city": "Berlin"}
    services.commit(
        [EditPerson(id=ana, values=values)],
        actor=services.Actor("HR"),
        message="",
        source="web",
        at=timezone.now(),
    )
    found = directory.get(f"/Users/{ana}").json()
    assert (found["displayName"], found["title"], found["emails"][0]["value"]) == (
        "Ana Diaz-Lee",
        "Lead",
        "new@example.org",
    )
    assert directory.get('/Users?filter=emails.value eq "new@example.org"').json()["totalResults"] == 1


def test_who_was_undone_never_was(directory: Directory) -> None:
    ana = directory.post("/Users", okta_user("Ana Diaz")).json()["id"]
    directory.post("/Users", okta_user("Ben Lee"))
    services.undo(
        ChangeSet.objects.earliest("version"), actor=services.Actor("HR"), message="", at=timezone.now()
    )
    found = directory.get("/Users").json()
    assert (found["totalResults"], [user["displayName"] for user in found["Resources"]]) == (1, ["Ben Lee"])
    refused(directory.get(f"/Users/{ana}"), 404)
    assert directory.post("/Users", okta_user("Ana Diaz")).status_code == 201


def test_a_deleted_user_is_gone_and_the_person_stays(directory: Directory) -> None:
    ana = directory.post("/Users", okta_user("Ana Diaz")).json()["id"]
    answer = directory("DELETE", f"/Users/{ana}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert refused(directory.get(f"/Users/{ana}"), 404) == f"There is no user {ana}."
    refused(directory("DELETE", f"/Users/{ana}"), 404)
    refused(directory.patch(f"/Users/{ana}", {"op": "replace", "path": "active", "value": True}), 404)
    assert the_person(ana).is_here
    assert ScimUser.objects.get(pk=ana).deactivated_at is not None
    again = directory.post("/Users", okta_user("Ana Diaz")).json()
    assert (again["id"], again["active"]) == (ana, True)


def test_a_rule_of_the_organization_is_told_in_scims_words(directory: Directory) -> None:
    answer = directory.post("/Users", okta_user("Ana Diaz", displayName="A" * 201))
    assert refused(answer, 400, "invalidValue") == "Name is longer than 200 characters."
    assert not ScimUser.objects.exists()


# Lists


def test_a_page_is_what_the_models_of_the_protocol_make_of_it(directory: Directory) -> None:
    """Pages of everything are answered from what is kept. They are the same as those that are filtered."""
    boss = directory.post("/Users", okta_user("Bo Lund")).json()["id"]
    directory.post("/Users", okta_user("Ana Diaz", **{ENTERPRISE: {"manager": boss}}))
    directory.post("/Groups", {"schemas": [GROUP], "displayName": "All", "members": [boss]})
    for kind in ("Users", "Groups"):
        quick = directory.get(f"/{kind}").json()
        slow = directory.get(f"/{kind}?filter=id pr").json()
        for one, other in zip(quick["Resources"], slow["Resources"], strict=True):
            assert one == other
        assert quick == slow


def test_pages_go_on_by_cursor_until_all_are_read(directory: Directory) -> None:
    names = ["Ana Diaz", "Ben Lee", "Cleo Kim"]
    for name in names:
        directory.post("/Users", okta_user(name))
    first = directory.get("/Users?cursor&count=2").json()
    second = directory.get(f"/Users?cursor={first['nextCursor']}&count=2").json()
    found = [user["displayName"] for page in (first, second) for user in page["Resources"]]
    assert (sorted(found), "nextCursor" in second, first["totalResults"]) == (names, False, 3)
    refused(directory.get(f"/Users?cursor={first['nextCursor']}x&count=2"), 400, "invalidCursor")
    refused(directory.get(f"/Users?cursor={first['nextCursor']}&count=3"), 400, "invalidCount")


def test_a_huge_count_is_bounded(directory: Directory) -> None:
    answer = directory.get("/Users?count=1000000000&startIndex=1")
    assert (answer.status_code, answer.json()["totalResults"]) == (200, 0)


# Groups


@pytest.fixture
def people(directory: Directory) -> dict[str, str]:
    """Return the ids of three users by their given names."""
    names = ("Ana Diaz", "Ben Lee", "Cleo Kim")
    return {name.split()[0]: directory.post("/Users", okta_user(name)).json()["id"] for name in names}


def a_group(directory: Directory, *members: str, name: str = "Payments team") -> str:
    body = {"schemas": [GROUP], "displayName": name, "members": [{"value": each} for each in members]}
    answer = directory.post("/Groups", body)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def members_of(directory: Directory, group: str) -> set[str]:
    return {each["value"] for each in directory.get(f"/Groups/{group}").json().get("members", [])}


def test_a_group_is_shown_with_its_members(directory: Directory, people: dict[str, str]) -> None:
    group = a_group(directory, people["Ana"])
    found = directory.get(f"/Groups/{group}").json()
    assert found["members"] == [
        {
            "value": people["Ana"],
            "$ref": f"http://testserver/scim/v2/Users/{people['Ana']}",
            "type": "User",
        }
    ]
    assert "members" not in directory.get(f"/Groups/{group}?excludedAttributes=members").json()
    listed = directory.get('/Groups?excludedAttributes=members&filter=displayName eq "payments TEAM"').json()
    assert [(each["id"], "members" in each) for each in listed["Resources"]] == [(group, False)]


def test_the_name_of_a_group_is_its_own(directory: Directory) -> None:
    a_group(directory)
    again = directory.post("/Groups", {"schemas": [GROUP], "displayName": "PAYMENTS TEAM"})
    assert refused(again, 409, "uniqueness") == "There is a group PAYMENTS TEAM already."


ADDITIONS = {
    "objects": lambda id_: {"op": "Add", "path": "members", "value": [{"value": id_}]},
    "bare texts": lambda id_: {"op": "Add", "path": "members", "value": [id_]},
    "one bare text": lambda id_: {"op": "Add", "path": "members", "value": id_},
    "without a path": lambda id_: {"op": "add", "value": {"members": [id_]}},
    "with nulls": lambda id_: {"op": "Add", "path": "members", "value": [{"$ref": None, "value": id_}]},
}
REMOVALS = {
    "by filter": lambda id_: {"op": "remove", "path": f'members[value eq "{id_}"]'},
    "Entra's array": lambda id_: {"op": "Remove", "path": "members", "value": [{"value": id_}]},
    "an array of texts": lambda id_: {"op": "Remove", "path": "members", "value": [id_]},
}


@pytest.mark.parametrize("adding", ADDITIONS.values(), ids=list(ADDITIONS))
def test_members_are_added(directory: Directory, people: dict[str, str], adding: Any) -> None:
    group = a_group(directory, people["Ana"])
    answer = directory.patch(f"/Groups/{group}", adding(people["Ben"]))
    assert answer.status_code == 200, answer.content
    assert members_of(directory, group) == {people["Ana"], people["Ben"]}


@pytest.mark.parametrize("removing", REMOVALS.values(), ids=list(REMOVALS))
def test_members_are_removed_and_only_those(
    directory: Directory, people: dict[str, str], removing: Any
) -> None:
    group = a_group(directory, *people.values())
    answer = directory.patch(f"/Groups/{group}", removing(people["Ben"]))
    assert answer.status_code == 200, answer.content
    assert members_of(directory, group) == {people["Ana"], people["Cleo"]}


def test_okta_replaces_all_members_and_entra_renames(directory: Directory, people: dict[str, str]) -> None:
    group = a_group(directory, people["Ana"])
    replace = {
        "op": "replace",
        "path": "members",
        "value": [{"value": people["Cleo"], "display": "cleo@example.org"}],
    }
    directory.patch(f"/Groups/{group}", replace)
    assert members_of(directory, group) == {people["Cleo"]}
    okta = {"op": "replace", "value": {"id": group, "displayName": "Payments"}}
    assert directory.patch(f"/Groups/{group}", okta).json()["displayName"] == "Payments"
    entra = {"op": "Replace", "path": "displayName", "value": "Paying"}
    assert directory.patch(f"/Groups/{group}", entra).json()["displayName"] == "Paying"


def test_a_member_must_be_a_user(directory: Directory) -> None:
    answer = directory.post("/Groups", {"schemas": [GROUP], "displayName": "X", "members": ["nobody"]})
    assert refused(answer, 400, "invalidValue") == "members: there is no user nobody."


def test_a_user_who_is_deleted_is_in_no_group(directory: Directory, people: dict[str, str]) -> None:
    group = a_group(directory, *people.values())
    directory("DELETE", f"/Users/{people['Ben']}")
    assert members_of(directory, group) == {people["Ana"], people["Cleo"]}
    gone = directory.patch(f"/Groups/{group}", REMOVALS["by filter"](people["Ben"]))
    assert gone.status_code == 200


def test_a_group_is_deleted(directory: Directory, people: dict[str, str]) -> None:
    group = a_group(directory, people["Ana"])
    assert directory("DELETE", f"/Groups/{group}").status_code == 204
    refused(directory.get(f"/Groups/{group}"), 404)
    a_group(directory)  # its name is free


# Discovery, bulk, and who may


def test_the_service_says_what_it_offers(directory: Directory) -> None:
    config = directory.get("/ServiceProviderConfig").json()
    offered = [name for name, value in config.items() if isinstance(value, dict) and value.get("supported")]
    assert sorted(offered) == ["bulk", "etag", "filter", "patch", "sort"]
    assert [each["id"] for each in directory.get("/ResourceTypes").json()["Resources"]] == ["User", "Group"]
    assert [each["id"] for each in directory.get("/Schemas").json()["Resources"]] == [USER, ENTERPRISE, GROUP]


def test_several_at_once(directory: Directory) -> None:
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "ana", "data": okta_user("Ana Diaz")},
            {"method": "POST", "path": "/Users", "bulkId": "twin", "data": okta_user("Ana Diaz")},
            {
                "method": "POST",
                "path": "/Groups",
                "bulkId": "team",
                "data": {"schemas": [GROUP], "displayName": "Team", "members": ["bulkId:ana"]},
            },
        ],
    }
    answer = directory.post("/Bulk", body)
    assert [each["status"] for each in answer.json()["Operations"]] == ["201", "409", "201"]
    assert directory.get("/Groups").json()["Resources"][0]["members"][0]["type"] == "User"


def test_strangers_and_other_tokens_are_refused(directory: Directory) -> None:
    answer = Directory("").get("/Users")
    refused(answer, 401)
    assert answer["WWW-Authenticate"] == 'Bearer realm="SCIM"'
    refused(Directory("om_0_0_0").get("/Users"), 401)
    viewer = Directory(tokens.issue("Warehouse", "viewer", at=timezone.now()))
    assert "“scim”" in refused(viewer.get("/Users"), 403)
    Token.objects.filter(integration__name="Okta").update(tribe=id_of("Payments"))
    assert "limited to one tribe" in refused(directory.get("/Users"), 403)


def test_unknown_addresses_and_methods_are_told_in_scims_words(directory: Directory) -> None:
    for path in ("/Nothing", "/Users/a/b", "/", ""):
        assert directory.get(path).status_code in (200, 404)
    refused(directory.get("/Nothing"), 404)
    refused(directory("PUT", "/Users", {}), 405)
    assert directory.get("/Users")["X-Request-Id"]


HOSTILE = {
    "no JSON": b"{",
    "a list": b"[]",
    "a text": b'"x"',
    "nothing": b"",
    "wrong types": b'{"schemas":["%s"],"userName":{"a":1},"emails":"x"}' % USER.encode(),
    "a number": b'{"schemas":["%s"],"userName":7,"active":[]}' % USER.encode(),
    "NUL": b'{"schemas":["%s"],"userName":"a\\u0000"}' % USER.encode(),
    "half a character": b'{"schemas":["%s"],"userName":"a\\ud800"}' % USER.encode(),
    "bytes that are no text": b'{"userName":"\xff"}',
    "deep": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "not so deep": b'{"a":' * 900 + b"1" + b"}" * 900,
    "a long name": b'{"schemas":["%s"],"userName":"%s"}' % (USER.encode(), b"a" * 300),
    "no name": b'{"schemas":["%s"],"userName":"  "}' % USER.encode(),
    "eleven megabytes": b'{"userName":"' + b"a" * 11_000_000 + b'"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=list(HOSTILE))
@pytest.mark.parametrize(
    "place", ["POST /Users", "PATCH", "POST /Groups", "POST /Bulk", "POST /Users/.search"]
)
def test_bodies_that_make_no_sense_are_refused(directory: Directory, place: str, body: bytes) -> None:
    method, _, path = place.partition(" ")
    path = path or f"/Users/{directory.post('/Users', okta_user('Ana Diaz')).json()['id']}"
    answer = directory(method, path, body)
    if path != "/Users/.search" and place != "POST /Groups":
        assert 400 <= answer.status_code < 500, answer.content
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "query",
    [
        "filter=" + "(" * 1_500 + 'userName eq "a"' + ")" * 1_500,
        "filter=" + "not (" * 700 + 'userName eq "a"' + ")" * 700,
        "filter=" + "a" * 5_000,
        "filter=userName eq",
        "filter=nothing eq 1",
        'filter=userName eq "%00"',
        'filter=id eq "%00"',
        "count=x",
        "startIndex=99999999999999999999999",
        "cursor=nonsense",
        "attributes=%00",
        "sortBy=%00",
        "filter=%ff",
    ],
)
def test_questions_that_make_no_sense_are_refused(directory: Directory, query: str) -> None:
    directory.post("/Users", okta_user("Ana Diaz"))
    answer = directory.get(f"/Users?{query}")
    assert answer.status_code in (200, 400), answer.content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('filter=userName eq "ANA@example.org"', ["ana@example.org"]),
        ('filter=externalId eq "00uAna"', ["ana@example.org"]),
        ('filter=externalId eq "00uana"', []),
        ('filter=externalId eq ""', []),
        ('filter=id eq "nothing"', []),
        ('filter=displayName eq "Ana"', ["ana@example.org"]),
        ('filter=userName eq "ana@example.org"&excludedAttributes=members', ["ana@example.org"]),
    ],
)
def test_a_filter_by_a_key_finds_what_the_core_finds(
    directory: Directory, query: str, found: list[str]
) -> None:
    for name in ("Ana Diaz", "Ben Lee"):
        directory.post("/Users", okta_user(name, displayName=name.split()[0]))
    directory.post("/Users", {"schemas": [USER], "userName": "without"})
    listed = directory.get(f"/Users?{query}").json()
    core = directory.get(f"/Users?{query}&sortBy=userName").json()
    assert listed == core
    assert [user["userName"] for user in listed["Resources"]] == found


def test_pages_of_what_a_key_finds(directory: Directory) -> None:
    directory.post("/Users", okta_user("Ana Diaz"))
    for page, start, count in (("startIndex=2", 2, 0), ("count=0", 1, 0), ("count=1", 1, 1)):
        listed = directory.get(f'/Users?filter=userName eq "ana@example.org"&{page}').json()
        assert (listed["totalResults"], listed["startIndex"], listed["itemsPerPage"]) == (1, start, count)


def test_a_filter_that_no_index_knows_is_refused_where_there_are_too_many(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orgmodel.scim import storage

    monkeypatch.setattr(storage, "SOUGHT_LIMIT", 1)
    for name in ("Ana Diaz", "Ben Lee"):
        directory.post("/Users", okta_user(name, title="Engineer"))
    refused(directory.get('/Users?filter=title eq "Engineer"'), 400, "tooMany")
    assert directory.get('/Users?filter=userName eq "ben@example.org"').json()["totalResults"] == 1


def test_a_name_or_title_may_be_changed_and_cleared(directory: Directory) -> None:
    ana = directory.post("/Users", okta_user("Ana Diaz", title="Engineer")).json()["id"]
    directory.patch(f"/Users/{ana}", {"op": "Remove", "path": "title"})
    assert the_person(ana).title == ""
    directory.patch(f"/Users/{ana}", {"op": "Replace", "path": "displayName", "value": "Ana D."})
    assert (the_person(ana).name, the_person(ana).title) == ("Ana D.", "")
