"""Creates .venv and installs a lock into it, only when something changed. Standard library only."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PRINTING_LIBRARY = "pangocairo-1.0"
PRINTING_PACKAGES = ("libpangocairo-1.0-0", "fonts-dejavu-core")
LOCKS = ("runtime", "export", "dev")  # dev holds everything the others hold, in the same versions


def fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(1)


def install(lock: str) -> None:
    """Make .venv hold what requirements/<lock>.txt names. Costs nothing when it does already."""
    if not os.access(ROOT, os.W_OK):
        fail(f"This folder is read-only for you: {ROOT}. Copy the project to one you can write to.")
    with _one_at_a_time():
        if _is_current(lock):
            return
        if not _is_usable():
            _create()
        _install(lock)


def install_printing() -> str:
    """Add what PDF and PNG files need, where the system has the libraries. Return why not; "" where it is there.

    Everything else works without, so a failure here is told and no more.
    """
    if find_library(PRINTING_LIBRARY) is None:
        return (
            f"PDF and PNG files need Pango. On Debian, Ubuntu: apt-get install {' '.join(PRINTING_PACKAGES)}"
        )
    with _one_at_a_time():
        if _is_current("export") or _is_current("dev"):
            return ""
        print("Installing requirements/export.txt ...", flush=True)
        if not _pip("export"):
            return "PDF and PNG files are left out: their packages could not be installed."
        _stamp("export").write_text(_fingerprint("export"))
    return ""


def _is_current(lock: str) -> bool:
    return _stamp(lock).is_file() and _stamp(lock).read_text() == _fingerprint(lock) and _starts()


def _is_usable() -> bool:
    """Whether packages can be added: complete, still in its place, and of a Python that still exists."""
    if not _starts() or _half_done().exists() or not _place().is_file():
        return False
    if _place().read_text() != str(VENV):
        return False
    return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def _starts() -> bool:
    return os.access(PYTHON, os.X_OK)  # false also for a link into a folder that is closed to this user


def _create() -> None:
    if VENV.is_symlink() or (VENV.exists() and not os.access(VENV, os.W_OK)):
        fail(f"{VENV} belongs to another user or is a link. Remove it, then try again.")
    print(f"Creating .venv with Python {VERSION} ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        if "ensurepip" in made.stdout:
            fail(f"Python {VERSION} has no venv. On Debian, Ubuntu: apt-get install python{VERSION}-venv")
        reason = made.stdout.strip().splitlines() or ["no reason given"]
        fail(f"Could not create .venv: {reason[-1]}")


def _install(lock: str) -> None:
    print(f"Installing requirements/{lock}.txt ...", flush=True)
    for name in {lock, "dev"}:
        _stamp(name).unlink(missing_ok=True)
    _half_done().touch()
    if not _pip(lock):
        fail("The packages could not be installed; pip says why above. The same command tries again.")
    held = LOCKS if lock == "dev" else (lock,)
    for name in held:
        _stamp(name).write_text(_fingerprint(name))
    _place().write_text(str(VENV))
    _half_done().unlink()


def _pip(lock: str) -> bool:
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    # One lock is complete: --no-deps skips the resolver, --require-hashes refuses anything that is not in it.
    pip += ["--no-deps", "--require-hashes", "--requirement", str(ROOT / "requirements" / f"{lock}.txt")]
    return subprocess.run(pip, env=os.environ | {"PIP_USER": "0"}, check=False).returncode == 0


def _fingerprint(lock: str) -> str:
    """What an install depends on: the lock, and where .venv lies (scripts inside it hold that path)."""
    content = (ROOT / "requirements" / f"{lock}.txt").read_bytes()
    return hashlib.sha256(content + str(VENV).encode()).hexdigest()


def _stamp(lock: str) -> Path:
    return VENV / f"installed-{lock}"


def _half_done() -> Path:
    return VENV / "install-unfinished"


def _place() -> Path:
    return VENV / "installed-at"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """`make run` and `make test` at once must not both fill .venv."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    if sys.argv[1:] not in ([lock] for lock in LOCKS):
        fail(f"Usage: tools/environment.py {'|'.join(LOCKS)}")
    try:
        install(sys.argv[1])
    except KeyboardInterrupt:
        fail("Stopped. The next run repairs .venv.")
