from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShellConfig(AppConfig):
    name = "config"
    verbose_name = _("运行")

    def ready(self) -> None:
        from config import checks  # noqa: F401 - registers them
