"""Every status on every screen: its word, its shape, its tone. One table, read by the tags and by
the pages' JavaScript, so that a word is never without its shape and a colour never stands alone."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Status(NamedTuple):
    word: str | Promise
    icon: str
    tone: str  # ok, warn, bad, info, none, unable, line


TABLE: dict[str, dict[str, Status]] = {
    "result": {
        "": Status(_("未检"), "empty", "none"),
        "pass": Status(_("符合"), "check", "ok"),
        "partial": Status(_("部分符合"), "half", "warn"),
        "fail": Status(_("不符合"), "cross", "bad"),
        "na": Status(_("不适用"), "dash", "none"),
        "unable": Status(_("不能核查"), "lock", "unable"),
    },
    "finding": {
        "open": Status(_("待整改"), "empty", "none"),
        "in_progress": Status(_("整改中"), "half", "warn"),
        "submitted": Status(_("待复查"), "clock", "info"),
        "closed": Status(_("已销号"), "check", "ok"),
        "waived": Status(_("挂账"), "clock", "line"),
        "void": Status(_("作废"), "close", "line"),
        "sent_back": Status(_("退回"), "back", "bad"),
        "overdue": Status(_("逾期"), "warning", "bad"),
    },
    "assignment": {
        "waiting": Status(_("未开始"), "empty", "none"),
        "started": Status(_("检查中"), "half", "warn"),
        "submitted": Status(_("已提交"), "clock", "info"),
        "complete": Status(_("已完成"), "check", "ok"),
        "overdue": Status(_("逾期"), "warning", "bad"),
    },
    "round": {
        "planned": Status(_("未开始"), "empty", "none"),
        "running": Status(_("进行中"), "clock", "info"),
        "ended": Status(_("已结束"), "check", "ok"),
    },
    "version": {
        "draft": Status(_("草稿"), "pencil", "warn"),
        "published": Status(_("已发布"), "check", "ok"),
    },
    "band": {
        "met": Status(_("达标"), "check", "ok"),
        "within": Status(_("区间内"), "half", "warn"),
        "below": Status(_("未达标"), "cross", "bad"),
        "no_problems": Status(_("无问题"), "empty", "none"),
        "no_audits": Status(_("尚无检查"), "empty", "none"),
    },
    "target": {
        "met": Status(_("达标"), "check", "ok"),
        "running": Status(_("进行中"), "half", "warn"),
        "within": Status(_("区间内"), "half", "warn"),
        "below": Status(_("未达标"), "cross", "bad"),
        "no_problems": Status(_("无问题"), "empty", "none"),
        "no_audits": Status(_("尚无检查"), "empty", "none"),
        "no_records": Status(_("尚无记录"), "empty", "none"),
        "na": Status(_("不适用"), "dash", "none"),
    },
    "points_grade": {
        "excellent": Status(_("优"), "check", "ok"),
        "good": Status(_("良"), "check", "ok"),
        "fair": Status(_("中"), "half", "warn"),
        "poor": Status(_("差"), "cross", "bad"),
    },
    "activity": {
        "planned": Status(_("未到期"), "calendar", "none"),
        "held": Status(_("已办"), "check", "ok"),
        "late": Status(_("逾期未办"), "warning", "bad"),
    },
    "task": {
        "planned": Status(_("未到期"), "calendar", "none"),
        "on_time": Status(_("按时完成"), "check", "ok"),
        "late_done": Status(_("超期完成"), "half", "warn"),
        "late": Status(_("逾期未完成"), "warning", "bad"),
    },
    "survey": {
        "planned": Status(_("未开始"), "empty", "none"),
        "open": Status(_("进行中"), "clock", "info"),
        "closed": Status(_("已结束"), "check", "ok"),
    },
    "grade": {
        "excellent": Status(_("优秀"), "check", "ok"),
        "good": Status(_("良好"), "check", "ok"),
        "qualified": Status(_("合格"), "half", "warn"),
        "unqualified": Status(_("不合格"), "cross", "bad"),
        "critical": Status(_("一票否决"), "flag", "bad"),
        "": Status(_("未评"), "empty", "none"),
    },
    "photo": {
        "saving": Status(_("存入中"), "clock", "none"),
        "queued": Status(_("在手机"), "phone", "none"),
        "uploading": Status(_("传送"), "send", "info"),
        "stored": Status(_("服务器"), "check", "ok"),
        "processed": Status(_("服务器"), "check", "ok"),
        "flagged": Status(_("待核对"), "warning", "warn"),
        "quarantined": Status(_("待核对"), "warning", "warn"),
        "refused": Status(_("重拍"), "warning", "bad"),
    },
    "report": {
        "queued": Status(_("排队中"), "clock", "none"),
        "running": Status(_("生成中"), "half", "info"),
        "ready": Status(_("可下载"), "check", "ok"),
        "failed": Status(_("没有做成"), "cross", "bad"),
        "expired": Status(_("已过期"), "empty", "none"),
        "unchanged": Status(_("未变"), "check", "ok"),
        "superseded": Status(_("已更新"), "again", "warn"),
    },
    "severity": {
        "normal": Status(_("一般"), "info", "line"),
        "serious": Status(_("较重"), "warning", "warn"),
        "critical": Status(_("重大"), "flag", "bad"),
    },
    "event": {
        "raised": Status(_("检查发现"), "cross", "bad"),
        "observed": Status(_("再次发现"), "cross", "bad"),
        "started": Status(_("开始整改"), "half", "none"),
        "submitted": Status(_("提交复查"), "clock", "info"),
        "sent_back": Status(_("退回"), "back", "bad"),
        "closed": Status(_("销号"), "check", "ok"),
        "reopened": Status(_("重启"), "again", "bad"),
        "voided": Status(_("作废"), "close", "none"),
        "waived": Status(_("挂账"), "clock", "none"),
        "extension_asked": Status(_("申请延期"), "calendar", "info"),
        "extension_granted": Status(_("同意延期"), "calendar", "ok"),
        "extension_refused": Status(_("不同意延期"), "calendar", "bad"),
        "corrected": Status(_("结果更正"), "pencil", "info"),
    },
}

UNKNOWN = Status("—", "empty", "none")


def look_up(kind: str, value: str | None) -> Status:
    return TABLE[kind].get(value or "", UNKNOWN)
