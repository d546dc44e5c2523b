"""An outside tool that knows the protocol, scim2-cli, against the real server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.process.conftest import Installation, serving


def test_scim2_cli_finds_nothing_amiss(installation: Installation) -> None:
    token = installation.token("Okta", "--role", "org designer")
    with serving(installation) as (host, port):
        done = subprocess.run(
            [Path(sys.executable).parent / "scim2", "--url", f"http://{host}:{port}/scim/v2", "test"],
            env=os.environ | {"SCIM_CLI_HEADERS": f"Authorization: Bearer {token}"},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    bad = re.findall(r"(?:ERROR|CRITICAL|DEVIATION)\b[^\n]*\n(?:(?!\S)[^\n]*\n)*", done.stdout)
    assert (done.returncode, bad) == (0, []), "".join(bad) + done.stderr[-3000:]
    assert done.stdout.count("SUCCESS") > 100
