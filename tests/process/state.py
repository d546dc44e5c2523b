"""A process that prints what the database holds: version, sizes of squads, and whether log and tables agree."""

import json

import django

django.setup()

from orgmodel.changes import store  # noqa: E402
from orgmodel.changes.models import ChangeSet, Draft  # noqa: E402
from orgmodel.core import changes  # noqa: E402
from orgmodel.core.org import Org  # noqa: E402

tables = store.load(store.head().version)
replayed = Org.empty()
for _, part in store.history():
    replayed = changes.apply(replayed, part)

print(
    json.dumps(
        {
            "version": store.head().version,
            "change_sets": ChangeSet.objects.count(),
            "drafts": sorted(Draft.objects.values_list("state", flat=True)),
            "sizes": {squad.name: tables.size_of(squad.id) for squad in tables.squads.values()},
            "differences": len(changes.diff(replayed, tables)),
        }
    )
)
