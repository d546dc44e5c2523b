"""Where Chromium is, for browser tests, screenshots and benchmarks."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str | None:
    """Return the path of $CHROMIUM, of one on PATH, or of one that Playwright installed; None where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    for name in NAMES:
        if found := shutil.which(name):
            return found
    downloaded = Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome")
    return str(max(downloaded, default="")) or None
