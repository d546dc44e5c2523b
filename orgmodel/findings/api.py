"""Findings, rules and waivers over REST."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.core.operations import ChangeRule, EndWaiver, Operation, ResetRule, Waive
from orgmodel.core.operations.findings import waiver_id
from orgmodel.core.org import Org
from orgmodel.core.records import Spec, specs_of
from orgmodel.core.rules.base import SEVERITIES, Rule
from orgmodel.core.rules.findings import Judged
from orgmodel.core.rules.settings import RULES, settings_of
from orgmodel.core.rules.sources import cited
from orgmodel.findings import services
from orgmodel.findings.filters import filters_of, narrow
from orgmodel.findings.plain import COLUMNS, plain, plain_all
from orgmodel.findings.settled import RESOLVED
from orgmodel.findings.wording import FAMILIES, title_of
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.filters import Filter, parameter
from orgmodel.integrations.overlays import OverlayViewSet
from orgmodel.integrations.resources import Json, RecordViewSet, delete_options, org_of
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.shapes import Shape
from orgmodel.integrations.writing import write

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "number"}
SEVERITY: Shape = {"type": "string", "enum": list(SEVERITIES)}
OWN_SHAPES: dict[str, Shape] = {
    "severity": SEVERITY,
    "state": {"type": "string", "enum": ["open", "acknowledged", "waived", "resolved"]},
    "value": NUMBER,
    "threshold": NUMBER,
    "people": {"type": "integer"},
    "since": {"type": ["string", "null"], "format": "date"},
    "settled_on": {"type": ["string", "null"], "format": "date"},
    "settled_by": {"type": ["integer", "null"], "description": "Version of the change set."},
}


class FindingViewSet(ApiView, ViewSet):
    """What the rules find, worst first."""

    tag = "findings"
    lookup_url_kwarg = "key"
    lookup_value_regex = "[^/]+"
    path_parameters = {"key": "Key of the finding, such as SQ-01:squad:<id>."}
    filters: ClassVar[Mapping[str, Filter]] = {
        "severity": parameter("How bad it is.", type="string", enum=list(SEVERITIES)),
        "family": parameter("The first letters of the rule.", type="string", enum=list(FAMILIES)),
        "rule": parameter("Code of the rule.", type="string", enum=list(RULES)),
        "tribe": parameter("Key of the tribe that it is in.", type="string"),
        "state": parameter(
            "What was said about it; without it, all but those that are waived. Resolved: what changes of the last"
            " ninety days settled.",
            type="string",
            enum=["open", "acknowledged", "waived", "all", "resolved"],
        ),
        "addressed": parameter("Whether a draft would settle it.", type="string", enum=["yes", "no"]),
        "q": parameter("Text in what it says.", type="string"),
    }
    shapes = {
        "Finding": {
            "type": "object",
            "properties": {name: OWN_SHAPES.get(name, TEXT) for name in COLUMNS},
            "required": list(COLUMNS),
        }
    }

    @endpoint("List findings", answers="Finding", many=True)
    def list(self, request: Request) -> Response:
        reality = _reality(request)
        everything: Sequence[Judged] = (
            services.settled(reality)
            if request.query_params.get("state") == RESOLVED
            else services.judged(services.findings_of(reality), reality)
        )
        addressed = services.addressed(reality, request.user) if "addressed" in request.query_params else {}
        found = narrow(everything, filters_of(reality.org, addressed), request.query_params, reality.org)
        shown, following = paging.part_of(request, found)
        since = services.since(reality, [each.finding for each in shown if each.state != RESOLVED])
        return paging.answer(request, plain_all(reality.org, shown, since), following)

    @endpoint("Read one finding", answers="Finding")
    def retrieve(self, request: Request, key: str) -> Response:
        reality = _reality(request)
        found = services.findings_of(reality).get(key)
        if found is None:
            raise Http404("There is no such finding.")
        [judged] = services.judged([found], reality)
        since = services.since(reality, [found]).get(key)
        return Response(plain(reality.org, judged, since))


def _reality(request: Request) -> Any:
    return request._request.reality  # type: ignore[attr-defined]


class RuleViewSet(OverlayViewSet):
    """What each rule asks for and why, and how the organization applies it."""

    tag = "rules"
    noun, component = "rule", "Rule"
    keys = list(RULES)
    path_parameters = {"key": "Code of the rule, such as SQ-01."}
    to_change = "Change how a rule applies"
    to_reset = "Let a rule apply with its defaults again"
    about_change = "For org designers. Thresholds replace those that were set before."
    edit_body = Body(
        "ChangeRule",
        {
            **{
                n: replace(spec, required=False) for n, spec in specs_of("rule_setting").items() if n != "key"
            },
            "seen": Spec("values"),
        },
        kind="rule_setting",
    )
    shapes = {
        "Rule": {
            "type": "object",
            "properties": {
                **dict.fromkeys(("code", "family", "title", "statement", "why", "what_to_try", "note"), TEXT),
                "sources": {"type": "array", "items": TEXT},
                "exempt": {**TEXT, "description": "One in a line with why, such as “squad atlas: On call”."},
                "is_on": {"type": "boolean"},
                "severity": {"type": "string", "enum": ["", *SEVERITIES]},
                "thresholds": {"type": "object", "additionalProperties": NUMBER},
                "defaults": {"type": "object", "additionalProperties": NUMBER},
            },
            "required": ["code", "family", "title", "statement", "is_on", "thresholds", "defaults"],
        }
    }

    def represent(self, org: Org, key: str) -> Json:
        return _rule_json(org, RULES[key])

    def changing(self, key: str, values: dict[str, Any], seen: dict[str, Any]) -> Operation:
        return ChangeRule(rule=key, values=values, seen=seen)

    def resetting(self, key: str) -> Operation:
        return ResetRule(rule=key)


def _rule_json(org: Org, rule: Rule) -> Json:
    terms = settings_of(org).terms[rule.code]
    return {
        "code": rule.code,
        "family": rule.family,
        "title": title_of(rule.code),
        "statement": rule.statement,
        "why": rule.why,
        "what_to_try": rule.what_to_try,
        "sources": [title for title, _ in cited(rule.sources)],
        "is_on": terms.is_on,
        "severity": terms.severity,
        "thresholds": dict(terms.thresholds),
        "defaults": dict(rule.thresholds),
        "note": terms.note,
        "exempt": "\n".join(f"{place}: {why}" for place, why in terms.exempt.items()),
    }


class WaiverViewSet(RecordViewSet):
    """What was decided about findings: that they are known, or may stay, why, and until when."""

    kind = "waiver"
    path_parameters = {"key": "Id, or key of the finding."}
    create_body = Body("Waive", specs_of("waiver"))

    @endpoint(
        "Say that a finding is known or may stay", answers=".component", body=".create_body", status=201
    )
    def create(self, request: Request) -> Response:
        values, options = self.read_body(request, self.create_body)
        written = write(request, [Waive(**values)], options)
        return self.created(request, written, waiver_id(written.org, values["key"]))

    @endpoint("Let a finding count as open again", status=204)
    def destroy(self, request: Request, key: str) -> Response:
        waiver = self.find(org_of(request), key)
        ending = EndWaiver(key=waiver.key)
        return Response(status=204, headers=write(request, [ending], delete_options(request)).headers)
