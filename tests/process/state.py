"""A process that prints what the database holds: version, sizes of squads, and whether log and tables agree."""

import django

django.setup()

from orgmodel.changes import store  # noqa: E402
from orgmodel.core import changes  # noqa: E402
from orgmodel.core.org import Org  # noqa: E402

tables = store.load(store.head().version)
replayed = Org.empty()
for _, part in store.history():
    replayed = changes.apply(replayed, part)
