"""抽查: one drawing of lots. Append-only, so that nobody draws until the lot suits them unseen."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audits import planning
from audits.models.rounds import Round


class Draw(models.Model):
    """`frame` {station code: region code}, all that could be drawn; `chosen` the codes drawn."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField()
    seed = models.CharField(_("种子"), max_length=40)
    count = models.PositiveSmallIntegerField(_("抽取数"))
    per_region = models.BooleanField(_("每个街道各抽"), default=False)
    frame: Any = models.JSONField()
    chosen: Any = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("抽查")
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="draw_number_once"),
            models.CheckConstraint(condition=Q(count__gt=0), name="draw_of_at_least_one"),
            models.CheckConstraint(condition=~Q(seed=""), name="draw_has_its_seed"),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.number} {self.seed}"

    def again(self) -> list[str]:
        """The same drawing, from the seed alone."""
        return planning.drawn(self.seed, self.frame, self.count, per_group=self.per_region)
