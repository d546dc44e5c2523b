"""What a token looks like, and how to strike it out of text. It imports nothing, as logging is set up with it first."""

from __future__ import annotations

import logging
import re

PREFIX = "om"
TOKEN = re.compile(rf"{PREFIX}_[0-9a-zA-Z]{{1,16}}_[0-9a-f]{{32,}}(_[0-9a-f]+)?")
STRUCK = f"{PREFIX}_…"


def without_tokens(text: str) -> str:
    return TOKEN.sub(STRUCK, text)


class NoTokensFormatter(logging.Formatter):
    """Strikes tokens out of everything that is logged, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return without_tokens(super().format(record))
