from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TargetsConfig(AppConfig):
    name = "targets"
    verbose_name = _("绩效目标")

    def ready(self) -> None:
        import_module("targets.tasks")  # registers the outbox handler in every process
        import_module("targets.checks")
