"""indicators/table/: the target table of a year, alive, with its self-evaluation."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.fields import person
from audits.deadlines import local_day
from audits.queries import number
from stations import access
from stations.refusals import Refusal
from targets.api.fields import table_asked
from targets.models import SelfEvaluation, TargetRow, TargetTable
from targets.queries import evaluation
from targets.queries import table as tables_read
from targets.queries.table import Evaluation, Line, evaluate
from targets.services import evaluations, tables

BANDS = [
    "met", "running", "within", "below", "no_problems", "no_audits", "no_records", "na"
]  # fmt: skip
# Where the records behind a measure are listed, under /api/v1/.
RECORDS = {
    "execution": "targets/budget/?year={year}",
    "events": "targets/activities/?year={year}&group=quantity",
    "camps": "targets/activities/?year={year}&group=quality",
    "plan": "targets/plan-tasks/?year={year}",
    "effect": "findings/?year={year}&counted=true",
    "satisfaction": "targets/surveys/?year={year}",
}


class YearQuery(serializers.Serializer[Any]):
    year = serializers.IntegerField(
        required=False, min_value=2000, max_value=2100, help_text=_("年度；不给时为今年")
    )


class RecordsOutput(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    url = serializers.CharField(allow_null=True)


class RowOutput(serializers.Serializer[Any]):
    """`measured` is null where nothing is recorded or nothing applies; `band` says which."""

    key = serializers.CharField()
    level1 = serializers.CharField()
    level2 = serializers.CharField()
    content = serializers.CharField()
    target = serializers.CharField()
    unit = serializers.CharField()
    lower = serializers.FloatField(allow_null=True)
    upper = serializers.FloatField(allow_null=True)
    target_mode = serializers.ChoiceField(choices=["lower", "upper"], allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    applies = serializers.BooleanField()
    measured = serializers.FloatField(allow_null=True)
    measured_from = serializers.CharField()
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    band = serializers.ChoiceField(choices=BANDS)
    weight = serializers.FloatField(allow_null=True)
    points = serializers.FloatField(allow_null=True)
    other_points = serializers.FloatField(allow_null=True)
    reason = serializers.CharField()
    records = RecordsOutput()


class SelfEvaluationOutput(serializers.Serializer[Any]):
    total = serializers.FloatField()
    grade = serializers.ChoiceField(choices=["excellent", "good", "fair", "poor"])
    other_total = serializers.FloatField()
    other_grade = serializers.ChoiceField(choices=["excellent", "good", "fair", "poor"])
    target_mode = serializers.ChoiceField(choices=["lower", "upper"], allow_null=True)
    sha256 = serializers.CharField()
    signed = serializers.IntegerField(allow_null=True)


class TableOutput(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    name = serializers.CharField()
    department = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    total_amount = serializers.FloatField()
    year_amount = serializers.FloatField()
    is_original = serializers.BooleanField()
    as_of = serializers.DateField()
    rows = RowOutput(many=True)
    self_evaluation = SelfEvaluationOutput()


class YearInput(serializers.Serializer[Any]):
    year = serializers.IntegerField(min_value=2000, max_value=2100)


class Table(APIView):
    @extend_schema(operation_id="indicators_table", parameters=[YearQuery], responses=TableOutput)
    def get(self, request: Request) -> Response:
        access.require(person(request), "targets.read")
        given = YearQuery(
            data={name: value for name, value in request.query_params.items() if value}
        )
        given.is_valid(raise_exception=True)
        year = given.validated_data.get("year", local_day(timezone.now()).year)
        return Response(payload(table_asked(request, year)))

    @extend_schema(
        operation_id="indicators_table_copy", request=YearInput, responses={201: TableOutput}
    )
    def post(self, request: Request) -> Response:
        """The latest table, copied for a year that has none."""
        user = person(request)
        access.require(user, "targets.write")
        given = YearInput(data=request.data)
        given.is_valid(raise_exception=True)
        year, now = given.validated_data["year"], timezone.now()
        source = tables_read.latest_before(user, year)
        if source is None:
            table_asked(request, year, "targets.write")
            raise AssertionError  # the line above has refused
        tables.copy_table(source=source, year=year, by=user, now=now)
        return Response(payload(table_asked(request, year)), status=201)


def payload(table: TargetTable) -> dict[str, Any]:
    today = local_day(timezone.now())
    told = evaluate(table, today)
    paper = evaluation.body(table, today, told)
    reasons = {row["key"]: row["reason"] for row in paper["rows"]}
    signed = table.evaluations.first()
    return {
        "year": table.year,
        "name": table.name,
        "department": table.department,
        "starts_on": table.starts_on,
        "ends_on": table.ends_on,
        "total_amount": number(table.total_amount),
        "year_amount": number(table.year_amount),
        "is_original": table.is_original,
        "as_of": today,
        "rows": [_row(line, table, told, reasons[line.row.key]) for line in told.lines],
        "self_evaluation": _evaluated(told, evaluation.content_hash(paper), signed),
    }


def _row(line: Line, table: TargetTable, told: Evaluation, reason: str) -> dict[str, Any]:
    row, measured = line.row, line.measured
    url = RECORDS.get(row.measure, "").format(year=table.year)
    lines = told.lines_of_effect if row.upper is not None else None
    return {
        "key": row.key,
        "level1": row.level1,
        "level2": row.level2,
        "content": row.content,
        "target": row.target_words,
        "unit": row.unit,
        "lower": number(row.lower),
        "upper": number(row.upper),
        "target_mode": lines.mode if lines else None,
        "source": row.source,
        "applies": row.applies,
        "measured": number(line.printed or None),
        "measured_from": measured.note if measured else "",
        "numerator": number(measured.numerator or None) if measured else None,
        "denominator": number(measured.denominator or None) if measured else None,
        "band": line.band,
        "weight": number(row.weight) if row.applies else None,
        "points": number(line.points),
        "other_points": number(line.other_points),
        "reason": reason,
        "records": {
            "count": measured.records if measured else 0,
            "url": f"/api/v1/{url}" if url else None,
        },
    }


def _evaluated(told: Evaluation, sha256: str, signed: SelfEvaluation | None) -> dict[str, Any]:
    return {
        "total": number(told.total),
        "grade": told.grade,
        "other_total": number(told.other_total),
        "other_grade": told.other_grade,
        "target_mode": told.lines_of_effect.mode if told.lines_of_effect else None,
        "sha256": sha256,
        "signed": signed.number if signed else None,
    }


class ReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000, allow_blank=True)


class Row(APIView):
    @extend_schema(
        operation_id="indicators_table_reason", request=ReasonInput, responses=TableOutput
    )
    def patch(self, request: Request, year: int, key: str) -> Response:
        """偏差原因 in people's own words; empty goes back to the drafted one."""
        table = table_asked(request, year, "targets.write")
        row = get_object_or_404(TargetRow, table=table, key=key)
        given = ReasonInput(data=request.data)
        given.is_valid(raise_exception=True)
        tables.write_reason(
            table=table, key=row.key, words=given.validated_data["reason"], by=person(request),
            now=timezone.now(),
        )  # fmt: skip
        return Response(payload(table_asked(request, year)))


class SignedOutput(serializers.ModelSerializer[SelfEvaluation]):
    signed_by = serializers.CharField(source="signed_by.username")
    year = serializers.IntegerField(source="table.year")

    class Meta:
        model = SelfEvaluation
        fields = ["year", "number", "sha256", "signed_by", "signed_at", "body"]


class SignInput(serializers.Serializer[Any]):
    sha256 = serializers.RegexField(
        r"^[0-9a-f]{64}$", required=False, help_text=_("看到的那一份的校验码；数字变了就不签")
    )


class SelfEvaluations(APIView):
    @extend_schema(operation_id="self_evaluations", responses=SignedOutput(many=True))
    def get(self, request: Request, year: int) -> Response:
        """The signed ones, newest first."""
        table = table_asked(request, year)
        rows = table.evaluations.select_related("signed_by", "table")
        return Response(SignedOutput(rows, many=True).data)

    @extend_schema(
        operation_id="self_evaluation_sign", request=SignInput, responses={201: SignedOutput}
    )
    def post(self, request: Request, year: int) -> Response:
        table = table_asked(request, year, "targets.write")
        given = SignInput(data=request.data)
        given.is_valid(raise_exception=True)
        made = evaluations.sign_off(
            table=table, expected=given.validated_data.get("sha256"), by=person(request),
            now=timezone.now(),
        )  # fmt: skip
        return Response(SignedOutput(made).data, status=201)


class SelfEvaluationDetail(APIView):
    @extend_schema(operation_id="self_evaluation", responses=SignedOutput)
    def get(self, request: Request, year: int, number: int) -> Response:
        table = table_asked(request, year)
        found = table.evaluations.filter(number=number).first()
        if found is None:
            raise Refusal("not_found", str(_("没有这一号自评表。")), status=404)
        return Response(SignedOutput(found).data)
