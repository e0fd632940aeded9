from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = _("检查")

    def ready(self) -> None:
        import_module("audits.tasks")  # registers the outbox handlers in every process
