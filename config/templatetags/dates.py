"""Dates as people here write them: 11月23日 in sentences, 11-23 in tables; times in Shanghai."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

Moment = date | datetime


def _local(value: Moment) -> Moment:
    return timezone.localtime(value) if isinstance(value, datetime) else value


@register.filter
def day(value: Moment | None) -> str:
    """11月23日, with the year when it is another one."""
    if value is None:
        return "—"
    value = _local(value)
    this_year = value.year == timezone.localdate().year
    # Translators: date formats of Django; the second carries the year.
    return date_format(value, _("n月j日") if this_year else _("Y年n月j日"), use_l10n=False)


@register.filter
def day_short(value: Moment | None) -> str:
    """11-23 for tables."""
    return "—" if value is None else _local(value).strftime("%m-%d")


@register.filter
def clock(value: datetime | None) -> str:
    """10:42"""
    return "—" if value is None else timezone.localtime(value).strftime("%H:%M")


@register.filter
def moment(value: datetime | None) -> str:
    """11月23日 10:42"""
    return "—" if value is None else f"{day(value)} {clock(value)}"


@register.filter
def weekday(value: Moment | None) -> str:
    """星期一"""
    return "" if value is None else date_format(_local(value), "l", use_l10n=False)


@register.filter
def days_left(due: date | None) -> str:
    """剩 3 天, 今天到期, 逾期 3 天"""
    if due is None:
        return ""
    left = (due - timezone.localdate()).days
    if left == 0:
        return _("今天到期")
    if left < 0:
        return ngettext("逾期 %d 天", "逾期 %d 天", -left) % -left
    return ngettext("剩 %d 天", "剩 %d 天", left) % left


@register.filter
def is_near(due: date | None) -> bool:
    """Late, or within three days: said in red, with the words beside it."""
    return due is not None and (due - timezone.localdate()).days <= 3


@register.filter
def lasting(seconds: int) -> str:
    """3 天, 5 小时, 20 分钟: the largest unit of which there are two, rounded down."""
    if seconds >= 2 * 86_400:
        return ngettext("%d 天", "%d 天", seconds // 86_400) % (seconds // 86_400)
    if seconds >= 2 * 3_600:
        return ngettext("%d 小时", "%d 小时", seconds // 3_600) % (seconds // 3_600)
    return ngettext("%d 分钟", "%d 分钟", seconds // 60) % (seconds // 60)
