# ruff: noqa: DJ008
from django.db import models


class Audit(models.Model):
    id = models.UUIDField(primary_key=True)
    assignment = models.BigIntegerField()
    started_at = models.DateTimeField()
    declared = models.JSONField(default=list)
    submitted_at = models.DateTimeField(null=True)


class Answer(models.Model):
    audit = models.ForeignKey(Audit, models.CASCADE)
    item_code = models.CharField(max_length=12)
    result = models.CharField(max_length=8)
    note = models.TextField(blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "item_code"], name="bare_once")]


class Photo(models.Model):
    id = models.UUIDField(primary_key=True)
    audit = models.ForeignKey(Audit, models.CASCADE)
    item_code = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120)
    taken_at = models.DateTimeField()
