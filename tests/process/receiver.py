"""A receiver of webhooks as bad as they come: it drops, hangs, answers 500 and redirects; run by tests and benchmarks.

Prints its port, reads the secrets of its paths as one line of JSON, then writes a line for each request to a file:
path, id, whether the signature is right, what it did, and the body.
"""

import json
import random
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

PATIENT = 3  # times that a request with one id meets with something bad
BAD = ("500", "drop", "hang", "redirect")
HANG = 1.0  # seconds

chance = random.Random(11)
seen: Counter[str] = Counter()
writing = threading.Lock()


class Receiver(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = self.headers["webhook-id"]
        with writing:
            seen[event] += 1
            done = self._choice(event)
            line = {"path": self.path, "id": event, "verified": self._verified(body), "did": done}
            self.server.log.write(json.dumps(line | {"body": json.loads(body)}) + "\n")
            self.server.log.flush()
        self._act(done)

    def _choice(self, event: str) -> str:
        if self.path != "/bad" or seen[event] > PATIENT or chance.random() > 0.3:
            return {"/gone": "410"}.get(self.path, "204")
        return chance.choice(BAD)

    def _verified(self, body: bytes) -> bool:
        try:
            Webhook(self.server.secrets[self.path]).verify(body, dict(self.headers))
        except WebhookVerificationError:
            return False
        return True

    def _act(self, what: str) -> None:
        if what == "hang":
            time.sleep(HANG)
        if what in ("drop", "hang"):
            self.close_connection = True
            return
        self.send_response(302 if what == "redirect" else int(what))
        if what == "redirect":
            self.send_header("Location", "/good")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


server: Any = Server(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.secrets = json.loads(sys.stdin.readline())
with Path(sys.argv[1]).open("a") as server.log:
    server.serve_forever()
