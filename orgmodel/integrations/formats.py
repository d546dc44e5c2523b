"""JSON in and out: strict when reading (no NaN, no broken text, no bombs), fast when writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.conf import settings
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from orgmodel.integrations.problems import Fault, Faulty, to_json


class OrjsonRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        return b"" if data is None else to_json(data)


class StrictJSONParser(BaseParser):
    media_type = "application/json"
    reads: Sequence[str] = (media_type,)
    """The media types that it reads, as a refusal of others lists them."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise Faulty([Fault("too_large", f"The body has more than {limit // 2**20} MB.")], status=413)
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise Faulty([Fault("malformed", f"The body is not JSON: {error}.")]) from None


class MergePatchParser(StrictJSONParser):
    """What `PATCH` reads is a merge patch (RFC 7396), and may say so. Nothing else is one."""

    media_type = "application/merge-patch+json"
    reads = (f"{media_type} with PATCH",)

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        if parser_context is not None and parser_context["request"].method != "PATCH":
            raise UnsupportedMediaType(str(media_type))
        return super().parse(stream, media_type, parser_context)
