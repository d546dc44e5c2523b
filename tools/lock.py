"""`make lock`: pins requirements/*.in with hashes in *.txt, for Python 3.11 and up. `--upgrade`: newest."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from environment import LOCKS, ROOT, fail

COMPILE = ["pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
# The lock says what, never from where: it works with any index, mirror or folder of wheels.
COMPILE += ["--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        tools = Path(folder) / "bin"
        if subprocess.run(
            [tools / "python", "-m", "pip", "install", "--quiet", "uv"], check=False
        ).returncode:
            fail("uv, which writes the lock, could not be installed.")
        for lock in LOCKS:
            command = [str(tools / "uv"), *COMPILE, *arguments, f"{lock}.in", "--output-file", f"{lock}.txt"]
            if lock != "runtime":
                command += ["--constraints", "runtime.txt"]
            if subprocess.run(command, cwd=ROOT / "requirements", check=False).returncode:
                fail(f"requirements/{lock}.txt could not be written.")
            print(f"requirements/{lock}.txt")


if __name__ == "__main__":
    main(sys.argv[1:])
