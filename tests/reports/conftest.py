import pytest

from audits.models import Assignment, EvidencePhoto, Finding
from audits.services import findings
from audits.tasks import process_photo
from tests import make
from tests.conftest import Cast

HOSTILE = ["=1+1", "＝1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＠SUM(A1)", "＋1", "－1"]


@pytest.fixture
def round_done(cast: Cast, task: Assignment) -> Assignment:
    """A round of two stations: one problem closed, one handed in, two open; pictures at hand."""
    other = make.assignment(cast.bureau, cast.inspector, cast.other_station, task.round)
    make.submitted(task, A01="fail", A02="partial", B02="fail")
    make.submitted(other, A02="fail")
    closed, waiting = (
        Finding.objects.get(station=cast.station, item_code=code) for code in ("A01", "A02")
    )
    make.rectified(closed, cast.head)
    findings.close(finding=closed, by=cast.inspector, now=closed.raised_at)
    make.rectified(waiting, cast.head)
    for photo in EvidencePhoto.objects.all():
        process_photo(str(photo.pk))
    make.figures()
    return task
