"""An outside tool that knows the protocol, scim2-cli, against the real server."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.process.conftest import Installation


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(url: str, server: subprocess.Popen[str]) -> None:
    for _ in range(200):
        assert server.poll() is None, "the server did not start"
        try:
            urllib.request.urlopen(url)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_scim2_cli_finds_nothing_amiss(installation: Installation, tmp_path: Path) -> None:
    token = installation.manage("create_token", "Okta", "--role", "org designer").split()[-1]
    port = free_port()
    installation.environment["SCIM_RATE_PER_MINUTE"] = "0"  # the tool asks everything at once
    with (tmp_path / "server.log").open("w") as log:
        server = installation.start(
            "-m", "gunicorn", "orgmodel.wsgi", "--threads", "4", "--bind", f"127.0.0.1:{port}",
            stdout=log, stderr=log,
        )  # fmt: skip
        try:
            root = f"http://127.0.0.1:{port}/scim/v2"
            wait_for(root, server)
            done = subprocess.run(
                [Path(sys.executable).parent / "scim2", "--url", root, "test"],
                env=os.environ | {"SCIM_CLI_HEADERS": f"Authorization: Bearer {token}"},
                capture_output=True, text=True, timeout=300, check=False,
            )  # fmt: skip
        finally:
            server.terminate()
            server.communicate(timeout=30)
    bad = re.findall(r"(?:ERROR|CRITICAL|DEVIATION)\b[^\n]*\n(?:(?!\S)[^\n]*\n)*", done.stdout)
    assert (done.returncode, bad) == (0, []), "".join(bad) + done.stderr[-3000:]
    assert done.stdout.count("SUCCESS") > 100
