"""checklists/…/preview/, publish/ and what-if/: what a version would do, before it does it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.fields import person
from audits.pages.versions import version_at
from audits.queries import number, trials
from audits.services import versions
from checklists.models import ChecklistVersion
from checklists.services import publishing
from stations import access
from stations.refusals import bad_field


def own_version(request: Request, slug: str, at: int) -> ChecklistVersion:
    access.require(person(request), "checklists.read")
    version = version_at(person(request), slug, at)
    access.require(person(request), "checklists.write")
    return version


class Preview(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, number: int) -> Response:
        """Which tasks could move, where trends break, how the last round would have scored."""
        version = own_version(request, slug, number)
        compared = publishing.against_present(version)
        tasks = versions.movable(version, person(request))
        body = {
            "seen": publishing.content_hash(version),
            "faults": publishing.faults(version),
            "appeared": [_item(item) for item in compared.appeared],
            "disappeared": [_item(item) for item in compared.disappeared],
            "changed": [
                {"code": one.code, "title": one.title, "fields": one.fields, "breaks": one.breaks}
                for one in compared.changed
            ],
            "movable": [
                {
                    "id": task.pk,
                    "round": task.round_id,
                    "station": task.station.code,
                    "inspector": task.inspector.username,
                    "version": task.version.number,
                }
                for task in tasks
            ],
            "trial": trial_payload(trials.trial(person(request), version)),
        }
        return Response(body)


def _item(item: Any) -> dict[str, Any]:
    return {"code": item.code, "title": item.title_zh, "points": number(item.points)}


def trial_payload(made: trials.Trial) -> dict[str, Any]:
    return {
        "round": made.round.pk if made.round else None,
        "stations": [
            {
                "station": row.station.code,
                "before": _printed(row.before.printed),
                "after": _printed(row.after.printed),
                "grade_before": row.before.grade,
                "grade_after": row.after.grade,
                "matched": row.matched,
                "asked": row.asked,
            }
            for row in made.rows
        ],
        "total": made.total,
        "mean_before": _printed(made.before),
        "mean_after": _printed(made.after),
        "regraded": made.regraded,
    }


def _printed(text: str) -> int | float | None:
    return None if text == "—" else number(text)


class PublishInput(serializers.Serializer[Any]):
    move = serializers.BooleanField(default=False)
    seen = serializers.CharField(required=False, default="", allow_blank=True, max_length=64)


class PublishOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    number = serializers.IntegerField()
    status = serializers.CharField()
    content_hash = serializers.CharField()
    moved = serializers.ListField(child=serializers.IntegerField())


class Publish(APIView):
    @extend_schema(request=PublishInput, responses=PublishOutput)
    def post(self, request: Request, slug: str, number: int) -> Response:
        """`move`: the tasks of the preview go over to it. `seen`: the draft's hash as previewed."""
        version = own_version(request, slug, number)
        given = PublishInput(data=request.data)
        given.is_valid(raise_exception=True)
        published, moved = versions.publish(
            version=version, **given.validated_data, by=person(request), now=timezone.now()
        )
        body = {
            "slug": published.checklist.slug,
            "number": published.number,
            "status": published.status,
            "content_hash": published.content_hash,
            "moved": [task.pk for task in moved],
        }
        return Response(PublishOutput(body).data)


class WhatIfInput(serializers.Serializer[Any]):
    points = serializers.DictField(
        child=serializers.DecimalField(max_digits=6, decimal_places=2, min_value=Decimal("0.01")),
        required=False,
        default=dict,
    )


class WhatIf(APIView):
    @extend_schema(request=WhatIfInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, slug: str, number: int) -> Response:
        """`points` {code: points} on a copy: computed, answered, stored nowhere."""
        version = own_version(request, slug, number)
        given = WhatIfInput(data=request.data)
        given.is_valid(raise_exception=True)
        points = given.validated_data["points"]
        _refuse_unknown(points, version)
        made = trials.trial(person(request), version, points)
        return Response(trial_payload(made))


def _refuse_unknown(codes: Iterable[str], version: ChecklistVersion) -> None:
    known = set(version.items.values_list("code", flat=True))
    if unknown := sorted(set(codes) - known):
        words = _("没有检查项 %s") % ", ".join(unknown[:10])
        raise bad_field("points", "unknown_item", words)
