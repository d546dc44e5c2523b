"""Files of systems, domains, skills, dependencies, coaches, rules and waivers: read, refused, written as they were."""

from __future__ import annotations

from datetime import date
from typing import Any

from orgmodel.changes.files.planning import Terms, plan_import
from orgmodel.changes.files.writing import write_files
from orgmodel.core.operations.base import pair_id
from orgmodel.core.operations.skills import skill_id
from orgmodel.core.org import Org
from tests.build import (
    an_org,
    chapter,
    coaching,
    domain,
    id_of,
    mission,
    needs,
    person,
    setting,
    skills,
    squad,
    system,
    tribe,
    vacancy,
    waiver,
    word,
)

TODAY = date(2026, 11, 20)


def streaming() -> Org:
    """An organization with something in every field that the rules ask for."""
    day = date(2026, 9, 1)
    finding = f"SQ-01:squad:{id_of('Player')}"
    return an_org(
        tribe(
            "Listening", squad("Player", "Ana"), squad("Search", "Ben"), interim_lead="Ben", interim_since=day
        ),
        chapter("Backend", "Ana", lead="Ben", lead_since=day),
        person("Ana", leaves_on=day, away_since=day, away_until=day),
        mission("Play", reviewed_on=day, read_on=day),
        vacancy("Tester", loop="Case, coding, values"),
        domain("Playback", squad="Player", complexity="complicated"),
        system(
            "Media API", {"Ana": "both"}, squad="Player", claimed_by="Search", domain="Playback", skill="Go"
        ),
        skills("Ana", Go="expert", SQL="learning"),
        needs(
            "Player", "Search", level="blocking", mode="x_as_a_service", since=day, mitigation="=A\nshared"
        ),
        coaching("Ben", "Player"),
        setting(
            "SQ-01", is_on=False, severity="low", thresholds=(("high_above", "12"), ("medium_above", "10.5"))
        ),
        setting("SQ-02", note="We are small.", exempt="squad player: New in May"),
        word("tribe", "area", "areas", {"sv:one": "område", "sv:the_one": "området"}),
        word("squad", "crew", "crews", {"sv:article": "ett"}),
        waiver(finding, reason="It splits.", state="waived", until=day, draft="split"),
        waiver(f"DE-01:dependency:{id_of('Player', 'Search')}", reason="Known."),
    )


def plan(org: Org, *, close: bool = False, **files: str) -> Any:
    contents = {f"{name}.csv": text.encode() for name, text in files.items()}
    return plan_import(contents, org, today=TODAY, terms=Terms(missing="close" if close else "keep"))


def imported(org: Org, *, close: bool = False, **files: str) -> Org:
    found = plan(org, close=close, **files)
    assert found.errors == ()
    now: Org = found.operation.apply(org)
    return now


def errors(org: Org, **files: str) -> list[str]:
    return [str(error) for error in plan(org, **files).errors]


def test_everything_goes_out_as_text_that_people_can_read() -> None:
    files = {name: content.decode() for name, content in write_files(streaming()).items()}
    assert files["systems.csv"] == (
        "key,name,squad,claimed_by,domain,critical,skill,docs,closed_on\n"
        "media-api,Media API,player,search,playback,false,Go,,\n"
    )
    assert files["system_owners.csv"] == "system,person,perspective\nmedia-api,ana,both\n"
    assert files["person_skills.csv"] == "person,skill,proficiency\nana,Go,expert\nana,SQL,learning\n"
    assert files["dependencies.csv"] == (
        "squad,needs,level,kind,mode,since,mitigation\n"
        'player,search,blocking,tech,x_as_a_service,2026-09-01,"\'=A\nshared"\n'
    )
    assert files["coachings.csv"] == "person,squad\nben,player\n"
    assert files["rule_settings.csv"] == (
        "key,is_on,severity,threshold:high_above,threshold:medium_above,note,exempt\n"
        "SQ-01,false,low,12,10.5,,\n"
        "SQ-02,true,,,,We are small.,squad player: New in May\n"
    )
    assert files["words.csv"] == (
        "key,one,many,form:sv:article,form:sv:one,form:sv:the_one\n"
        "squad,crew,crews,ett,,\n"
        "tribe,area,areas,,område,området\n"
    )
    assert files["waivers.csv"].splitlines()[1:] == [
        f"DE-01:dependency:{id_of('Player', 'Search')},Known.,acknowledged,,",
        "SQ-01:squad:player,It splits.,waived,2026-09-01,split",
    ]


def test_everything_comes_back_as_it_was() -> None:
    files = write_files(streaming())
    again = plan_import(files, Org.empty(), today=TODAY)
    assert again.errors == ()
    assert again.operation is not None
    assert write_files(again.operation.apply(Org.empty())) == files
    assert plan_import(files, streaming(), today=TODAY, terms=Terms(missing="close")).operation is None


def test_a_waiver_finds_its_squad_whatever_its_id() -> None:
    again = plan_import(write_files(streaming()), Org.empty(), today=TODAY)
    assert again.operation is not None
    org = again.operation.apply(Org.empty())
    player: Any = org.find("squad", "player")
    assert player.id != id_of("Player")
    assert org.find("waiver", f"SQ-01:squad:{player.id}") is not None


def test_ids_of_what_joins_two_records_are_those_that_operations_give() -> None:
    org = imported(
        an_org(squad("Player"), system("Media API"), person("Ana")),
        system_owners="system,person\nmedia-api,ana\n",
        person_skills="person,skill\nana,Go\n",
        coachings="squad,person\nplayer,ana\n",
    )
    assert [*org.table("system_owner")] == [pair_id(id_of("Media API"), id_of("Ana"))]
    assert [*org.table("person_skill")] == [skill_id(id_of("Ana"), "go")]
    assert [*org.table("coaching")] == [pair_id(id_of("Player"), id_of("Ana"))]


def test_a_row_changes_what_is_there_whatever_the_case_of_a_skill() -> None:
    org = imported(
        streaming(),
        person_skills="person,skill,proficiency\nana,GO,working\n",
        dependencies="squad,needs,level\nplayer,search,slowing\n",
    )
    assert [(s.skill, s.proficiency) for s in org.skills_of(id_of("Ana"))] == [
        ("GO", "working"),
        ("SQL", "learning"),
    ]
    changed = org.dependencies[id_of("Player", "Search")]
    assert (changed.level, changed.mode) == ("slowing", "x_as_a_service")


def test_what_complete_files_do_not_name_ends() -> None:
    org = imported(
        streaming(),
        close=True,
        systems="key,name\nother,Other\n",
        domains="key,name\nother,Other\n",
        dependencies="squad,needs\nsearch,player\n",
        coachings="person,squad\nana,search\n",
        rule_settings="key,is_on\nSQ-02,true\n",
    )
    assert (org.systems[id_of("Media API")].closed_on, org.domains[id_of("Playback")].closed_on) == (
        TODAY,
        TODAY,
    )
    assert (org.owners_in(id_of("Media API")), org.needs_of(id_of("Player"))) == ([], [])
    assert [s.name for s in org.squads_coached_by(id_of("Ana"))] == ["Search"]
    assert [s.key for s in org.table("rule_setting").values()] == ["SQ-02"]  # type: ignore[attr-defined]


def test_files_that_are_wrong_say_where() -> None:
    org = streaming()
    assert errors(org, dependencies="squad,needs\nplayer,player\n") == [
        "dependencies.csv:2: needs: Player cannot need itself"
    ]
    assert errors(org, dependencies="squad,needs\nsearch,player\nsearch,player\n") == [
        "dependencies.csv:3: needs: this dependency is in the file already, in line 2"
    ]
    assert errors(org, person_skills="person,skill\nana,Rust\nana,RUST\n") == [
        "person_skills.csv:3: skill: this person has this skill already, in line 2"
    ]
    assert errors(org, person_skills="person,skill\nana,\n") == [
        "person_skills.csv:2: skill: skill is missing"
    ]
    assert errors(org, system_owners="system,person,perspective\nmedia-api,ana,boss\n") == [
        "system_owners.csv:2: perspective: must be one of developer, operations, both"
    ]
    assert errors(org, rule_settings="key,threshold:high_above\nSQ-01,nine\n") == [
        "rule_settings.csv:2: threshold:: The threshold high_above must be a number"
    ]
    assert errors(org, rule_settings="key,threshold:most\nSQ-02,\nSQ-01,9\n") == [
        "rule_settings.csv:3: threshold:: SQ-01 has no threshold most: it has medium_above and high_above"
    ]
    assert errors(org, rule_settings="key,threshold:high_above\nSQ-01,5\n") == [
        "rule_settings.csv:2: threshold:: The threshold medium_above (10.5) must not be more than high_above (5)"
    ]
    assert errors(org, rule_settings="key,exempt\nSQ-01,squad nope: Why\n") == [
        "rule_settings.csv:2: exempt: There is no squad “nope”"
    ]
    assert errors(org, rule_settings="key\nXX-01\n", waivers="key,reason\nXX-01:squad:search,Why\n") == [
        "rule_settings.csv:2: key: There is no rule “XX-01”",
        "waivers.csv:2: key: There is no rule “XX-01”",
    ]
    assert errors(org, words="key,one,many,form:sv:x\nteam,crew,crews,\nsquad,guild,crews,y\n") == [
        "words.csv:2: key: There is no term “team”",
        "words.csv:3: form:: There is no form “sv:x”: there are sv:one, sv:many, sv:the_one, sv:the_many and"
        " sv:article",
        "words.csv:3: one: “guild” is the word for guild already: choose another, or change that one first",
    ]
    assert errors(org, rule_settings="key,threshold:\nSQ-01,9\n") == [
        "rule_settings.csv:1: threshold:: must name a threshold after the colon, such as threshold:most"
    ]
    assert errors(org, waivers="key,reason,state\nSQ-01:squad:search,Why,waived\n") == [
        "waivers.csv:2: until: Say until when the finding is waived"
    ]
    assert errors(org, waivers="key,reason\nSQ-01: x,Why\n") == [
        "waivers.csv:2: key: Key may hold letters, digits, dots, dashes and underscores only"
    ]
