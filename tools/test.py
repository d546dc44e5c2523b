"""`make test`: the whole suite on SQLite and on PostgreSQL, then the browser tests. `--fast`: SQLite only.

Further arguments go to pytest; files or folders among them replace the whole suite.
"""

import os
import re
import shutil
import subprocess
import sys
from ctypes.util import find_library

from chromium import find_chromium
from environment import PRINTING_LIBRARY, PRINTING_PACKAGES, PYTHON, ROOT, fail, install
from postgres import Unavailable, find_binaries, interrupt_on_termination, throwaway_cluster

BROWSER_TESTS = "tests/browser"
NO_TESTS = 5  # pytest's exit code for "nothing collected"
TAKE_A_PATH = ("--deselect", "--ignore", "--ignore-glob", "--basetemp", "-c", "-k", "-m")


def main(arguments: list[str]) -> int:
    fast = "--fast" in arguments
    arguments = [argument for argument in arguments if argument != "--fast"]
    paths, options = _sorted_out(arguments)
    install("dev")
    outcomes: dict[str, int] = {}
    in_browser = [path for path in paths if path.strip("./").startswith(BROWSER_TESTS)]
    plain = [path for path in paths if path not in in_browser]
    command: list[str] = []
    if plain or not paths:
        command = ["-n", "2", *(plain or ["tests"]), f"--ignore={BROWSER_TESTS}", *options]
    if fast:
        if command:
            outcomes["SQLite"] = _pytest("SQLite", command)
        return _verdict(outcomes, selected=bool(arguments))

    _provide_programs()
    if command:
        outcomes["SQLite"] = _pytest("SQLite", command)
    with throwaway_cluster() as url:
        if command:
            outcomes["PostgreSQL"] = _pytest("PostgreSQL", command, DATABASE_URL=url)
        if in_browser or not paths:
            command = [*(in_browser or [BROWSER_TESTS]), *options]
            # Playwright keeps an event loop on the test's thread; Django would refuse every query there.
            outcomes["browser"] = _pytest(
                "browser", command, DATABASE_URL=url, DJANGO_ALLOW_ASYNC_UNSAFE="true"
            )
    return _verdict(outcomes, selected=bool(arguments))


def _sorted_out(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The files and folders to test, and the rest; the file in `--deselect FILE` belongs to the rest."""
    paths: list[str] = []
    options: list[str] = []
    for before, argument in zip(["", *arguments], arguments, strict=False):
        is_path = (ROOT / argument.split("::")[0]).exists() and before not in TAKE_A_PATH
        (paths if is_path else options).append(argument)
    return paths, options


def _pytest(title: str, command: list[str], **settings: str) -> int:
    print(f"\n--- {title} ---", flush=True)
    own = own_settings()
    environment = {name: value for name, value in os.environ.items() if name not in own}
    environment |= {"DEBUG": "true"} | settings
    process = subprocess.Popen([PYTHON, "-m", "pytest", *command], cwd=ROOT, env=environment)
    try:
        return process.wait()
    except KeyboardInterrupt:
        _end(process)
        raise


def own_settings() -> set[str]:
    """Return the variables with which someone sets their own server, which must not change what the tests see."""
    settings = (ROOT / "orgmodel" / "settings.py").read_text()
    return {*re.findall(r'\benv\.\w+\(\s*"(\w+)"', settings), "DJANGO_SETTINGS_MODULE", "GUNICORN_CMD_ARGS"}


def _end(process: "subprocess.Popen[bytes]") -> None:
    """After Ctrl-C pytest has the signal too and prints its summary; after SIGTERM it must be told."""
    for seconds in (5, 10):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.terminate()
        else:
            return
    process.kill()
    process.wait()


def _verdict(outcomes: dict[str, int], *, selected: bool) -> int:
    """0 when all passed. No tests at all is a failure; for a selection, some run must have found some."""
    if selected and any(code != NO_TESTS for code in outcomes.values()):
        outcomes = {title: 0 if code == NO_TESTS else code for title, code in outcomes.items()}
    failed = [title for title, code in outcomes.items() if code]
    if failed or not outcomes:
        print(f"Failed: {', '.join(failed) or 'nothing to run'}", file=sys.stderr)
        return 1
    return 0


def _provide_programs() -> None:
    """Find PostgreSQL's server and Chromium, or install them where apt-get may, or say what is missing."""
    missing = _missing()
    if missing:
        _apt_install(missing)
        missing = _missing()
    if missing:
        fail(
            f"The tests need {' and '.join(missing)}. On Debian, Ubuntu: apt-get install {' '.join(missing)}"
        )


def _missing() -> list[str]:
    programs = (("postgresql", find_binaries()), ("chromium", find_chromium()))
    missing = [name for name, found in programs if not found]
    return missing if find_library(PRINTING_LIBRARY) else [*missing, *PRINTING_PACKAGES]


def _apt_install(packages: list[str]) -> None:
    if not shutil.which("apt-get"):
        return
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if prefix and (
        not shutil.which("sudo")
        or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode
    ):
        return
    print(f"Installing {' and '.join(packages)} with apt-get ...", flush=True)
    prefix += ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    install_command = [*prefix, "install", "--yes", "--no-install-recommends", *packages]
    for command in (install_command, [*prefix, "update"], install_command):
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode == 0 and command is install_command:
            return
    print("apt-get could not install them:", *done.stdout.strip().splitlines()[-1:], file=sys.stderr)


if __name__ == "__main__":
    interrupt_on_termination()
    try:
        raise SystemExit(main(sys.argv[1:]))
    except Unavailable as error:
        fail(str(error))
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        raise SystemExit(130) from None
