"""The state of one sheet: what is answered, what is missing, whether it is whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from audits import scoring
from audits.models import Answer, Audit, EvidencePhoto
from checklists.models import Item
from checklists.queries import items_for
from stations.lookups import Lookup


@dataclass(frozen=True)
class Declared:
    """A photo the phone says belongs to the audit; older callers do not name its item."""

    id: UUID
    item_code: str | None = None


@dataclass
class SheetState:
    audit: Audit
    items: list[Item]
    answers: dict[int, Answer]
    photos: list[EvidencePhoto]
    declared: list[Declared] = field(default_factory=list)

    def answer(self, item: Item) -> Answer | None:
        return self.answers.get(item.pk)

    def lines(self) -> list[scoring.Line]:
        return list(score_lines((item, self.answers[item.pk]) for item in self.answered()))

    def answered(self) -> list[Item]:
        return [item for item in self.items if item.pk in self.answers]

    def missing(self) -> list[dict[str, str]]:
        """Why the sheet cannot be handed in: [{item_code, reason: answer | photo}], sheet order."""
        bare = {item.pk for item in self._without_photo()}
        unnamed = len(self._declared_elsewhere())
        lacking = bare if len(bare) > unnamed else set()
        reasons = []
        for item in self.items:
            if item.pk not in self.answers:
                reasons.append({"item_code": item.code, "reason": "answer"})
            elif item.pk in lacking:
                reasons.append({"item_code": item.code, "reason": "photo"})
        return reasons

    def is_whole(self) -> bool:
        """What `when_whole` asks the database later on: every declared photo is here and one of
        every item that needs it, and nothing is 不能核查."""
        held = {photo.pk for photo in self.photos}
        pictured = {photo.item_id for photo in self.photos}
        return {photo.id for photo in self.declared} <= held and all(
            self.answers[item.pk].result != Answer.Result.UNABLE
            and (item.pk in pictured or not self._wants_photo(item))
            for item in self.answered()
        )

    def _wants_photo(self, item: Item) -> bool:
        return item.needs_photo and self.answers[item.pk].result in Answer.SCORED

    def _without_photo(self) -> list[Item]:
        pictured = {photo.item_id for photo in self.photos}
        named = {photo.item_code for photo in self.declared}
        return [
            item
            for item in self.answered()
            if self._wants_photo(item) and item.pk not in pictured and item.code not in named
        ]

    def _declared_elsewhere(self) -> list[Declared]:
        """Declared, not yet here, and of an item we have not been told."""
        held = {photo.pk for photo in self.photos}
        return [photo for photo in self.declared if not photo.item_code and photo.id not in held]


def items_of(audit: Audit) -> list[Item]:
    assignment = audit.assignment
    return items_for(assignment.version, assignment.station.kind)


_answers = Lookup(Answer.objects.all, "audit")
_photos = Lookup(lambda: EvidencePhoto.objects.only("audit_id", "item_id", "sha256"), "audit")


def answers_of(audit: Audit) -> dict[int, Answer]:
    """By item."""
    return {answer.item_id: answer for answer in _answers.all(audit.pk)}


def photos_of(audit: Audit) -> list[EvidencePhoto]:
    """Which they are and of what, no more."""
    return list(_photos.all(audit.pk))


def sheet_state(audit: Audit, declared: Iterable[Declared] = ()) -> SheetState:
    return SheetState(
        audit=audit,
        items=items_of(audit),
        answers=answers_of(audit),
        photos=photos_of(audit),
        declared=list(declared),
    )


def ratio_of(item: Item, result: str) -> Decimal | None:
    """r of semantics §1 for this item, whose version is at hand."""
    partial = item.partial_ratio
    if partial is None:
        partial = item.version.partial_ratio
    return scoring.ratio_of(result, partial)


def score_lines(answered: Iterable[tuple[Item, Answer]]) -> Iterable[scoring.Line]:
    for item, answer in answered:
        ratio = None if answer.earned is None else answer.earned / item.points
        yield scoring.Line(
            section=item.section.code,
            code=item.code,
            points=item.points,
            ratio=ratio,
            is_critical=item.is_critical,
            is_pass=answer.result == Answer.Result.PASS,
        )


def when_whole(audit: Audit) -> QuerySet[Audit]:
    """The submitted audit's own row, for a compare-and-set, while nothing is 不能核查 and the
    server holds every declared photo and one of every item that needs it; else no row."""
    photos = EvidencePhoto.objects.filter(audit=audit).order_by()
    declared = photos.filter(pk__in=audit.declared).values("audit").annotate(n=Count("pk"))
    unpictured = Q(item__photo_rule=Item.PhotoRule.REQUIRED, result__in=Answer.SCORED) & ~Exists(
        photos.filter(item=OuterRef("item"))
    )
    lacking = audit.answers.filter(Q(result=Answer.Result.UNABLE) | unpictured)
    return (
        Audit.objects.filter(~Exists(lacking), pk=audit.pk, state=Audit.State.SUBMITTED)
        .alias(held=Coalesce(Subquery(declared.values("n")), 0))
        .filter(held=len(set(audit.declared)))
    )
