"""The production settings, with one address more and a folder of their own for static files."""

import os

from orgmodel.settings import *  # noqa: F403 - this is how settings extend others

ROOT_URLCONF = "benchmarks.urls"
STATIC_ROOT = os.environ["BENCHMARK_STATIC_ROOT"]
