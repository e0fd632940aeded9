from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from audits.models import (
    Answer,
    Assignment,
    Audit,
    AuditEvent,
    EvidencePhoto,
    Finding,
    FindingEvent,
    Rectification,
    Round,
)
from stations.admin import Inside, ReadOnlyAdmin


@admin.register(Round)
class RoundAdmin(ReadOnlyAdmin):
    action = "rounds.read"
    list_display = ("name", "starts_on", "ends_on", "created_by")
    list_select_related = ("created_by",)

    def reached(self, request: HttpRequest) -> Any:
        return Q()


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    action = "assignments.read"
    list_display = ("round", "station", "inspector", "due_on")
    list_select_related = ("round", "station", "inspector")
    search_fields = ("station__code", "station__name_zh", "inspector__username")


class Answers(Inside):
    model = Answer
    fields = ("item", "result", "earned", "note", "version", "answered_at", "answered_by")


class AuditEvents(Inside):
    model = AuditEvent


@admin.register(Audit)
class AuditAdmin(ReadOnlyAdmin):
    action = "audits.read"
    list_display = ("id", "assignment", "state", "revision", "submitted_at", "completed_at")
    list_filter = ("state",)
    list_select_related = ("assignment__round", "assignment__station")
    search_fields = ("assignment__station__code", "assignment__station__name_zh")
    inlines = (Answers, AuditEvents)


class Rectifications(Inside):
    model = Rectification


class FindingEvents(Inside):
    model = FindingEvent


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    action = "findings.read"
    list_display = ("id", "station", "item_code", "title", "severity", "status", "due_on")
    list_filter = ("status", "severity")
    list_select_related = ("station",)
    search_fields = ("station__code", "station__name_zh", "item_code", "title")
    inlines = (Rectifications, FindingEvents)


@admin.register(EvidencePhoto)
class PhotoAdmin(ReadOnlyAdmin):
    """What is known of a photo; its bytes are served by their own view only."""

    action = "photos.read"
    list_display = ("id", "station", "kind", "state", "size", "received_at", "uploaded_by")
    list_filter = ("kind", "state")
    list_select_related = ("station", "uploaded_by")
    search_fields = ("station__code", "sha256")
