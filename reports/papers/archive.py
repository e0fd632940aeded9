"""年度归档.zip: pages to read without a network, the photos, the workbooks, and their checksums.

Written straight to the file, one member at a time: nothing is held in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from audits import store
from audits.models import EvidencePhoto
from reports.papers import ledger, offline, scores
from reports.papers.job import Job
from reports.queries.problems import Problem, count, problems
from reports.queries.subject import Subject
from reports.queries.tables import StationLine, station_lines

BLOCK = 1024 * 1024


@dataclass
class Parcel:
    """The ZIP under way, and the checksum of every member in it."""

    zip: ZipFile
    subject: Subject
    sums: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, words: str) -> None:
        content = words.encode()
        self.zip.writestr(self._member(name, ZIP_DEFLATED), content)
        self.sums[name] = hashlib.sha256(content).hexdigest()

    def file(self, name: str, path: Path) -> bool:
        """Bytes as they lie there; photos and workbooks are compressed already."""
        digest = hashlib.sha256()
        try:
            source = path.open("rb")
        except OSError:
            return False
        with source, self.zip.open(self._member(name, ZIP_STORED), "w", force_zip64=True) as target:
            while block := source.read(BLOCK):
                digest.update(block)
                target.write(block)
        self.sums[name] = digest.hexdigest()
        return True

    def close(self) -> None:
        listed = "".join(f"{digest}  {name}\n" for name, digest in self.sums.items())
        self.zip.writestr(self._member("SHA256SUMS", ZIP_DEFLATED), listed)

    def _member(self, name: str, method: int) -> ZipInfo:
        made = self.subject.now.timetuple()
        info = ZipInfo(name, (made.tm_year, made.tm_mon, made.tm_mday, 0, 0, 0))
        info.compress_type, info.external_attr = method, 0o644 << 16
        return info


def write(job: Job) -> None:
    with ZipFile(job.path, "w", allowZip64=True) as made:
        parcel = Parcel(made, job.subject)
        _workbooks(parcel, job)
        job.tell(25)
        stations = _stations(parcel, job)
        parcel.text("index.html", offline.index(job.subject, stations))
        parcel.text("style.css", offline.STYLE)
        parcel.text("说明.txt", offline.READ_ME)
        parcel.close()


def _workbooks(parcel: Parcel, job: Job) -> None:
    for name, writer in (("问题整改台账", ledger.write), ("得分汇总", scores.write)):
        path = job.folder / f"{name}.xlsx"
        writer(Job(job.subject, path, job.folder, lambda done: None))
        parcel.file(f"{name}.xlsx", path)
        path.unlink()


def _stations(parcel: Parcel, job: Job) -> list[offline.Line]:
    """A page per station: its scores, and its problems with their photos beside it."""
    scored = {line.code: line for line in station_lines(job.subject)}
    told = {line.code: line for line in _with_problems(parcel, job, scored)}
    for code, line in scored.items():
        if code not in told:
            name = offline.address(code)
            parcel.text(name, offline.station(job.subject, line.name, line, []))
            told[code] = offline.Line(code, line.region, line.name, line, 0, 0)
    return [told[code] for code in (*scored, *(code for code in told if code not in scored))]


def _with_problems(
    parcel: Parcel, job: Job, scored: dict[str, StationLine]
) -> Iterator[offline.Line]:
    total, done = count(job.subject), 0
    grouped = groupby(problems(job.subject), key=lambda problem: problem.finding.station)
    for station, told in grouped:
        some = list(told)
        pages = [(problem, *_photos(parcel, problem)) for problem in some]
        line = scored.get(station.code)
        name = offline.address(station.code)
        parcel.text(name, offline.station(job.subject, station.name_zh, line, pages))
        done += len(some)
        job.tell(25 + 70 * done // total)
        closed = sum(problem.finding.status == "closed" for problem in some)
        region = station.region.name_zh
        yield offline.Line(station.code, region, station.name_zh, line, len(some), closed)


def _photos(parcel: Parcel, problem: Problem) -> tuple[list[str], list[str]]:
    """Names in the archive of what was seen before and after."""
    return (
        [name for photo in problem.before if (name := _photo(parcel, photo))],
        [name for photo in problem.after if (name := _photo(parcel, photo))],
    )


def _photo(parcel: Parcel, photo: EvidencePhoto) -> str:
    """The copy with its watermark: originals stay in the evidence store and its backup."""
    name = f"photos/{photo.pk}.jpg"
    if name in parcel.sums:
        return name
    held = photo.display_path and parcel.file(name, store.absolute(photo.display_path))
    return name if held else ""
