"""How fast it is, and whether that depends on the size of the organization. `make bench`; not part of the tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tools"))
