"""检查结果 ↔ what was frozen of them at submission, and the frozen tree ↔ its hash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import F, Q

from audits import chain
from audits.checks.difference import Difference
from audits.models import Answer, Audit, AuditRevision

CHUNK = 200


def differences() -> Iterator[Difference]:
    for revision in AuditRevision.objects.order_by("pk").iterator(chunk_size=CHUNK):
        if chain.content_hash(revision.tree) != revision.content_hash:
            words = f"audit {revision.audit_id}: revision {revision.number} has another hash"
            yield Difference("frozen", str(revision.audit_id), words)
    yield from _without_revision()
    yield from _answers()


def _without_revision() -> Iterator[Difference]:
    handed_in = Audit.objects.filter(Q(revision__gt=0) | ~Q(state=Audit.State.STARTED))
    whole = AuditRevision.objects.filter(number=F("audit__revision")).values("audit_id")
    for pk in handed_in.exclude(pk__in=whole).values_list("pk", flat=True):
        yield Difference("frozen", str(pk), f"audit {pk}: its last submission is not frozen")


def _answers() -> Iterator[Difference]:
    """Only of audits that are handed in: one that is reopened may be changing."""
    in_force = AuditRevision.objects.filter(number=F("audit__revision")).exclude(
        audit__state=Audit.State.STARTED
    )
    ids = list(in_force.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        revisions = list(AuditRevision.objects.filter(pk__in=ids[start : start + CHUNK]))
        held: dict[Any, dict[str, tuple[Any, ...]]] = defaultdict(dict)
        for audit_id, code, *rest in Answer.objects.filter(
            audit__in=[revision.audit_id for revision in revisions]
        ).values_list("audit_id", "item__code", "result", "earned", "note", "version"):
            held[audit_id][code] = tuple(rest)
        for revision in revisions:
            yield from _compare(revision, held[revision.audit_id])


def _compare(revision: AuditRevision, held: dict[str, tuple[Any, ...]]) -> Iterator[Difference]:
    frozen = {item["code"]: _facts(item) for item in revision.tree["items"]}
    for code in sorted(frozen.keys() | held.keys()):
        if frozen.get(code) != held.get(code):
            words = f"audit {revision.audit_id}: answer {code} is not what was frozen"
            yield Difference("frozen", str(revision.audit_id), words)


def _facts(item: dict[str, Any]) -> tuple[Any, ...]:
    earned = None if item["earned"] is None else Decimal(item["earned"])
    return item["result"], earned, item["note"], item["version"]
