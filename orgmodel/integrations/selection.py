"""`fields` and `expand`: of an answer only what is asked for, and other records whole where answers name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework.request import Request

from orgmodel.core.org import Org
from orgmodel.core.records import specs_of
from orgmodel.integrations.problems import Fault, Faulty

DEPTH = 2
Json = dict[str, Any]
Paths = Mapping[str, "Paths"]


@dataclass(frozen=True, slots=True)
class Selection:
    """What can be chosen of an answer: its fields, and, of records, references to open."""

    fields: tuple[str, ...]
    kind: str = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        return (("fields",) if self.fields else ()) + (("expand",) if self.paths else ())

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(paths_of(self.kind)) if self.kind else ()

    def chosen(self, request: Request) -> Chosen:
        """Return what a request chooses. Raises Faulty."""
        fields = _names(request, "fields", self.fields)
        opened = _names(request, "expand", self.paths)
        if not opened:
            return Chosen(fields)
        org: Org = request._request.reality.org  # type: ignore[attr-defined]
        return Chosen(fields, self.kind, _tree(opened), org, {})


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a request chose."""

    fields: tuple[str, ...] = ()
    kind: str = ""
    expands: Paths | None = None
    org: Org | None = None
    known: dict[Any, Json] | None = None  # records that were opened already

    def of(self, answer: Json) -> Json:
        """Return an answer with the references opened that are asked for, and only the fields that are."""
        if self.expands:
            answer = self._open(answer, self.kind, self.expands)
        return {name: answer[name] for name in self.fields if name in answer} if self.fields else answer

    def _open(self, answer: Json, kind: str, paths: Paths) -> Json:
        specs = specs_of(kind)
        opened = {
            name: self._whole(specs[name].target, answer[name]["id"], below)
            for name, below in paths.items()
            if answer.get(name) is not None
        }
        return {**answer, **opened}

    def _whole(self, kind: str, id_: str, below: Paths) -> Json:
        assert self.org is not None
        assert self.known is not None
        place = (kind, id_, id(below))
        if place not in self.known:
            found = REPRESENTED[kind](self.org, self.org.table(kind)[id_])
            self.known[place] = self._open(found, kind, below)
        return self.known[place]


REPRESENTED: dict[str, Any] = {}
"""For each kind of record with an address of its own: how lists hold one. Resources register themselves."""


def paths_of(kind: str, depth: int = DEPTH) -> Iterable[str]:
    """Yield which references of a kind can be opened: `tribe`, and `tribe.lead` inside it."""
    for name, spec in specs_of(kind).items():
        if spec.kind == "ref":
            yield name
            if depth > 1:
                yield from (f"{name}.{below}" for below in paths_of(spec.target, depth - 1))


def _names(request: Request, parameter: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of a list such as `fields=name,tribe`. Raises Faulty."""
    text = request.query_params.get(parameter)
    if text is None:
        return ()
    names = tuple(dict.fromkeys(text.split(",")))
    strange = [name for name in names if name not in allowed]
    if strange:
        detail = f"“{strange[0][:100]}” is none of {', '.join(sorted(allowed))}."
        raise Faulty([Fault("invalid", detail, parameter=parameter)])
    return names


def _tree(paths: Iterable[str]) -> Paths:
    tree: dict[str, Any] = {}
    for path in paths:
        inner = tree
        for name in path.split("."):
            inner = inner.setdefault(name, {})
    return tree
