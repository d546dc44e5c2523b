"""`make vendor`: fetches what vendor.toml names with npm. `--check`: only compares the files here."""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from environment import ROOT, fail


def main(arguments: list[str]) -> None:
    packages = tomllib.loads((ROOT / "vendor.toml").read_text())["package"]
    for package in packages:
        if arguments != ["--check"]:
            _fetch(package)
        for file in package["file"]:
            _check(file["target"], (ROOT / file["target"]).read_bytes(), file["sha512"])


def _fetch(package: dict[str, Any]) -> None:
    if not shutil.which("npm"):
        fail("Fetching front-end files needs npm.")
    name = f"{package['name']}@{package['version']}"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["npm", "pack", "--silent", name], cwd=folder, capture_output=True, text=True, check=False
        )
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            fail(
                f"npm could not fetch {name}: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}"
            )
        _check(name, archives[0].read_bytes(), package["package_sha512"])
        with tarfile.open(archives[0]) as archive:
            for file in package["file"]:
                content = archive.extractfile(f"package/{file['source']}")
                if content is None:
                    fail(f"{name} holds no file {file['source']}.")
                target = ROOT / file["target"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
                print(f"{name}: {file['target']}")


def _check(name: str, content: bytes, expected: str) -> None:
    found = hashlib.sha512(content).hexdigest()
    if found != expected:
        fail(f"{name} is not what vendor.toml names: sha512 is {found}.")


if __name__ == "__main__":
    main(sys.argv[1:])
