"""What a photo looks like in numbers, to find the same picture again among a million."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from audits.models.evidence import EvidencePhoto

BANDS = ("b0", "b1", "b2")


def _turned(first: int) -> list[str]:
    """All three bands, that one in front: the index alone then tells how near a row comes."""
    return [*BANDS[first:], *BANDS[:first], "id"]


class PhotoPrint(models.Model):
    """One view of a photo. `b0`, `b1`, `b2` are the coarse print, 21 bits each.

    Written by `audits.twins` only; made again from the stored copies at any time."""

    photo = models.ForeignKey(
        EvidencePhoto, models.PROTECT, related_name="prints", db_index=False
    )  # the constraint's index serves it
    view = models.PositiveSmallIntegerField()
    b0 = models.PositiveIntegerField()
    b1 = models.PositiveIntegerField()
    b2 = models.PositiveIntegerField()
    fine = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "view"], name="photo_print_once_per_view"),
        ]
        indexes = [
            *(models.Index(fields=_turned(n), name=f"photo_view_b{n}") for n in range(3)),
            *(
                models.Index(fields=_turned(n), name=f"photo_whole_b{n}", condition=Q(view=0))
                for n in range(3)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.view}"
