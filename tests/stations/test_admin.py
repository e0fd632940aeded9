import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import Finding
from stations.models import User
from stations.services import history
from tests import make


def signed_in(user: User, **fields) -> Client:
    User.objects.filter(pk=user.pk).update(is_staff=True, **fields)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


OURS = {model for model in admin.site._registry if model._meta.app_label in {
    "stations", "checklists", "audits", "indicators", "targets"}}  # fmt: skip
OPEN = {
    "bureau": {m.__name__ for m in OURS} - {"HistorySeal"},
    "sysadmin": {"User"},
    "auditor": {"User", "HistoryEntry", "HistorySeal"},
}


def test_only_our_own_models_are_registered():
    assert set(admin.site._registry) == OURS


@pytest.mark.parametrize("who", list(OPEN))
@pytest.mark.parametrize("model", sorted(OURS, key=lambda m: m.__name__), ids=lambda m: m.__name__)
def test_lists_open_by_role_and_being_superuser_opens_nothing(cast, who, model):
    client = signed_in(getattr(cast, who), is_superuser=True)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    status = client.get(reverse(f"{name}_changelist")).status_code

    assert status == (200 if model.__name__ in OPEN[who] else 403)
    assert client.get(reverse(f"{name}_add")).status_code == 403


def test_nothing_can_be_changed_or_deleted(cast, task):
    entry = history.record(by=cast.bureau, action="x", at=timezone.now())
    make.submitted(task, A02="fail")
    client = signed_in(cast.bureau, is_superuser=True)
    rows = [cast.station, cast.head, entry, task, task.audit, task.version, Finding.objects.get()]

    for row in rows:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        page = client.get(reverse(f"{name}_change", args=[row.pk]))
        assert (page.status_code, b"_save" in page.content) == (200, False)
        assert client.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403
        assert (
            client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code
            == 403
        )


def test_rows_are_those_in_reach(cast):
    elsewhere = make.station(region=make.region("440310001", "别处", make.region("440300")))
    client = signed_in(cast.bureau)

    page = client.get(reverse("admin:stations_station_changelist"))
    missing = client.get(reverse("admin:stations_station_change", args=[elsewhere.pk]))

    assert cast.station.code in page.content.decode()
    assert elsewhere.code not in page.content.decode()
    assert missing.status_code == 302


@pytest.mark.parametrize("who", ["inspector", "head", "supervisor"])
def test_others_do_not_enter(cast, who):
    client = Client()
    client.force_login(getattr(cast, who))

    assert client.get("/admin/").status_code == 302
