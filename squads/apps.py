from django.apps import AppConfig


class SquadsConfig(AppConfig):
    name = "squads"
    verbose_name = "People and squads"

    def ready(self) -> None:
        from orgmodel.changes.registry import register
        from orgmodel.core import records
        from squads import models

        for record, model in (
            (records.Role, models.Role),
            (records.Person, models.Person),
            (records.Mission, models.Mission),
            (records.Tribe, models.Tribe),
            (records.Squad, models.Squad),
            (records.Membership, models.Membership),
            (records.Vacancy, models.Vacancy),
            (records.SquadLineage, models.SquadLineage),
            (records.TribeLineage, models.TribeLineage),
            (records.Domain, models.Domain),
            (records.System, models.System),
            (records.SystemOwner, models.SystemOwner),
            (records.PersonSkill, models.PersonSkill),
            (records.Dependency, models.Dependency),
            (records.Coaching, models.Coaching),
        ):
            register(record, model)
