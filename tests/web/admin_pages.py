"""The admin as a browser sees it: open a page, fill in its form as it stands, change some fields, send it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.urls import reverse


class FormReader(HTMLParser):
    """Reads the fields of one form with the values that a browser would send."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.fields: dict[str, str] = {}
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        own = dict(attributes)
        if tag == "form":
            self.inside = own.get("id") == self.form_id
        if not self.inside:
            return
        name = own.get("name") or ""
        if tag == "input" and name and own.get("type") not in ("submit", "checkbox"):
            self.fields[name] = own.get("value") or ""
        elif tag == "input" and name and own.get("type") == "checkbox" and "checked" in own:
            self.fields[name] = own.get("value") or "on"
        elif tag == "select":
            self._select = name
            self.fields[name] = ""
        elif tag == "option" and self._select and "selected" in own:
            self.fields[self._select] = own.get("value") or ""
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self.fields[self._textarea] = self.fields[self._textarea].removeprefix("\n")
            self._textarea = ""

    def handle_data(self, text: str) -> None:
        if self._textarea:
            self.fields[self._textarea] += text


class Page:
    """A page of the admin with a form, as it was when it was opened."""

    def __init__(self, browser: Any, model: str, address: str) -> None:
        self.browser, self.address = browser, address
        response = browser.get(address)
        assert response.status_code == 200
        reader = FormReader(f"{model.rpartition('_')[2]}_form")
        reader.feed(response.content.decode())
        self.fields = {
            k: v for k, v in reader.fields.items() if "__prefix__" not in k and k != "csrfmiddlewaretoken"
        }

    def save(self, reason: str = "Because.", **fields: Any) -> Any:
        return self.browser.post(self.address, self.fields | {"reason": reason} | fields)

    def save_rows(self, prefix: str, *rows: dict[str, Any], reason: str = "Because.", **fields: Any) -> Any:
        """Save with new rows added at the end of an inline."""
        start = int(self.fields[f"{prefix}-TOTAL_FORMS"])
        added = {
            f"{prefix}-{start + number}-{name}": value
            for number, row in enumerate(rows)
            for name, value in ({"id": "", "seen": ""} | row).items()
        }
        return self.save(reason, **added, **{f"{prefix}-TOTAL_FORMS": start + len(rows)}, **fields)

    def row_of(self, prefix: str, id_: str) -> str:
        """Return the prefix of the row with this id."""
        return next(n.removesuffix("-id") for n, v in self.fields.items() if n.endswith("-id") and v == id_)


def change_page(browser: Any, model: str, id_: str) -> Page:
    return Page(browser, model, reverse(f"admin:{model}_change", args=[id_]))


def add_page(browser: Any, model: str) -> Page:
    return Page(browser, model, reverse(f"admin:{model}_add"))


def act(browser: Any, model: str, action: str, *ids: str, **fields: Any) -> Any:
    """Send an action for these records; without a reason it answers with the page that asks for one."""
    address = reverse(f"admin:{model}_changelist")
    return browser.post(address, {"action": action, "_selected_action": list(ids)} | fields)


def errors_of(response: Any) -> list[str]:
    """Return every error shown on an answer with a form, fields before rows."""
    assert response.status_code == 200
    if "form" in response.context and "adminform" not in response.context:
        return [error for errors in response.context["form"].errors.values() for error in errors]
    return [str(error) for errors in response.context["errors"] for error in _flat(errors)]


def _flat(errors: Any) -> list[Any]:
    return [e for part in errors for e in (_flat(part) if isinstance(part, list) else [part])]
