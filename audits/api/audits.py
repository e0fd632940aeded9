"""audits/: start, answer, submit, reopen; and the sheet a phone works from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits import queries
from audits.api.fields import LARGEST_ID, MomentField, person
from audits.api.rounds import visible_assignments
from audits.models import Answer, Assignment, Audit
from audits.models.audits import AuditQuerySet
from audits.services import audits
from stations import access
from stations.api.parsing import told
from stations.lookups import Lookup
from stations.models import User
from stations.refusals import Refusal, not_allowed


def _audits() -> AuditQuerySet:
    return Audit.objects.select_related("assignment__station", "assignment__version")


_by_id = Lookup(_audits)
_task = Lookup(lambda: Assignment.objects.select_related("station", "version"))


def visible_audit(user: User, id: UUID) -> Audit:
    """An inspector's own needs no asking for scope: every call of a visit comes through here."""
    if user.role == User.Role.INSPECTOR:
        audit = _by_id.get(id)
        if audit and audit.is_filled_by(user):
            return audit
    return get_object_or_404(_audits().visible_to(user), pk=id)


def _assignment(user: User, pk: int) -> Assignment:
    task = _task.get(pk)
    if task and task.inspector_id == user.pk:
        return task
    rows = Assignment.objects.visible_to(user).select_related("station", "version")
    return get_object_or_404(rows, pk=pk)


def own_audit(user: User, id: UUID) -> Audit:
    """For writing: the caller's own, not merely one in scope."""
    audit = visible_audit(user, id)
    access.require(user, "audits.fill")
    if not audit.is_filled_by(user):
        raise not_allowed()
    return audit


class AuditInput(serializers.Serializer[Any]):
    assignment = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    started_at = MomentField()
    checklist = serializers.CharField(required=False, default="", allow_blank=True, max_length=64)


class AuditOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    assignment = serializers.IntegerField(source="assignment_id")
    round = serializers.IntegerField(source="assignment.round_id")
    station = serializers.CharField(source="assignment.station.code")
    state = serializers.CharField()
    revision = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)


_start, _audit = AuditInput(), AuditOutput()


class AuditDetail(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, id: UUID) -> Response:
        """With the score and the frozen tree behind it; null before the first submission."""
        access.require(person(request), "audits.read")
        audit = visible_audit(person(request), id)
        revision = queries.revision_in_force(audit)
        body = dict(AuditOutput(audit).data)
        body["score"] = queries.revision_score(revision) if revision else None
        body["tree"] = revision.tree if revision else None
        body["content_hash"] = revision.content_hash if revision else None
        may_see = access.may(person(request), "audits.draft")
        body["answers"] = queries.answers(audit) if may_see else None
        return Response(body)

    @extend_schema(request=AuditInput, responses={200: AuditOutput, 201: AuditOutput})
    def put(self, request: Request, id: UUID) -> Response:
        access.require(person(request), "audits.fill")
        given = told(_start, request.data)
        audit, created = audits.start_audit(
            id=id,
            assignment=_assignment(person(request), given["assignment"]),
            started_at=given["started_at"],
            checklist=given["checklist"],
            by=person(request),
            now=timezone.now(),
        )
        return Response(_audit.to_representation(audit), status=201 if created else 200)


class AnswerFields(serializers.Serializer[Any]):
    result = serializers.ChoiceField(choices=Answer.Result.choices)
    note = serializers.CharField(
        required=False, default="", allow_blank=True, allow_null=True, max_length=2000
    )
    answered_at = MomentField()
    base_version = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=0, max_value=2**31 - 1
    )


class BatchAnswer(AnswerFields):
    item_code = serializers.CharField(max_length=12)


class Batch(serializers.Serializer[Any]):
    answers = serializers.ListField(child=serializers.JSONField(allow_null=True), max_length=300)


class BatchDocument(serializers.Serializer[Any]):
    answers = BatchAnswer(many=True)


_answer, _batch = BatchAnswer(), Batch()


class Answers(APIView):
    @extend_schema(request=BatchDocument, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, id: UUID) -> Response:
        """The phone's way: each answer on its own, one bad one does not stop the rest."""
        audit = own_audit(person(request), id)
        raw = told(_batch, request.data)["answers"]
        outcomes: list[dict[str, Any] | None] = [None] * len(raw)
        accepted, places = [], []
        for place, one in enumerate(raw):
            try:
                accepted.append(answer_input(_answer.run_validation(one)))
                places.append(place)
            except serializers.ValidationError as error:
                outcomes[place] = malformed(one, error.detail)
        recorded = audits.record_answers(
            audit=audit, answers=accepted, by=person(request), now=timezone.now()
        )
        for place, outcome in zip(places, recorded, strict=True):
            outcomes[place] = outcome
        return Response({"answers": outcomes})


def answer_input(data: dict[str, Any], item_code: str = "") -> audits.AnswerInput:
    return audits.AnswerInput(
        item_code=data.get("item_code", item_code),
        result=data["result"],
        note=data["note"] or "",
        answered_at=data["answered_at"],
        base_version=data["base_version"] or None,
    )


def malformed(one: Any, errors: Any) -> dict[str, Any]:
    code = one.get("item_code") if isinstance(one, dict) else None
    named = errors if isinstance(errors, dict) else {"non_field_errors": errors}
    flat = [
        {"field": str(field), "code": getattr(message, "code", "invalid"), "message": str(message)}
        for field, messages in named.items()
        for message in (messages if isinstance(messages, list) else [messages])
    ]
    return {
        "item_code": code if isinstance(code, str) else None,
        "status": 400,
        "code": "invalid",
        "message": flat[0]["message"] if flat else "",
        "errors": flat,
    }


class OneAnswer(APIView):
    @extend_schema(
        request=AnswerFields, responses={200: OpenApiTypes.OBJECT, 201: OpenApiTypes.OBJECT}
    )
    def put(self, request: Request, id: UUID, item_code: str) -> Response:
        audit = own_audit(person(request), id)
        given = AnswerFields(data=request.data)
        given.is_valid(raise_exception=True)
        [outcome] = audits.record_answers(
            audit=audit,
            answers=[answer_input(given.validated_data, item_code)],
            by=person(request),
            now=timezone.now(),
        )
        status = outcome.pop("status")
        if status in {200, 201}:
            return Response(outcome, status=status)
        if outcome["code"] == "unknown_item":
            status = 404
        raise Refusal(status=status, **outcome)


class DeclaredPhoto(serializers.Serializer[Any]):
    """A photo's UUID, or {id, item_code}."""

    id = serializers.UUIDField()
    item_code = serializers.CharField(max_length=12, required=False, allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value({"id": data} if isinstance(data, str) else data)


class SubmitInput(serializers.Serializer[Any]):
    photos = DeclaredPhoto(many=True, required=False, default=list)


class SubmitDocument(serializers.Serializer[Any]):
    photos = serializers.ListField(child=serializers.UUIDField(), required=False)


_submit = SubmitInput()


class Submit(APIView):
    @extend_schema(request=SubmitDocument, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, id: UUID) -> Response:
        audit = own_audit(person(request), id)
        photos = {
            photo["id"]: queries.Declared(photo["id"], photo["item_code"])
            for photo in told(_submit, request.data)["photos"]
        }
        now = timezone.now()
        audit = audits.submit_audit(
            audit=audit, photos=list(photos.values()), by=person(request), now=now
        )
        return Response(queries.receipt(audit, now))


class Receipt(APIView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, id: UUID) -> Response:
        """The server's own count, at any time: what it holds and what is missing."""
        access.require(person(request), "audits.read")
        audit = visible_audit(person(request), id)
        return Response(queries.receipt(audit, timezone.now()))


class Reason(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class Reopen(APIView):
    @extend_schema(request=Reason, responses=AuditOutput)
    def post(self, request: Request, id: UUID) -> Response:
        audit = visible_audit(person(request), id)
        access.require(person(request), "audits.reopen")
        given = Reason(data=request.data)
        given.is_valid(raise_exception=True)
        audits.reopen_audit(
            audit=audit, reason=given.validated_data["reason"], by=person(request),
            now=timezone.now(),
        )  # fmt: skip
        return Response(AuditOutput(visible_audit(person(request), id)).data)


class Sheet(APIView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: int) -> Response:
        """All a phone needs to work offline: items that apply, answers so far, last round's."""
        assignment = get_object_or_404(
            visible_assignments(request).select_related(
                "version__checklist", "round", "station__region"
            ),
            pk=pk,
        )
        may_see = access.may(person(request), "audits.draft")
        return Response(queries.sheet_payload(assignment, with_draft=may_see))
