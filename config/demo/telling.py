"""Writes the planned year through the services, each step at its own moment."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass

from django.db import transaction

from audits import oddities, queries, twins
from audits.deadlines import SHANGHAI
from audits.models import Assignment, Audit, EvidencePhoto, Finding, PhotoPrint
from audits.services import audits, extensions, findings
from config.demo import chances, words
from config.demo.drawing import Drawn
from config.demo.plan import Visit
from config.demo.shots import Shot
from stations.models import User

DAY = dt.timedelta(days=1)


@dataclass
class Teller:
    drawn: dict[uuid.UUID, Drawn]
    heads: dict[int, User]
    bureau: User
    now: dt.datetime

    @transaction.atomic
    def visit(self, visit: Visit, assignment: Assignment) -> None:
        inspector = assignment.inspector
        audit, _ = audits.start_audit(
            id=visit.id, assignment=assignment, started_at=visit.at, by=inspector, now=visit.at
        )
        given = [
            audits.AnswerInput(item.code, result, note, visit.at + dt.timedelta(minutes=place))
            for place, (item, result, note) in enumerate(visit.answers)
        ]
        done = visit.at + dt.timedelta(minutes=len(given) + 5)
        audits.record_answers(audit=audit, answers=given, by=inspector, now=done)
        items = {item.code: item for item, _, _ in visit.answers}
        EvidencePhoto.objects.bulk_create(
            self._photo(shot, inspector, done, audit=audit, item=items[shot.item_code])
            for shot in visit.sent()
        )
        if visit.end == "started":
            return
        declared = [queries.Declared(shot.id, shot.item_code) for shot in visit.shots]
        audits.submit_audit(audit=audit, photos=declared, by=inspector, now=done)
        for finding in audit.findings.filter(item_code__in=visit.fates):
            self._follow(finding, visit, audit)

    def _photo(self, shot: Shot, by: User, at: dt.datetime, **subject: object) -> EvidencePhoto:
        picture = self.drawn[shot.id]
        owner = subject.get("audit") or subject["finding"]
        station = owner.assignment.station_id if isinstance(owner, Audit) else owner.station_id  # type: ignore[attr-defined]
        return EvidencePhoto(
            id=shot.id,
            station_id=station,
            kind="after" if shot.stage == "after" else "site",
            state=EvidencePhoto.State.PROCESSED,
            sha256=picture.sha256,
            size=picture.size,
            mime="image/jpeg",
            width=picture.width,
            height=picture.height,
            path=picture.path,
            display_path=picture.display_path,
            thumbnail_path=picture.thumbnail_path,
            perceptual_hash=picture.perceptual_hash,
            taken_at=at - dt.timedelta(minutes=4),
            received_at=at,
            uploaded_by=by,
            **subject,
        )

    def look_at_pictures(self, lent: list[uuid.UUID]) -> None:
        """As the worker does with each; only what was lent is known to be there twice."""
        photos = EvidencePhoto.objects.in_bulk(self.drawn)
        rows = [twins.row(photos[pk], one) for pk in photos for one in self.drawn[pk].prints]
        PhotoPrint.objects.bulk_create(rows, batch_size=2000)
        for pk in lent:
            oddities.raise_flags(photos[pk])

    def untaken(self) -> list[Drawn]:
        """Pictures of steps that the calendar has not got to yet."""
        taken = EvidencePhoto.objects.in_bulk(self.drawn).keys()
        return [one for pk, one in self.drawn.items() if pk not in taken]

    def _follow(self, finding: Finding, visit: Visit, audit: Audit) -> None:
        """The finding's fate, as far as the calendar has got by now."""
        fate = visit.fates[finding.item_code]
        roll = chances.dice("pace", visit.station.code, visit.number, finding.item_code)
        moment = _office(finding.raised_at, DAY * roll.uniform(0.6, 1.6 if visit.number else 5))
        if fate in {"void", "waived"}:
            self._rule(finding, fate, moment)
        elif fate != "open" and moment < self.now:
            self._rectify(finding, fate, visit, audit, moment, DAY * _pace(visit, roll))

    def _rule(self, finding: Finding, fate: str, at: dt.datetime) -> None:
        at = min(at, self.now)
        if fate == "void":
            findings.void(finding=finding, reason=words.VOIDED, by=self.bureau, now=at)
        else:
            findings.waive(
                finding=finding, reason=words.WAIVED, document=words.DOCUMENT, by=self.bureau,
                review_on=(self.now + 60 * DAY).date(), now=at,
            )  # fmt: skip

    def _rectify(
        self, finding: Finding, fate: str, visit: Visit, audit: Audit, at: dt.datetime,
        pace: dt.timedelta,
    ) -> None:  # fmt: skip
        head = self.heads[finding.station_id]
        roll = chances.dice("measure", finding.station_id, finding.item_code)
        measure = roll.choice(words.MEASURES)
        findings.start(finding=finding, measure=measure, person="站长", by=head, now=at)
        if fate == "extended":
            extensions.ask(
                finding=finding, due_on=finding.due_on + 30 * DAY, reason=words.EXTENSION, by=head,
                now=at,
            )  # fmt: skip
        shots = visit.after[finding.item_code]
        for attempt, shot in enumerate(shots):
            at = min(_office(at, pace), self.now)
            EvidencePhoto.objects.bulk_create([self._photo(shot, head, at, finding=finding)])
            findings.submit(finding=finding, measure=measure, photos=[shot.id], by=head, now=at)
            at = min(_office(at, pace / 2), self.now)
            is_last = attempt + 1 == len(shots)
            if fate == "sent_back" or not is_last:
                findings.send_back(
                    finding=finding, reason=roll.choice(words.SENT_BACK), now=at,
                    by=audit.started_by,
                )  # fmt: skip
            elif fate in {"closed", "closed_second"}:
                self._close(finding, visit, audit, at)

    def _close(self, finding: Finding, visit: Visit, audit: Audit, at: dt.datetime) -> None:
        """By the bureau or the inspector; a critical item with the photo of a second visit."""
        by_bureau = chances.dice("closer", finding.pk).random() < 0.4
        closer = self.bureau if by_bureau else audit.started_by
        shot = visit.on_site.get(finding.item_code)
        if shot:
            photo = self._photo(shot, closer, at, finding=finding)
            photo.kind = EvidencePhoto.Kind.SITE
            EvidencePhoto.objects.bulk_create([photo])
        findings.close(finding=finding, by=closer, now=at)


def _office(before: dt.datetime, pause: dt.timedelta) -> dt.datetime:
    """About `pause` later, between nine and five."""
    later = (before + pause).astimezone(SHANGHAI)
    minute = 9 * 60 + (later.hour * 97 + later.minute * 13) % 470
    return max(
        later.replace(hour=minute // 60, minute=minute % 60), before + dt.timedelta(minutes=25)
    )


def _pace(visit: Visit, roll: random.Random) -> float:
    """Days between two steps; some of the first round were slow, and late."""
    return 0.5 if visit.number else roll.choice([1.5, 2, 3, 3, 4, 9])
