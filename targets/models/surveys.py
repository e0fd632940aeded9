"""满意度调查: a code at the station, no sign-in, one answer per token, nothing that names anyone."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.models import Station
from targets.models.records import Record


class SatisfactionSurvey(Record):
    title = models.CharField(_("名称"), max_length=80)
    opens_on = models.DateField(_("开始日期"))
    closes_on = models.DateField(_("结束日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("满意度调查")
        ordering = ["opens_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="survey_closes_after_opening"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_open(self, today: dt.date) -> bool:
        return self.withdrawn_at is None and self.opens_on <= today <= self.closes_on


class SurveyToken(models.Model):
    """Minted by the poster's address, good for one answer within its half hour, then purged.

    `caller` is a keyed hash that changes daily: enough to slow a flood, not to know anyone.
    """

    digest = models.CharField(max_length=64, unique=True)
    survey = models.ForeignKey(SatisfactionSurvey, models.CASCADE, related_name="+")
    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    caller = models.CharField(max_length=16)
    minted_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    is_used = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["station", "minted_at"], name="survey_token_of_station"),
            models.Index(fields=["caller", "minted_at"], name="survey_token_of_caller"),
        ]

    def __str__(self) -> str:
        return self.digest[:8]


class SurveyAnswer(models.Model):
    """Anonymous: the day, the station, one of five steps. Append-only."""

    class Step(models.IntegerChoices):
        VERY_SATISFIED = 5, _("非常满意")
        SATISFIED = 4, _("满意")
        SO_SO = 3, pgettext_lazy("survey", "一般")
        DISSATISFIED = 2, _("不满意")
        VERY_DISSATISFIED = 1, _("非常不满意")

    HAPPY = 4  # this step and above count as 满意

    survey = models.ForeignKey(SatisfactionSurvey, models.PROTECT, related_name="answers")
    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(choices=Step)
    words = models.CharField(max_length=200, blank=True)
    answered_on = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = _("满意度答卷")
        indexes = [models.Index(fields=["survey", "station"], name="survey_answer_of_survey")]
        constraints = [
            models.CheckConstraint(
                condition=Q(step__range=(1, 5)), name="survey_answer_five_steps"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())
