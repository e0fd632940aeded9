"""Prints of up to a million photos, and how long it takes to find one picture among them."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from functools import partial
from statistics import median
from typing import Any

from django.db import connection

from audits import twins
from audits.images import Print
from audits.models import EvidencePhoto, PhotoPrint
from bench.inside import copies, stage
from bench.inside.alike import picture, seen
from bench.timing import interleaved, timed

DRAWN, ASKED = 200, 10
SMALL = (320, 240)
COLUMNS = "photo_id, view, b0, b1, b2, fine"
NUMBERED = {  # id, then a text of 64 digits, of photo number i
    "sqlite": ("printf('%%032x', i)", "printf('%%064x', i)"),
    "postgresql": ("lpad(to_hex(i), 32, '0')::uuid", "lpad(to_hex(i), 64, '0')"),
}
SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_total_relation_size('audits_photoprint')",
}


def main(sizes: list[int], pairs: int) -> dict[str, dict[str, Any]]:
    """{size: {ours: [seconds per picture], bare: […], bytes: of prints per photo}}"""
    stage.main(tasks=1)
    first = copies._stored(picture(0, SMALL))
    drawn = [seen(picture(number, SMALL)) for number in range(DRAWN + ASKED)]
    asked = [_kept(first, prints) for prints in drawn[DRAWN:]]
    told, held = {}, 0
    for size in sizes:
        _photos(first, held, size)
        grown = _grown(partial(_prints, drawn[:DRAWN], held, size))
        told[str(size)] = _measured(asked, pairs) | {"bytes": grown / (size - held)}
        held = size
    return told


def _kept(first: EvidencePhoto, prints: list[Print]) -> EvidencePhoto:
    fields = {field.attname: getattr(first, field.attname) for field in first._meta.concrete_fields}
    id_ = uuid.uuid4()
    own = {"id": id_, "path": id_.hex, "sha256": 2 * id_.hex}
    photo = EvidencePhoto.objects.create(**fields | own)
    twins.keep(photo, prints)
    return photo


def _measured(asked: list[EvidencePhoto], pairs: int) -> dict[str, list[float]]:
    told: dict[str, list[float]] = {"ours": [], "bare": []}
    for photo in asked:
        works = {
            "ours": partial(timed, partial(_ours, photo)),
            "bare": partial(timed, partial(_bare, photo)),
        }
        interleaved(works, 2)
        for name, seconds in interleaved(works, pairs).items():
            told[name].append(median(seconds))
    return told


def _ours(photo: EvidencePhoto) -> None:
    twins.exact(photo)
    twins.near(photo)


def _bare(photo: EvidencePhoto) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM audits_evidencephoto WHERE sha256 = %s", [photo.sha256])
        cursor.fetchall()


def _photos(first: EvidencePhoto, held: int, size: int) -> None:
    id_, digits = NUMBERED[connection.vendor]
    own = {"id": id_, "path": digits, "sha256": digits}
    columns = [field.column for field in first._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audits_evidencephoto ({', '.join(columns)})"  # noqa: S608
            " WITH RECURSIVE n(i) AS (SELECT %s + 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
            f" SELECT {', '.join(own.get(name, name) for name in columns)}"
            " FROM n, audits_evidencephoto WHERE path = %s",
            [held, size, first.path],
        )


def _grown(fill: Any) -> int:
    """Bytes that the prints take; their indexes are built afterwards, as a restore would."""
    before = _asked(SIZE[connection.vendor])
    with connection.schema_editor() as schema:
        for index in PhotoPrint._meta.indexes:
            schema.remove_index(PhotoPrint, index)
    fill()
    with connection.schema_editor() as schema:
        for index in PhotoPrint._meta.indexes:
            schema.add_index(PhotoPrint, index)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    return _asked(SIZE[connection.vendor]) - before


def _asked(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _prints(drawn: list[list[Print]], held: int, size: int) -> None:
    rows = _rows(drawn, held, size)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("BEGIN")
            cursor.executemany(
                f"INSERT INTO audits_photoprint ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s)",  # noqa: S608
                rows,
            )
            cursor.execute("COMMIT")
            return
        # As a restore does: whether each photo is there need not be asked again.
        cursor.execute("SET session_replication_role = replica")
        with cursor.copy(f"COPY audits_photoprint ({COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("SET session_replication_role = DEFAULT")


def _rows(drawn: list[list[Print]], held: int, size: int) -> Iterator[tuple[Any, ...]]:
    """Photos like the drawn ones, one bit in sixteen of their prints turned over."""
    chance = random.Random(size)  # noqa: S311
    for number in range(held + 1, size + 1):
        id_ = f"{number:032x}"
        coarse, fine = _noise(chance, 63), _noise(chance, 256)
        for one in chance.choice(drawn):
            told = (one.fine ^ fine).to_bytes(32, "big")
            yield id_, one.view, *twins.bands(one.coarse ^ coarse), told


def _noise(chance: random.Random, bits: int) -> int:
    noise = chance.getrandbits(bits)
    for _ in range(3):
        noise &= chance.getrandbits(bits)
    return noise
