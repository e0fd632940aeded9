import datetime as dt
import uuid

import pytest

from audits.models import Assignment
from audits.services import audits, rounds
from stations.refusals import Refusal
from tests import make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.mark.django_db(transaction=True)
def test_starting_what_was_withdrawn_at_that_moment_finds_nothing():
    bureau, inspector = make.user("bureau"), make.user("inspector")
    make.version()
    task = make.assignment(bureau, inspector, make.station(region=make.region()))
    rounds.withdraw(assignment=Assignment.objects.get(pk=task.pk), by=bureau, now=NOW)

    with pytest.raises(Refusal) as caught:
        audits.start_audit(id=uuid.uuid4(), assignment=task, started_at=NOW, by=inspector, now=NOW)

    assert (caught.value.code, caught.value.status) == ("not_found", 404)
