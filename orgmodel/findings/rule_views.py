"""Pages about the rules: what each asks for and why, and how this organization applies it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orgmodel.access import roles
from orgmodel.changes import faces, wording
from orgmodel.changes.forms import OperationForm
from orgmodel.changes.pages import address, can_change, operation_page, see_other
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.operations import ChangeRule, Operation, ResetRule
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org
from orgmodel.core.phrases import joined, said, say
from orgmodel.core.records import KINDS, RuleSetting, values_of
from orgmodel.core.rules.base import Rule
from orgmodel.core.rules.presets import PRESETS, differing
from orgmodel.core.rules.settings import RULES, settings_of
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
            said(title),
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
        (_threshold(name), f"{value:g}", f"{rule.thresholds[name]:g}")
        for name, value in terms.thresholds.items()
    ]
    return {
        "rule": rule,
        "title": title_of(rule.code),
        "terms": terms,
        "thresholds": thresholds,
        "exempt": [(_place(org, place), why) for place, why in terms.exempt.items()],
        "differs": org.find("rule_setting", rule.code) is not None,
        "found": found,
    }


def _place(org: Org, place: str) -> str:
    """Return what is exempt in words: "squad Atlas", or "type platform"."""
    kind, _space, key = place.partition(" ")
    record: Any = org.find(kind, key) if kind in KINDS else None
    return say("{noun} {name}", noun=noun(kind), name=record.name) if record is not None else place


def rule_edit(request: Any, code: str) -> HttpResponse:
    rule = _rule_or_404(code)
    check_may_design(request)
    return _page(
        request,
        RuleForm(request, rule),
        title=joined(" ", (rule.code, title_of(rule.code))),
        verb=_("Save"),
        intro=joined(" ", (rule.statement, rule.why)),
    )


def rule_reset(request: Any, code: str) -> HttpResponse:
    rule = _rule_or_404(code)
    check_may_design(request)
    form = OperationForm(request, ResetRule, rule=rule.code)
    intro = _("It applies with its defaults again. The history keeps why it differed.")
    title = _("Reset {rule}").format(rule=rule.code)
    return _page(request, form, title=title, verb=_("Reset"), intro=intro)


def _page(request: Any, form: OperationForm, **words: str) -> HttpResponse:
    crumbs = [(_("Findings"), address(request, "findings")), (_("Rules"), address(request, "rules"))]
    return operation_page(request, form, done=("rules",), crumbs=crumbs, **words)


def _rule_or_404(code: str) -> Rule:
    rule = RULES.get(code)
    if rule is None:
        raise Http404(_("There is no rule “{rule}”.").format(rule=code[:40]))
    return rule


@require_http_methods(["GET", "HEAD", "POST"])
def preset(request: Any) -> HttpResponse:
    """Show what a way of working would change, and on POST apply all of it in one change."""
    check_may_design(request)
    org: Org = request.reality.org
    given = request.POST if request.method == "POST" else request.GET
    name = given.get("preset", "")
    if name not in PRESETS:
        raise Http404(_("There is no such way of working."))
    title = _(name)
    settings = list(differing(org, PRESETS[name]))
    if not settings:
        messages.info(request, _("The rules are set as in “{name}” already.").format(name=title))
        return see_other(address(request, "rules"))
    if request.method == "POST":
        return _apply(request, title, [_setting(now, then) for now, then in settings])
    rows = [(then.key, title_of(then.key), _in_words(now), _in_words(then)) for now, then in settings]
    context = {"name": name, "title": title, "about": PRESETS[name].about, "rows": rows}
    return render(request, "findings/preset.html", context)


def _apply(request: Any, title: str, operations: list[Operation]) -> HttpResponse:
    month = date_format(timezone.localdate(), "F Y")
    try:
        message = _("Rules as in “{name}”, {month}").format(name=title, month=month)
        outcome = faces.perform(request, operations, message=message)
    except OBJECTIONS as objection:
        for complaint in wording.explain(objection, request.reality.org):
            messages.error(request, said(complaint.message))
        return see_other(address(request, "rules"))
    messages.success(request, _("Rules as in “{name}”.").format(name=title))
    return see_other(address(request, "rules", draft=outcome.draft))


def _setting(now: RuleSetting, then: RuleSetting) -> Operation:
    """Return what makes one setting the other; one that says nothing of its own any more is reset."""
    if then == RuleSetting(id=then.id, key=then.key):
        return ResetRule(rule=then.key)
    was, will = values_of(now), values_of(then)
    return ChangeRule(rule=then.key, values={name: will[name] for name in will if will[name] != was[name]})


def _in_words(setting: RuleSetting) -> str:
    parts = [] if setting.is_on else [_("off")]
    parts += [_("{severity} at worst").format(severity=_(setting.severity))] if setting.severity else []
    parts += [f"{_threshold(name)} {number}" for name, number in setting.thresholds]
    return ", ".join(parts) or _("as by default")


def _threshold(name: str) -> str:
    """Return what a threshold is called, such as "medium above"."""
    return _(name.replace("_", " "))
