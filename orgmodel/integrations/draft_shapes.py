"""What answers about drafts look like, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping

from orgmodel.changes.models import Draft, DraftShare
from orgmodel.integrations.shapes import (
    COUNT,
    DAY,
    DAYS,
    FACTS,
    FLAG,
    MAYBE_COUNT,
    MAYBE_DAY,
    MAYBE_REFERENCE,
    MOMENT,
    REFERENCE,
    REFERENCES,
    TEXT,
    TEXTS,
    Shape,
    list_of,
    object_of,
    ref,
)

_MAYBE_TEXT: Shape = {"type": ["string", "null"]}
_SUBJECTS = list_of(object_of(kind=TEXT, id=TEXT, name=TEXT))
_CHECKS = list_of(
    object_of(
        code=TEXT,
        level={"type": "string", "enum": ["blocker", "high", "medium"]},
        message=TEXT,
        what_to_try=TEXT,
        subjects=_SUBJECTS,
    )
)
_HEADER = {
    "problem": TEXT,
    "intent": TEXT,
    "trade_offs": TEXT,
    "success": TEXT,
    "rollback_plan": TEXT,
    "effective_on": MAYBE_DAY,
    "announce_on": MAYBE_DAY,
    "review_on": MAYBE_DAY,
    "keep_together": list_of(REFERENCES),
    "despite": TEXT,
}


def _moved(shape: Shape) -> Shape:
    return object_of(before=shape, after=shape)


def _delta() -> Shape:
    return object_of(before=COUNT, after=COUNT, fixed=REFERENCES, new=REFERENCES)


_LISTED = object_of(
    id=TEXT,
    key=TEXT,
    name=TEXT,
    owner=TEXT,
    visibility={"type": "string", "enum": list(Draft.Visibility.values)},
    state={"type": "string", "enum": list(Draft.State.values)},
    part={
        **MAYBE_REFERENCE,
        "description": "The tribe whose part of it you were handed; null for all of it.",
    },
    summary={**TEXT, "description": "What it does in one line, such as “7 moves, 1 new squad”."},
    revision=COUNT,
    operation_count=COUNT,
    parked_count=COUNT,
    based_on=DAY,
    created_at=MOMENT,
    updated_at=MOMENT,
    scheduled_on=MAYBE_DAY,
    failure={**TEXT, "description": "Why it could not be published on its day."},
    change_set=MAYBE_COUNT,
    reverses={**MAYBE_COUNT, "description": "Version of the change set that it takes back."},
)
_IN_FULL = {
    **_HEADER,
    "misfits": COUNT,
    "fingerprint": {**TEXT, "description": "Differs wherever what it does, or what fits, does."},
    "can_undo": FLAG,
    "can_redo": FLAG,
    "entries": list_of(
        object_of(position=COUNT, sentence=TEXT, fits=FLAG, reason=TEXT, note=TEXT, facts=FACTS)
    ),
    "parked": list_of(object_of(position=COUNT, sentence=TEXT, note=TEXT)),
    "reviews": list_of(object_of(login=TEXT, name=TEXT, approves=FLAG)),
}

DRAFT_SHAPES: Mapping[str, Shape] = {
    "Draft": {**_LISTED, "properties": {**_LISTED["properties"], **_IN_FULL}},
    "DraftOperation": object_of(
        position=COUNT,
        state={"type": "string", "enum": ["standing", "parked"]},
        sentence=TEXT,
        fits=FLAG,
        reason=TEXT,
        redo={
            **TEXT,
            "description": "What POST redo/ would make of one that does not fit; empty for nothing.",
        },
        note=TEXT,
        operation=ref("Operation"),
    ),
    "DraftOperations": object_of(results=list_of(ref("DraftOperation")), revision=COUNT),
    "DraftComparison": object_of(
        **{"with": {**TEXT, "description": "What it is compared with, as in the address."}},
        before=TEXT,
        after=TEXT,
        sentence=TEXT,
        people=object_of(
            moved=REFERENCES,
            new=REFERENCES,
            gone=REFERENCES,
            tribe=REFERENCES,
            manager=REFERENCES,
            chapter=REFERENCES,
            share=REFERENCES,
        ),
        squads=object_of(created=REFERENCES, closed=REFERENCES, moved=REFERENCES, renamed=REFERENCES),
        splits=list_of(object_of(kind=TEXT, unit=REFERENCE, into=REFERENCES)),
        merges=list_of(object_of(kind=TEXT, units=REFERENCES, into=REFERENCE)),
        out_of_range=_delta(),
        vacancies=_delta(),
        homeless=_delta(),
        flows=list_of(object_of(before=MAYBE_REFERENCE, after=MAYBE_REFERENCE, people=COUNT)),
        figures=list_of(object_of(label=TEXT, before=COUNT, after=COUNT)),
        price=COUNT,
    ),
    "DraftImpact": object_of(
        price={**COUNT, "description": "What it asks of people, in months of working together."},
        reach=object_of(people=COUNT, squads=COUNT, tribes=COUNT),
        people=list_of(
            object_of(
                person=REFERENCE,
                squad=_moved(MAYBE_REFERENCE),
                tribe=_moved(MAYBE_REFERENCE),
                manager=_moved(MAYBE_REFERENCE),
                chapter=_moved(MAYBE_REFERENCE),
                share=_moved(MAYBE_COUNT),
                arrives=FLAG,
                leaves=FLAG,
                earlier={**DAYS, "description": "Other changes of squad or manager in twelve months."},
            )
        ),
        squads=list_of(
            object_of(
                squad=REFERENCE,
                size=_moved(COUNT),
                stayed=COUNT,
                core_kept={**COUNT, "description": "Who stays of those before, in percent."},
                is_new=FLAG,
                is_closed=FLAG,
            )
        ),
        units=list_of(object_of(kind=TEXT, unit=REFERENCE, size=_moved(COUNT), span=_moved(COUNT))),
        missions=list_of(
            object_of(
                mission=REFERENCE,
                people=_moved(COUNT),
                share={**_moved(COUNT), "description": "In percent of one person."},
                squads=_moved(COUNT),
            )
        ),
        pairs=list_of(object_of(one=REFERENCE, other=REFERENCE, months=COUNT, starts=FLAG)),
        checks=_CHECKS,
        missing={**TEXTS, "description": "What its header should say and does not."},
    ),
    "DraftConflicts": object_of(
        results=list_of(
            object_of(
                kind={"type": "string", "enum": ["person", "closed", "field", "sum"]},
                subject=object_of(kind=TEXT, id=TEXT, name=TEXT),
                message=TEXT,
                places=list_of(object_of(draft=TEXT, name=TEXT, position=COUNT, does=TEXT)),
                hidden={**COUNT, "description": "Other drafts with a part in it that you may not see."},
            )
        )
    ),
    "DraftShare": object_of(
        login=TEXT,
        name=TEXT,
        can={"type": "string", "enum": list(DraftShare.Can.values)},
        tribe=MAYBE_REFERENCE,
        is_reviewer=FLAG,
        approved_revision=MAYBE_COUNT,
    ),
    "DraftShares": object_of(results=list_of(ref("DraftShare"))),
    "DraftComment": object_of(
        id=COUNT, position=MAYBE_COUNT, author=_MAYBE_TEXT, body=TEXT, written_at=MOMENT, mentions=TEXTS
    ),
    "DraftComments": object_of(results=list_of(ref("DraftComment"))),
    "DraftApproval": object_of(approved_revision=MAYBE_COUNT),
    "DraftBriefings": object_of(
        results=list_of(
            object_of(person=REFERENCE, manager=MAYBE_REFERENCE, by=MAYBE_REFERENCE, on=MAYBE_DAY)
        )
    ),
}
