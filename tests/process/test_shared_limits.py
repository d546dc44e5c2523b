"""A limit is one limit, however many processes answer."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.process.conftest import serving
from tests.process.test_concurrency import Api

QUOTA, ASKED, CLIENTS = 60, 120, 4
LATE = 45  # seconds of a minute, after which the next one is waited for


def test_processes_share_what_they_count(installation: Any) -> None:
    installation.run("-m", "tests.process.found", input=json.dumps({"people": ["Ana"], "squads": ["Search"]}))
    token = installation.token("test", "--role", "viewer")
    installation.environment |= {"API_RATE_PER_MINUTE": str(QUOTA), "API_RATE_BURST": "1000"}
    # The same server twice: its workers and another one know nothing of each other but the database.
    with serving(installation) as one, serving(installation) as other:
        if time.time() % 60 > LATE:
            time.sleep(60 - time.time() % 60)  # so that all of it falls into one window

        def ask(number: int) -> Counter[int]:
            with Api((one, other)[number % 2], token) as api:
                return Counter(api.call("GET", "org/")[0] for _ in range(ASKED // CLIENTS))

        with ThreadPoolExecutor(CLIENTS) as pool:
            statuses = sum(pool.map(ask, range(CLIENTS)), Counter())
    assert statuses == {200: QUOTA, 429: ASKED - QUOTA}
