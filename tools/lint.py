"""`make lint`: every check, all of them even when one fails; only failures speak at length."""

import os
import subprocess
import sys
import time

from environment import PYTHON, ROOT, VENV, install

CHECKS = {
    "ruff": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
    "djlint": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "import order": [str(VENV / "bin" / "lint-imports"), "--no-cache", "--no-logo"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "django": ["manage.py", "check", "--fail-level", "WARNING"],
    "texts": ["tools/messages.py", "--check"],
    "vendored files": ["tools/vendor.py", "--check"],
}


def main() -> int:
    install("dev")
    # Evaluation mode, and no database file: the checks need neither secrets nor data.
    environment = os.environ | {"DEBUG": "true", "DATABASE_URL": "sqlite://:memory:"}
    failed = []
    for title, arguments in CHECKS.items():
        started = time.monotonic()
        done = subprocess.run(
            [PYTHON, *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(
            f"{title:15} {'FAILED' if done.returncode else 'ok'}  {time.monotonic() - started:.1f} s",
            flush=True,
        )
        if done.returncode:
            failed.append(title)
            print(done.stdout, flush=True)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
