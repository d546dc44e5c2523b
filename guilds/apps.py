from django.apps import AppConfig


class GuildsConfig(AppConfig):
    name = "guilds"
    verbose_name = "Chapters and guilds"

    def ready(self) -> None:
        from guilds import models
        from orgmodel.changes.registry import register
        from orgmodel.core import records

        register(records.Chapter, models.Chapter)
        register(records.ChapterMember, models.ChapterMember)
        register(records.Guild, models.Guild)
        register(records.GuildMember, models.GuildMember)
        register(records.ChapterLineage, models.ChapterLineage)
