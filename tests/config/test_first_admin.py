import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from stations.models import User

pytestmark = pytest.mark.django_db


def first_admin(*arguments: str) -> str:
    said = io.StringIO()
    call_command("first_admin", *arguments, stdout=said)
    return said.getvalue()


def test_a_fresh_installation_has_no_account():
    assert not User.objects.exists()


def test_first_admin_gets_a_random_password_that_must_be_changed():
    said = first_admin("admin")

    admin = User.objects.get()
    password = said.rsplit(maxsplit=1)[-1]
    assert (admin.username, admin.role) == ("admin", "sysadmin")
    assert admin.must_change_password
    assert admin.check_password(password)
    assert len(password) >= 16


def test_first_admin_takes_a_password_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("Long-enough-7-words\n"))

    said = first_admin("admin", "--password-stdin")

    assert User.objects.get().check_password("Long-enough-7-words")
    assert "Long-enough" not in said


def test_a_weak_first_password_is_refused_and_nothing_is_made(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))

    with pytest.raises(CommandError):
        first_admin("admin", "--password-stdin")

    assert not User.objects.exists()


def test_there_is_no_second_first_admin():
    first_admin("admin")

    with pytest.raises(CommandError, match="already"):
        first_admin("another")

    assert User.objects.count() == 1
