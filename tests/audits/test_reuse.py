"""The same picture again: found re-saved, smaller or cropped, wherever it turns up; judged once."""

import datetime as dt
import io
import itertools
import threading
from dataclasses import replace
from functools import cache

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from audits import outbox, twins
from audits import pictures as pictures_of
from audits.checks import queue
from audits.images import prints
from audits.images.prints import VIEWS
from audits.models import Finding, OutboxRow, PhotoFlag, PhotoPrint
from audits.services import audits
from config.demo import pictures
from stations.models import HistoryEntry
from tests import make

CODES = ["Q01", "Q03", "Q06", "Q09", "D01", "R03", "P05", "T02", "K04", "A05", "C06", "B03"]


@cache
def drawn(seed: int) -> bytes:
    return pictures.draw(CODES[seed % len(CODES)], "fail", seed, size=(640, 480))


def changed(content: bytes, *, box=(0, 0, 1, 1), scale=1.0, quality=85) -> bytes:
    """The picture cut to `box` (shares), resized and saved again."""
    image = Image.open(io.BytesIO(content))
    width, height = image.size
    image = image.crop(
        tuple(round(side * share) for side, share in zip((width, height) * 2, box, strict=True))
    )
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def seen(content: bytes):
    image = Image.open(io.BytesIO(content)).convert("RGB")
    image.thumbnail((320, 320))
    return prints(image)


def is_alike(whole, other) -> bool:
    return any(whole.is_like(one) for one in other)


COPIES = {
    "saved again": {"quality": 40},
    "a third as large": {"scale": 1 / 3},
    "cropped by 4 %": {"box": (0.02, 0.02, 0.98, 0.98)},
    "cropped by 10 %": {"box": (0.05, 0.05, 0.95, 0.95)},
}


@pytest.mark.parametrize("how", COPIES.values(), ids=COPIES)
def test_copy_shows_what_it_was_copied_from(how):
    originals = [seen(drawn(seed)) for seed in range(12)]

    found = [
        [is_alike(seen(changed(drawn(seed), **how))[0], original) for original in originals]
        for seed in range(12)
    ]

    assert found == [[row == column for column in range(12)] for row in range(12)]


def test_different_pictures_are_not_alike():
    every = [seen(drawn(seed)) for seed in range(24)]

    alarms = [
        (a, b)
        for (a, one), (b, other) in itertools.permutations(enumerate(every), 2)
        if is_alike(one[0], other)
    ]

    assert alarms == []


def test_bare_wall_has_no_prints():
    assert prints(Image.new("RGB", (320, 240), (200, 200, 190))) == []


def test_bare_walls_are_nobody_s_twins(cast, task, elsewhere):
    for by, audit, grey in (
        (cast.inspector, make.audit(task), 200),
        (cast.inspector2, elsewhere, 201),
    ):
        out = io.BytesIO()
        Image.new("RGB", (640, 480), (grey, grey, 190)).save(out, "JPEG")
        make.photo(by, audit=audit, content=out.getvalue())

    outbox.drain()

    assert not PhotoFlag.objects.exists()
    assert not outbox.unsent(timezone.now() + dt.timedelta(hours=1))


def test_bands_find_every_picture_within_the_limit(cast, task):
    photo = make.photo(cast.inspector, audit=make.audit(task), content=drawn(1))
    outbox.drain()
    whole = seen(drawn(1))[0]

    found = [
        twins.alike([replace(whole, coarse=whole.coarse ^ sum(1 << bit for bit in wrong))])
        for wrong in (range(8), range(0, 63, 8), [20, 21, 22, 41, 42, 43, 0, 62], range(9))
    ]

    assert found == [{photo.pk}, {photo.pk}, {photo.pk}, set()]


@pytest.fixture
def elsewhere(cast, task):
    """A visit at the other station, of the same round."""
    return make.audit(make.assignment(cast.bureau, cast.inspector2, cast.other_station, task.round))


def flags(photo):
    return [(flag.kind, flag.other_id) for flag in photo.flags.order_by("pk")]


def test_copy_at_another_station_flags_both(cast, task, elsewhere):
    first = make.photo(cast.inspector, audit=make.audit(task), content=drawn(2))
    outbox.drain()
    copy = make.photo(
        cast.inspector2, audit=elsewhere, content=changed(drawn(2), box=(0.04, 0.04, 0.96, 0.96))
    )

    outbox.drain()

    assert flags(copy) == [("near_reuse", first.pk)]
    assert flags(first) == [("near_reuse", copy.pk)]


def test_before_and_after_of_one_problem_may_look_alike(cast, task):
    audit = make.audit(task)
    make.answers(audit, A01="fail", A02="pass", B01="pass", B02="pass")
    make.photo(cast.inspector, audit=audit, item_code="A01", content=drawn(3))
    audits.submit_audit(audit=audit, photos=[], by=cast.inspector, now=timezone.now())
    finding = Finding.objects.get()

    after = make.photo(cast.head, finding=finding, content=changed(drawn(3), quality=60))
    outbox.drain()

    assert flags(after) == []


def test_after_photo_of_another_problem_is_flagged(cast, task):
    make.submitted(task, A02="fail", B02="fail")
    one, two = Finding.objects.order_by("item_code")
    first = make.photo(cast.head, finding=one, content=drawn(4))
    again = make.photo(cast.head, finding=two, content=changed(drawn(4), scale=0.5))

    outbox.drain()

    assert flags(again) == [("near_reuse", first.pk)]
    assert flags(first) == [("near_reuse", again.pk)]


@pytest.mark.parametrize("is_crop_first", [True, False])
def test_crop_is_found_whichever_is_looked_at_first(cast, task, elsewhere, is_crop_first):
    first = make.photo(cast.inspector, audit=make.audit(task), content=drawn(9))
    crop = make.photo(
        cast.inspector2, audit=elsewhere, content=changed(drawn(9), box=(0, 0, 0.91, 0.9))
    )

    for one in (crop, first) if is_crop_first else (first, crop):
        pictures_of.process(str(one.pk))

    assert (flags(first), flags(crop)) == ([("near_reuse", crop.pk)], [("near_reuse", first.pk)])


@pytest.mark.django_db(transaction=True)
def test_two_of_a_kind_processed_side_by_side_are_flagged_once_each(cast, task, elsewhere):
    content = drawn(10)
    same = [
        make.photo(cast.inspector, audit=make.audit(task), content=content),
        make.photo(cast.inspector2, audit=elsewhere, content=content),
        make.photo(cast.inspector2, audit=elsewhere, content=changed(content, quality=50)),
    ]
    gate = threading.Barrier(6)

    def worker(photo):
        gate.wait()
        for _ in range(3):
            pictures_of.process(str(photo.pk))
        connection.close()

    threads = [threading.Thread(target=worker, args=[photo]) for photo in same * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    one, two, copy = (photo.pk for photo in same)
    assert sorted(PhotoFlag.objects.values_list("kind", "photo", "other")) == sorted(
        [("exact_reuse", one, two), ("exact_reuse", two, one)]
        + [("near_reuse", a, b) for a, b in ((one, copy), (copy, one), (two, copy), (copy, two))]
    )


def test_copy_sent_before_the_first_was_printed_again_is_found_then(cast, task, elsewhere):
    first = make.photo(cast.inspector, audit=make.audit(task), content=drawn(11))
    outbox.drain()
    PhotoPrint.objects.all().delete()
    copy = make.photo(cast.inspector2, audit=elsewhere, content=changed(drawn(11), quality=50))
    outbox.drain()
    missed = flags(copy)

    outbox.queue("photo.prints", [first.pk], now=timezone.now())
    outbox.drain()

    assert missed == []
    assert flags(copy) == [("near_reuse", first.pk)]
    assert flags(first) == [("near_reuse", copy.pk)]


def test_printing_again_waits_behind_all_else_and_is_never_late(cast, task):
    photo = make.photo(cast.inspector, audit=make.audit(task), content=drawn(11))
    outbox.drain()
    old = timezone.now() - dt.timedelta(minutes=9)
    outbox.queue("photo.prints", [photo.pk], now=old)
    outbox.queue("station.changed", [photo.station_id], now=old)

    waiting = [OutboxRow.objects.get(pk=pk) for pk in outbox.unsent(timezone.now())]
    late = [one.words for one in queue.differences(timezone.now())]

    assert [row.topic for row in waiting] == ["station.changed", "photo.prints"]
    assert [words.split()[2] for words in late] == ["station.changed"]


def test_prints_are_made_again_from_the_stored_copy(cast, task, elsewhere):
    first = make.photo(cast.inspector, audit=make.audit(task), content=drawn(11))
    outbox.drain()
    PhotoPrint.objects.all().delete()

    outbox.queue("photo.prints", [first.pk, first.pk], now=timezone.now())
    outbox.drain()
    copy = make.photo(cast.inspector2, audit=elsewhere, content=changed(drawn(11), quality=50))
    outbox.drain()

    assert PhotoPrint.objects.filter(photo=first).count() == len(VIEWS)
    assert flags(copy) == [("near_reuse", first.pk)]


@pytest.fixture
def suspect(cast, task, elsewhere):
    first = make.photo(cast.inspector, audit=make.audit(task), content=drawn(5))
    outbox.drain()
    copy = make.photo(cast.inspector2, audit=elsewhere, content=changed(drawn(5), quality=50))
    outbox.drain()
    return first, copy


def test_page_shows_both_pictures_until_judged(cast, suspect, client):
    first, copy = suspect
    client.force_login(cast.bureau)

    before = client.get(reverse("desk-photos")).content.decode()
    client.post(reverse("desk-photo-verdict", args=[copy.pk]), {"verdict": "rejected"})
    after = client.get(reverse("desk-photos")).content.decode()
    judged = client.get(reverse("desk-photos") + "?judged=1").content.decode()

    assert str(first.pk) in before
    assert str(copy.pk) in before
    assert str(copy.pk) not in after
    assert "不能作证" in judged
    assert str(copy.pk) in judged


def test_pair_is_listed_once_and_settled_by_one_verdict(cast, suspect, client):
    first, copy = suspect
    client.force_login(cast.bureau)

    before = list(client.get(reverse("desk-photos")).context["page"])
    client.post(reverse("desk-photo-verdict", args=[copy.pk]), {"verdict": "rejected"})
    after = list(client.get(reverse("desk-photos")).context["page"])
    page = client.get(reverse("desk-photo", args=[first.pk])).content.decode()

    assert (before, after) == ([copy], [])
    assert "另一张：不能作证" in page
    assert PhotoFlag.objects.get(photo=first).verdict == ""


def test_verdict_on_the_earlier_one_stays_when_it_turns_up_again(cast, suspect, elsewhere, client):
    first, copy = suspect
    client.force_login(cast.bureau)
    client.post(reverse("desk-photo-verdict", args=[first.pk]), {"verdict": "cleared"})

    again = make.photo(cast.inspector2, audit=elsewhere, content=changed(drawn(5), scale=0.5))
    outbox.drain()

    told = {flag.other_id: flag.verdict for flag in first.flags.all()}
    listed = list(client.get(reverse("desk-photos")).context["page"])
    assert told == {copy.pk: "cleared", again.pk: ""}
    assert listed == [again]


def test_earlier_one_is_listed_where_the_later_is_out_of_scope(cast, suspect, client):
    first, copy = suspect
    client.force_login(cast.supervisor)

    page = client.get(reverse("desk-photos"))

    assert list(page.context["page"]) == [first]
    assert str(copy.pk) not in page.content.decode()


def test_earlier_one_is_listed_in_its_own_street(cast, suspect, client):
    first, copy = suspect
    client.force_login(cast.bureau)

    def listed(station):
        address = f"{reverse('desk-photos')}?region={station.region.code}"
        return list(client.get(address).context["page"])

    assert (listed(cast.station), listed(cast.other_station)) == ([first], [copy])


def test_viewer_is_not_shown_a_twin_out_of_scope(cast, suspect, client):
    first, copy = suspect
    there = make.user("supervisor", "there", regions=[cast.other_station.region])
    client.force_login(there)

    page = client.get(reverse("desk-photos")).content.decode()

    assert str(copy.pk) in page
    assert str(first.pk) not in page


def test_verdict_names_who_and_when_and_stays(cast, suspect, api):
    _, copy = suspect
    path = f"/api/v1/photos/{copy.pk}/verdict/"

    said = api(cast.bureau).post(path, {"verdict": "cleared"})
    again = api(cast.bureau).post(path, {"verdict": "rejected"})

    flag = PhotoFlag.objects.get(photo=copy)
    assert said.status_code == 200
    assert (again.status_code, again.data["code"]) == (409, "no_open_flag")
    assert (flag.verdict, flag.verdict_by, flag.verdict_at is not None) == (
        "cleared", cast.bureau, True,
    )  # fmt: skip
    assert (
        HistoryEntry.objects.filter(action="photo.judge", subject=f"photo:{copy.pk}").count() == 1
    )


def test_nobody_judges_their_own_photo(cast, suspect, api):
    _, copy = suspect

    refused = api(cast.inspector2).post(
        f"/api/v1/photos/{copy.pk}/verdict/", {"verdict": "cleared"}
    )

    assert (refused.status_code, refused.data["code"]) == (403, "own_photo")


def test_nobody_settles_their_own_photo_by_its_twin(cast, suspect, api, client):
    first, _copy = suspect
    make.assignment(cast.bureau, cast.inspector2, cast.station)
    client.force_login(cast.inspector2)
    path = f"/api/v1/photos/{first.pk}/verdict/"

    refused = api(cast.inspector2).post(path, {"verdict": "cleared"})
    page = client.get(reverse("desk-photo", args=[first.pk]))

    assert (refused.status_code, refused.data["code"]) == (403, "own_photo")
    assert page.status_code == 200
    assert "verdict" not in page.content.decode()


def test_list_costs_the_same_for_one_and_three(cast, task, elsewhere, client):
    client.force_login(cast.bureau)
    audit = make.audit(task)
    costs = []
    for seeds in ([6], [7, 8]):
        for seed in seeds:
            make.photo(cast.inspector, audit=audit, content=drawn(seed))
            make.photo(cast.inspector2, audit=elsewhere, content=changed(drawn(seed), quality=50))
            outbox.drain()
        client.get(reverse("desk-photos"))
        with CaptureQueriesContext(connection) as statements:
            client.get(reverse("desk-photos"))
        costs.append(len(statements))
    assert costs[0] == costs[1]
