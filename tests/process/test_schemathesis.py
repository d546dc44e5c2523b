"""An outside tool that reads the document and asks what it allows and what it forbids, against the real server.

`make api-check` takes its time (`API_CHECK=full`): every phase, more examples, and a viewer's token as well.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.process.conftest import ROOT, Installation, serving

SETTINGS = Path(__file__).with_name("schemathesis.toml")
IS_FULL = os.environ.get("API_CHECK") == "full"
PHASES = "examples,coverage,fuzzing,stateful" if IS_FULL else "examples,fuzzing"
EXAMPLES = "30" if IS_FULL else "2"
PEERS = """
[auth.wfc]
path = "wfc.yaml"
peers = ["one", "other"]
"""


@pytest.fixture
def demo(installation: Installation) -> Installation:
    installation.manage("load_demo")
    return installation


def ask(installation: Installation, folder: Path, settings: Path, *options: str) -> None:
    """Let schemathesis ask everything of the document, and fail with what it found."""
    document = folder / "openapi.yaml"
    installation.manage("spectacular", "--file", str(document))
    with serving(installation) as (host, port):
        done = subprocess.run(
            [
                Path(sys.executable).parent / "schemathesis", "--config-file", settings, "run", document,
                "--url", f"http://{host}:{port}", "--phases", PHASES, "--max-examples", EXAMPLES,
                # One worker: Python 3.11 parses source in several threads only with luck, and the tool does that.
                "--seed", "1", "--workers", "1", "--continue-on-failure", "--no-shrink",
                "--generation-database", "none", "--no-color",
                "--suppress-health-check", "all",  # how quickly a busy machine makes up examples says nothing of us
                *options,
            ],
            cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, timeout=3600 if IS_FULL else 300, check=False,
        )  # fmt: skip
    assert "Test Phases" in done.stdout, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Exception in thread" not in done.stdout + done.stderr, done.stderr[-3000:]
    if done.returncode:
        pytest.fail(done.stdout[-10_000:], pytrace=False)


@pytest.mark.parametrize("role", ["org designer", *(["viewer"] if IS_FULL else [])])
def test_schemathesis_finds_nothing_amiss(demo: Installation, tmp_path: Path, role: str) -> None:
    header = f"Authorization: Bearer {demo.token(role, '--role', role)}"
    ask(demo, tmp_path, SETTINGS, "--checks", "all", "-H", header)


def test_a_token_of_one_tribe_reads_nothing_of_another(demo: Installation, tmp_path: Path) -> None:
    scopes = "people:read,people:write,units:read,units:write"
    peers: list[Any] = [("one", "platform-data"), ("other", "listening-experience")]
    entries = "".join(
        f"  - name: {name}\n"
        "    fixedHeaders: [{name: Authorization, value: "
        f'"Bearer {demo.token(name, "--scopes", scopes, "--tribe", tribe)}"'
        "}]\n"
        for name, tribe in peers
    )
    (tmp_path / "wfc.yaml").write_text(f"auth:\n{entries}")
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS.read_text() + PEERS)
    checks = "not_a_server_error,ignored_auth,object_level_authorization"
    ask(demo, tmp_path, settings, "--checks", checks)
