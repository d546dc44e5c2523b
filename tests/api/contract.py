"""What a change of an OpenAPI document takes from clients: addresses, answers' fields, values; or asks more of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = Any

LOWER, UPPER = ("minimum", "minLength", "minItems"), ("maximum", "maxLength", "maxItems")


def breaks(released: Json, current: Json) -> list[str]:
    """Return what a client of the released document would miss in the current one, each with its place."""
    return sorted(set(_Comparison(released, current).paths()))


class _Comparison:
    def __init__(self, released: Json, current: Json) -> None:
        self.released, self.current = released, current
        self.seen: set[tuple[str, str, bool]] = set()

    def paths(self) -> Iterator[str]:
        for path, methods in self.released["paths"].items():
            for method, old in methods.items():
                new = self.current["paths"].get(path, {}).get(method)
                place = f"{method.upper()} {path}"
                if new is None:
                    yield f"{place}: removed"
                else:
                    yield from self._operation(old, new, place)

    def _operation(self, old: Json, new: Json, place: str) -> Iterator[str]:
        yield from self._parameters(old, new, place)
        yield from self._bodies(old, new, place)
        for status, answer in old["responses"].items():
            if status not in new["responses"]:
                yield f"{place}: answer {status} removed"
                continue
            news = self._of(self.current, new["responses"][status]).get("content", {})
            for media_type, told in self._of(self.released, answer).get("content", {}).items():
                if media_type not in news:
                    yield f"{place}: {media_type} removed from answer {status}"
                else:
                    old_shape, new_shape = told.get("schema", {}), news[media_type].get("schema", {})
                    yield from self._answer(old_shape, new_shape, f"{place}: answer {status}")

    def _parameters(self, old: Json, new: Json, place: str) -> Iterator[str]:
        olds, news = self._named(self.released, old), self._named(self.current, new)
        for name, told in olds.items():
            if name not in news:
                yield f"{place}: parameter {name[1]} removed"
            else:
                yield from self._request(told["schema"], news[name]["schema"], f"{place}: {name[1]}")
        for name, told in news.items():
            if told.get("required") and not olds.get(name, {}).get("required"):
                yield f"{place}: parameter {name[1]} is required now"

    def _named(self, document: Json, operation: Json) -> dict[tuple[str, str], Json]:
        told = [self._of(document, each) for each in operation.get("parameters", ())]
        return {(each["in"], each["name"]): each for each in told}

    def _bodies(self, old: Json, new: Json, place: str) -> Iterator[str]:
        olds, news = old.get("requestBody", {}), new.get("requestBody", {})
        if news.get("required") and not olds.get("required"):
            yield f"{place}: a body is required now"
        for media_type, told in olds.get("content", {}).items():
            if media_type not in news.get("content", {}):
                yield f"{place}: body as {media_type} removed"
            else:
                shape = news["content"][media_type].get("schema", {})
                yield from self._request(told.get("schema", {}), shape, f"{place}: body")

    # Shapes

    def _of(self, document: Json, shape: Json) -> Json:
        while "$ref" in shape:
            _, _, place, name = shape["$ref"].split("/")
            shape = document["components"][place][name]
        return shape

    def _known(self, old: Json, new: Json, *, asked: bool) -> bool:
        """Return whether two components were compared already, so that circles end."""
        pair = (str(old.get("$ref")), str(new.get("$ref")), asked)
        if "$ref" not in old or pair in self.seen:
            return "$ref" in old
        self.seen.add(pair)
        return False

    def _answer(self, old: Json, new: Json, place: str) -> Iterator[str]:
        """Yield what an answer does not promise any more: fields, values that clients know, types."""
        if self._known(old, new, asked=False):
            return
        old, new = self._of(self.released, old), self._of(self.current, new)
        yield from self._types(old, new, place, only=new, within=old)
        for choice in old.get("enum", ()):
            if choice not in new.get("enum", old["enum"]):
                yield f"{place}: value {choice!r} removed"
        for name in old.get("required", ()):
            if name not in new.get("required", ()):
                yield f"{place}.{name}: not always there any more"
        for name, shape in old.get("properties", {}).items():
            if name not in new.get("properties", {}):
                yield f"{place}.{name}: removed"
            else:
                yield from self._answer(shape, new["properties"][name], f"{place}.{name}")
        if "items" in old:
            yield from self._answer(old["items"], new.get("items", {}), f"{place}[]")
        for number, (one, other) in enumerate(zip(_options(old), _options(new), strict=False)):
            yield from self._answer(one, other, f"{place}|{number}")

    def _request(self, old: Json, new: Json, place: str) -> Iterator[str]:
        """Yield what a request may not say any more, or must."""
        if self._known(old, new, asked=True):
            return
        old, new = self._of(self.released, old), self._of(self.current, new)
        yield from self._types(old, new, place, only=old, within=new)
        for choice in old.get("enum", ()):
            if choice not in new.get("enum", (choice,)):
                yield f"{place}: value {choice!r} removed"
        if "enum" in new and "enum" not in old:
            yield f"{place}: only certain values now"
        for limit in (*LOWER, *UPPER):
            if limit in new and _tighter(limit, old.get(limit), new[limit]):
                yield f"{place}: {limit} is {new[limit]} now"
        for name in new.get("required", ()):
            if name not in old.get("required", ()):
                yield f"{place}.{name}: required now"
        for name, shape in old.get("properties", {}).items():
            if name in new.get("properties", {}):
                yield from self._request(shape, new["properties"][name], f"{place}.{name}")
            elif new.get("additionalProperties") is False:
                yield f"{place}.{name}: removed"
        if "items" in old:
            yield from self._request(old["items"], new.get("items", {}), f"{place}[]")
        for number, (one, other) in enumerate(zip(_options(old), _options(new), strict=False)):
            yield from self._request(one, other, f"{place}|{number}")

    def _types(self, old: Json, new: Json, place: str, *, only: Json, within: Json) -> Iterator[str]:
        """Yield types of `only` that are not `within`. An integer is a number."""
        allowed = _type_set(within) | ({"integer"} if "number" in _type_set(within) else set())
        if allowed and (strange := _type_set(only) - allowed):
            yield f"{place}: {', '.join(sorted(strange))} where it was {', '.join(sorted(_type_set(old)))}"


def _type_set(shape: Mapping[str, Json]) -> set[str]:
    found = shape.get("type", ())
    return {found} if isinstance(found, str) else {*found}


def _options(shape: Mapping[str, Json]) -> list[Json]:
    return [*shape.get("oneOf", ()), *shape.get("anyOf", ())]


def _tighter(limit: str, old: Any, new: Any) -> bool:
    if old is None:
        return True
    return bool(new > old) if limit in LOWER else bool(new < old)
