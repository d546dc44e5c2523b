"""Pages about the rules: what each asks for and why, and how this organization applies it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from orgmodel.access import roles
from orgmodel.changes import faces, wording
from orgmodel.changes.forms import OperationForm
from orgmodel.changes.pages import address, can_change, operation_page, post_only, see_other
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.operations import ChangeRule, Operation, ResetRule
from orgmodel.core.operations.findings import setting_of
from orgmodel.core.org import Org
from orgmodel.core.rules.base import Rule
from orgmodel.core.rules.findings import PRESETS, RULES, settings_of
from orgmodel.findings import services
from orgmodel.findings.forms import RuleForm
from orgmodel.findings.wording import FAMILIES, title_of


def may_design(request: Any) -> bool:
    return roles.can_design(request.user) and can_change(request)


def check_may_design(request: Any) -> None:
    if not roles.can_design(request.user):
        raise PermissionDenied(faces.DESIGNERS_ONLY)


@require_safe
def rules(request: Any) -> HttpResponse:
    org: Org = request.reality.org
    terms = settings_of(org).terms
    found = Counter(finding.rule for finding in services.findings_of(request.reality))
    families = [
        (
            title,
            [
                _row(rule, terms[code], org, found[code])
                for code, rule in RULES.items()
                if rule.family == family
            ],
        )
        for family, title in FAMILIES.items()
    ]
    context = {
        "families": [family for family in families if family[1]],
        "presets": list(PRESETS),
        "may_design": may_design(request),
        "count": len(RULES),
        "off": sum(not each.is_on for each in terms.values()),
    }
    return render(request, "findings/rules.html", context)


def _row(rule: Rule, terms: Any, org: Org, found: int) -> dict[str, Any]:
    thresholds = [
        (name.replace("_", " "), f"{value:g}", f"{rule.thresholds[name]:g}")
        for name, value in terms.thresholds.items()
    ]
    return {
        "rule": rule,
        "title": title_of(rule.code),
        "terms": terms,
        "thresholds": thresholds,
        "differs": org.find("rule_setting", rule.code) is not None,
        "found": found,
    }


def rule_edit(request: Any, code: str) -> HttpResponse:
    rule = _rule_or_404(code)
    check_may_design(request)
    return _page(
        request,
        RuleForm(request, rule),
        title=f"{rule.code} {title_of(rule.code)}",
        verb="Save",
        intro=rule.statement,
    )


def rule_reset(request: Any, code: str) -> HttpResponse:
    rule = _rule_or_404(code)
    check_may_design(request)
    form = OperationForm(request, ResetRule, rule=rule.code)
    intro = "It applies with its defaults again. The history keeps why it differed."
    return _page(request, form, title=f"Reset {rule.code}", verb="Reset", intro=intro)


def _page(request: Any, form: OperationForm, **words: str) -> HttpResponse:
    crumbs = [("Findings", address(request, "findings")), ("Rules", address(request, "rules"))]
    return operation_page(request, form, done=("rules",), crumbs=crumbs, **words)


def _rule_or_404(code: str) -> Rule:
    rule = RULES.get(code)
    if rule is None:
        raise Http404(f"There is no rule “{code[:40]}”.")
    return rule


@post_only
def preset(request: Any) -> HttpResponse:
    """Apply the thresholds of a way of working, all in one change."""
    check_may_design(request)
    name = request.POST.get("preset", "")
    if name not in PRESETS:
        raise Http404("There is no such way of working.")
    operations = _operations(request.reality.org, name)
    if not operations:
        messages.info(request, f"The rules are set as in “{name}” already.")
        return see_other(address(request, "rules"))
    try:
        outcome = faces.perform(
            request, operations, message=f"Rules as in “{name}”, {timezone.localdate():%B %Y}"
        )
    except OBJECTIONS as objection:
        for complaint in wording.explain(objection, request.reality.org):
            messages.error(request, complaint.message)
        return see_other(address(request, "rules"))
    messages.success(request, f"Rules as in “{name}”.")
    return see_other(address(request, "rules", draft=outcome.draft))


def _operations(org: Org, name: str) -> list[Operation]:
    """Return what sets the thresholds of a way of working; others that the organization has set stay."""
    found: list[Operation] = []
    for code, own in PRESETS[name].items():
        setting = setting_of(org, code)
        told = {**dict(setting.thresholds), **{limit: f"{value:g}" for limit, value in own.items()}}
        thresholds = tuple(sorted(told.items()))
        if thresholds != setting.thresholds:
            found.append(ChangeRule(rule=code, values={"thresholds": thresholds}))
    return found
