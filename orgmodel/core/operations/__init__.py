"""What people can do to an organization: one module per noun, one class per operation."""

from types import MappingProxyType

from orgmodel.core.operations.apply_changes import ApplyChanges
from orgmodel.core.operations.base import Close, Create, Edit, Operation, Refused, Rename, Reopen
from orgmodel.core.operations.chapters import (
    ChangeChapter,
    CloseChapter,
    CreateChapter,
    EditChapter,
    MoveChapter,
    RenameChapter,
    ReopenChapter,
    SetChapterLead,
)
from orgmodel.core.operations.coaching import AssignCoach, EndCoaching
from orgmodel.core.operations.dependencies import EditDependency, RecordDependency, SolveDependency
from orgmodel.core.operations.domains import CloseDomain, CreateDomain, EditDomain, ReopenDomain
from orgmodel.core.operations.findings import ChangeRule, EndWaiver, ResetRule, Waive
from orgmodel.core.operations.guilds import (
    CloseGuild,
    CreateGuild,
    EditGuild,
    EditGuildMember,
    JoinGuild,
    LeaveGuild,
    RenameGuild,
    ReopenGuild,
    SetGuildCoordinator,
)
from orgmodel.core.operations.memberships import (
    EditMembership,
    JoinSquad,
    LeaveSquad,
    MovePeople,
    RotatePeople,
    SetShare,
)
from orgmodel.core.operations.merges import MergeChapters, MergeSquads, MergeTribes
from orgmodel.core.operations.missions import (
    AssignMission,
    CreateMission,
    EditMission,
    HandOverMission,
    ReopenMission,
    RetireMission,
    RewordMission,
)
from orgmodel.core.operations.people import (
    EditPerson,
    HirePerson,
    OffboardPerson,
    ReinstatePerson,
    RenamePerson,
)
from orgmodel.core.operations.roles import CreateRole, EditRole, RemoveRole
from orgmodel.core.operations.skills import SetSkills
from orgmodel.core.operations.splits import SplitSquad, SplitTribe
from orgmodel.core.operations.squads import (
    CloseSquad,
    CreateSquad,
    EditSquad,
    FormSquad,
    MoveSquad,
    RenameSquad,
    ReopenSquad,
    SetSquadLead,
)
from orgmodel.core.operations.systems import (
    CreateSystem,
    EditSystem,
    ReopenSystem,
    RetireSystem,
    SetSystemOwners,
)
from orgmodel.core.operations.tribes import (
    CloseTribe,
    CreateTribe,
    EditTribe,
    RenameTribe,
    ReopenTribe,
    SetTribeLead,
)
from orgmodel.core.operations.vacancies import (
    CloseVacancy,
    EditVacancy,
    FillVacancy,
    OpenVacancy,
    ReopenVacancy,
)
from orgmodel.core.operations.vocabulary import ChangeWord, ResetWord

OPERATIONS = MappingProxyType(
    {
        operation.__name__: operation
        for operation in (
            HirePerson,
            RenamePerson,
            EditPerson,
            OffboardPerson,
            ReinstatePerson,
            JoinSquad,
            LeaveSquad,
            MovePeople,
            RotatePeople,
            SetShare,
            EditMembership,
            CreateSquad,
            FormSquad,
            RenameSquad,
            EditSquad,
            CloseSquad,
            ReopenSquad,
            MoveSquad,
            SetSquadLead,
            CreateTribe,
            RenameTribe,
            EditTribe,
            CloseTribe,
            ReopenTribe,
            SetTribeLead,
            CreateMission,
            RewordMission,
            EditMission,
            AssignMission,
            HandOverMission,
            RetireMission,
            ReopenMission,
            OpenVacancy,
            EditVacancy,
            FillVacancy,
            CloseVacancy,
            ReopenVacancy,
            CreateChapter,
            RenameChapter,
            EditChapter,
            CloseChapter,
            ReopenChapter,
            MoveChapter,
            SetChapterLead,
            ChangeChapter,
            CreateGuild,
            RenameGuild,
            EditGuild,
            CloseGuild,
            ReopenGuild,
            SetGuildCoordinator,
            JoinGuild,
            EditGuildMember,
            LeaveGuild,
            CreateRole,
            EditRole,
            RemoveRole,
            SplitSquad,
            SplitTribe,
            MergeSquads,
            MergeTribes,
            MergeChapters,
            CreateSystem,
            EditSystem,
            SetSystemOwners,
            RetireSystem,
            ReopenSystem,
            CreateDomain,
            EditDomain,
            CloseDomain,
            ReopenDomain,
            SetSkills,
            RecordDependency,
            EditDependency,
            SolveDependency,
            AssignCoach,
            EndCoaching,
            ChangeRule,
            ResetRule,
            Waive,
            EndWaiver,
            ChangeWord,
            ResetWord,
            ApplyChanges,
        )
    }
)
"""Every operation by name: what drafts store, the API accepts and docs/operations.md lists."""

__all__ = [
    "OPERATIONS",
    "Close",
    "Create",
    "Edit",
    "Operation",
    "Refused",
    "Rename",
    "Reopen",
]
