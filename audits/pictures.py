"""Follow-up of one stored photo: the copies people see, its prints, its flags."""

from __future__ import annotations

from audits import images, oddities, store, twins
from audits.deadlines import SHANGHAI
from audits.models import EvidencePhoto
from stations.lookups import Lookup

_with_subject = Lookup(
    lambda: EvidencePhoto.objects.select_related(
        "station", "item", "audit__assignment", "uploaded_by", "finding"
    )
)


def process(photo_id: str) -> None:
    """Draw the copies and raise the flags; run twice it gives the same."""
    photo = _with_subject.get(photo_id)
    if photo is None:
        raise EvidencePhoto.DoesNotExist(photo_id)
    derived = images.derive(
        store.absolute(photo.path), images.Watermark(_lines(photo)), photo.marks
    )
    base = f"{store.COPIES}/{photo.pk.hex[:2]}/{photo.pk}"
    store.write(f"{base}-display.jpg", derived.display)
    store.write(f"{base}-thumbnail.jpg", derived.thumbnail)
    photo.exif = {**derived.exif, **photo.exif}
    photo.display_path, photo.thumbnail_path = f"{base}-display.jpg", f"{base}-thumbnail.jpg"
    photo.perceptual_hash = derived.perceptual_hash
    photo.state = EvidencePhoto.State.PROCESSED
    photo.save(update_fields=["exif", "display_path", "thumbnail_path", "perceptual_hash", "state"])
    if photo.kind != EvidencePhoto.Kind.SIGNATURE:
        twins.keep(photo, derived.prints)
    oddities.raise_flags(photo)


def print_again(photo_id: str) -> None:
    """For photos stored before prints were as they are now. What came meanwhile could not find it:
    it looks for them."""
    photo = EvidencePhoto.objects.select_related("finding").get(pk=photo_id)
    twins.keep(photo, images.prints_of(store.absolute(photo.thumbnail_path)))
    oddities.raise_near(photo)


def _lines(photo: EvidencePhoto) -> tuple[str, ...]:
    """Station, item, inspector, server time, short hash (semantics §7)."""
    received = photo.received_at.astimezone(SHANGHAI)
    return (
        photo.station.name_zh,
        _what(photo),
        f"{photo.uploaded_by} · {received:%Y-%m-%d %H:%M:%S} · {photo.sha256[:12]}",
    )


def _what(photo: EvidencePhoto) -> str:
    if photo.item:
        return f"{photo.item.code} {photo.item.title_zh}"
    return str(photo.finding or photo.get_kind_display())


def set_aside(photo_id: str) -> None:
    """A photo no copy can be drawn from stays as evidence and is shown as such."""
    EvidencePhoto.objects.filter(pk=photo_id, state=EvidencePhoto.State.STORED).update(
        state=EvidencePhoto.State.QUARANTINED
    )
