"""Password rules. Two named packs, `PASSWORD_PACK`: 等保 level 2 asks for mixed characters, for
none of the last five and for a change every 90 days; ASVS 5.0 (6.2.5, 6.2.10) forbids just that
and asks for length alone."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.models import FormerPassword, User

REMEMBERED = 5


class LongEnough(MinimumLengthValidator):
    """With words that Django does not have in Chinese."""

    def get_error_message(self) -> str:
        return _("密码太短，至少要 %d 位。") % self.min_length

    def get_help_text(self) -> str:
        return _("至少 %d 位。") % self.min_length


class MixedCharacters:
    """Three of: small letters, capitals, digits, anything else."""

    def validate(self, password: str, user: User | None = None) -> None:
        kinds = {_kind(character) for character in password}
        if len(kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("小写字母、大写字母、数字、符号，至少要有其中三种。")


class NotUsedBefore:
    """Django tells it of every password set, whichever way."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        if any(check_password(password, former.password) for former in _last(user)):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        FormerPassword.objects.create(user=user, password=user.password, set_at=timezone.now())
        kept = [former.pk for former in _last(user)]
        FormerPassword.objects.filter(user=user).exclude(pk__in=kept).delete()

    def get_help_text(self) -> str:
        return _("最近 %d 次用过的密码不能再用。") % REMEMBERED


def is_worn_out(user: User, *, now: dt.datetime) -> bool:
    """Older than the pack allows; demonstration accounts never are."""
    if user.is_demo or not settings.PASSWORD_DAYS:
        return False
    newest = _last(user)[:1]
    since = newest[0].set_at if newest else user.date_joined
    return since < now - dt.timedelta(days=settings.PASSWORD_DAYS)


def _last(user: User) -> list[FormerPassword]:
    return list(FormerPassword.objects.filter(user=user).order_by("-set_at", "-pk")[:REMEMBERED])


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.islower():
        return "small"
    return "capital" if character.isupper() else "other"
