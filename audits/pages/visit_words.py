"""The words of a visit outside the sheet, for its JavaScript: 随手拍, 复查, 立行立改."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audits.pages.words import date_words


def _online_words() -> dict[str, str]:
    """Of pages whose photos stay in the page until the server has them."""
    return {
        **date_words(),
        "unreachable": _("连不上服务器。照片还在这一页，信号好了会自动再传。"),
        "signin_words": _("照片还在这一页，登录后接着传。"),
        "sending_photos": _("照片传送中…"),
        "sending": _("提交中…"),
        "photo_refused": _("有照片没收下，点开看原因"),
    }


def snap_words() -> dict[str, str]:
    return {
        **_online_words(),
        "need_photo": _("先拍一张照片"),
        "need_words": _("再写一句看到了什么"),
        "send": _("记下这个问题"),
        "raised": _("已记下，服务器收到 {n} 张照片。"),
        "observed": _("已记到在办问题，服务器收到 {n} 张照片。"),
        "reopened": _("原问题已重启，服务器收到 {n} 张照片。"),
    }


def visit_words() -> dict[str, str]:
    return {
        **_online_words(),
        "need_site": _("否决项：先拍到场照片"),
        "need_before": _("先拍整改前照片"),
        "need_photo": _("先拍整改后照片"),
        "need_words": _("再写一句做了什么"),
        "close": pgettext("verb", "销号"),
        "fix": _("记立行立改"),
        "closed": _("已销号，服务器收到 {n} 张到场照片。"),
        "sent_back": _("已退回，站长会先看到原因。"),
        "fixed": _("已记立行立改，由另一人复查后销号。"),
    }
