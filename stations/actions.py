"""操作记录's words: what each stable action code is called on screen."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

AREAS: dict[str, str | Promise] = {
    "account": _("账号"),
    "station": _("服务站"),
    "checklist": _("检查表"),
    "round": _("轮次与任务"),
    "calendar": _("工作日"),
    "audit": _("检查"),
    "selfcheck": _("自查"),
    "photo": _("照片"),
    "rectification": _("整改"),
    "report": _("报告"),
    "target": _("绩效目标表"),
}

ACTIONS: dict[str, str | Promise] = {
    "account.sign_in": _("登录"),
    "account.create": _("新建账号"),
    "account.scope": _("修改角色和范围"),
    "account.reset_password": _("重置密码"),
    "account.password": _("修改密码"),
    "account.disable": _("停用账号"),
    "account.enable": _("启用账号"),
    "station.open": _("新设服务站"),
    "station.rename": _("服务站更名"),
    "station.correct": _("更正服务站"),
    "station.close": _("撤销服务站"),
    "station.reopen": _("恢复服务站"),
    "station.split": _("拆分服务站"),
    "station.merge": _("合并服务站"),
    "station.contact": _("修改联系方式"),
    "station.import": _("导入服务站"),
    "station.export": _("导出服务站"),
    "region.save": _("修改行政区划"),
    "calendar.set": _("设定工作日"),
    "calendar.forget": _("取消工作日设定"),
    "checklist.load": _("载入检查表"),
    "checklist.edit": _("修改草稿"),
    "checklist.move": _("任务改用新版本"),
    "checklist.publish": _("发布检查表"),
    "checklist.discard": _("删除草稿"),
    "round.open": _("新建轮次"),
    "round.change": _("修改轮次"),
    "round.assign": _("分派任务"),
    "round.reassign": _("改派任务"),
    "round.withdraw": _("撤回任务"),
    "round.draw": _("抽查抽站"),
    "audit.start": _("开始检查"),
    "audit.answer": _("填写结果"),
    "audit.submit": _("提交检查"),
    "audit.reopen": _("重新打开检查"),
    "audit.correct": _("更正检查结果"),
    "selfcheck.start": _("开始自查"),
    "selfcheck.answer": _("填写自查"),
    "finding.gather": _("归为共性问题"),
    "finding.join": _("并入共性问题"),
    "photo.attach": _("上传照片"),
    "photo.original": _("上传原图"),
    "photo.import": _("导入待传包"),
    "photo.judge": _("判定照片疑点"),
    "rectification.import": _("代交整改"),
    "report.requested": _("申请报告"),
    "report.downloaded": _("下载报告"),
    "target.sign": _("签定自评表"),
    "activity.photo": _("添加活动照片"),
    "volunteer.serve": _("登记服务时长"),
    "volunteer.redeem": _("积分兑换"),
}
RECORDS: dict[str, str | Promise] = {
    "activity": _("活动"),
    "plantask": _("年度计划任务"),
    "budgetentry": _("预算支出"),
    "satisfactionsurvey": _("满意度调查"),
    "commendation": _("表彰"),
    "volunteer": _("志愿者"),
    "targettable": _("绩效目标表"),
}
VERBS: dict[str, str | Promise] = {
    "add": _("新增"),
    "change": _("修改"),
    "withdraw": _("撤回"),
    "copy": _("复制"),
    "unserve": _("撤回服务时长"),
    "reason": _("修改偏差原因"),
    "load": _("载入"),
}


class Thing(NamedTuple):
    """What a subject's first word stands for; `route` its page, for those who may `action`."""

    word: str | Promise
    route: str = ""
    action: str = ""


THINGS: dict[str, Thing] = {
    "audit": Thing(_("检查"), "desk-audit", "audits.read"),
    "finding": Thing(_("问题"), "desk-finding", "findings.read"),
    "photo": Thing(_("照片"), "desk-photo", "photos.read"),
    "round": Thing(_("轮次"), "desk-round", "assignments.write"),
    "station": Thing(_("服务站"), "desk-station", "stations.read"),
    "user": Thing(_("账号"), "person", "users.read"),
    "region": Thing(_("行政区划")),
    "version": Thing(_("检查表版本")),
    "cause": Thing(_("共性问题")),
    "selfcheck": Thing(_("自查")),
    "day": Thing(_("日期")),
    "report": Thing(_("报告")),
    **{name: Thing(word) for name, word in RECORDS.items()},
}


def word(action: str) -> str:
    """An action nobody has named yet is shown by its code, never hidden."""
    thing, _dot, verb = action.partition(".")
    if action not in ACTIONS and thing in RECORDS and verb in VERBS:
        return f"{VERBS[verb]}{gap()}{RECORDS[thing]}"
    return str(ACTIONS.get(action, action))


def gap() -> str:
    """Between two words: nothing in Chinese."""
    return " " if (get_language() or "").startswith("en") else ""


def subject(text: str) -> tuple[str, str, Thing | None]:
    """audit:1f3c… → 检查, the id, and where it opens; as it is where nobody has named it."""
    name, _colon, key = text.partition(":")
    thing = THINGS.get(name)
    return (str(thing.word), key, thing) if thing else (text, "", None)
