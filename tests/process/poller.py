"""A process that follows the change feed of a server until it is told to stop, and prints all that it was told."""

import json
import sys
import threading
import time
import urllib.error
import urllib.request
from typing import Any

address, token = sys.argv[1:]
stopping = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), stopping.set()), daemon=True).start()


def ask(cursor: str) -> Any:
    request = urllib.request.Request(f"{address}/api/v1/changes/?limit=200&since={cursor}")
    request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        if refusal.code not in (429, 503):
            raise
        time.sleep(float(refusal.headers["Retry-After"]))
        return ask(cursor)


cursor, is_last = "0", False
while True:
    page = ask(cursor)
    for change in page["results"]:
        print(change["version"], change["kind"], change["id"])
    cursor = page["cursor"]
    if is_last and page["next"] is None:
        break
    is_last = stopping.is_set()
