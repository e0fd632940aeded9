"""绩效自评表: signed once it is right, and then never changed; a later one supersedes it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from audits.deadlines import local_day
from stations.models import User
from stations.refusals import Refusal, conflict
from stations.services import history
from targets.models import SelfEvaluation, TargetTable
from targets.queries import evaluation


def sign_off(
    *, table: TargetTable, expected: str | None, by: User, now: dt.datetime
) -> SelfEvaluation:
    """Freeze the form as it computes now. `expected` is the hash of what the signer was shown:
    figures that moved meanwhile are shown again before anyone signs them."""
    with transaction.atomic():
        table = TargetTable.objects.select_for_update().get(pk=table.pk)
        body = evaluation.body(table, local_day(now))
        sha256 = evaluation.content_hash(body)
        if expected and expected != sha256:
            raise conflict("figures_moved", _("数字刚刚有变化，请核对后再签署。"), sha256=sha256)
        _refuse_without_reasons(body)
        last = table.evaluations.first()
        if last and last.sha256 == sha256:
            return last
        made = SelfEvaluation.objects.create(
            table=table, number=(last.number if last else 0) + 1, body=body, sha256=sha256,
            signed_by=by, signed_at=now,
        )  # fmt: skip
        history.record(
            by=by, action="target.sign", at=now, subject=f"targettable:{table.pk}",
            year=table.year, number=made.number, sha256=sha256,
        )  # fmt: skip
    return made


def _refuse_without_reasons(body: evaluation.Body) -> None:
    missing = [row["level2"] for row in body["rows"] if row["is_short"] and not row["reason"]]
    if missing:
        raise Refusal(
            "reason_missing",
            _("没有达到目标的指标要写偏差原因：%(rows)s。") % {"rows": "、".join(missing)},
            status=409,
        )
