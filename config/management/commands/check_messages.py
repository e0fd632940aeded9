from django.core.management.base import BaseCommand, CommandError

from config import words


class Command(BaseCommand):
    help = (
        "Fails when the English catalogue is incomplete, or a template has words outside gettext."
    )
    requires_system_checks = []

    def handle(self, **options: object) -> None:
        faults = words.bare_chinese() + words.untranslated()
        if faults:
            raise CommandError("\n".join([*faults, "run `make messages` and fill what is empty"]))
