"""The words of the station head's pages, for their JavaScript."""

from django.utils.translation import gettext as _

from audits.pages.words import date_words, photo_words


def head_words() -> dict[str, str]:
    """Of the station head's pages, which send what is unsent and keep what is taken."""
    return {
        **date_words(),
        **photo_words(),
        **_rectify_words(),
        **_pending_words(),
        "signin_words": _("{photos} 张照片和 {items} 项整改都在手机上，登录后接着传。"),
        "signin_first": _("登录后才能存照片和提交整改。"),
        "signed_out": _("拍的照片和写的都存在手机，登录后接着传。"),
        "exported": _("已导出 {photos} 张照片、{answers} 项整改。手机上的仍会接着传。"),
        "leave_sealed": _(
            "还有 {n} 张照片、{items} 项整改没有送出。退出后它们加密留在这台手机上，别人看不到；您再登录就接着传。"
        ),
        "leave_open": _(
            "还有 {n} 张照片、{items} 项整改没有送出，这里不能加密。请先传完，或导出待传包。"
        ),
    }


def _rectify_words() -> dict[str, str]:
    return {
        "need_photo": _("先拍整改后照片"),
        "need_words": _("再写一句做了什么"),
        "photo_refused": _("有照片没收下，点开看原因"),
        "saving_photo": _("照片存入手机…"),
        "saving": _("保存中…"),
        "saved_here": _("已存本机 {time}"),
        "kept_here": _("已存本机"),
        "words_not_saved": _("没有存上，请再写一次"),
        "send": _("提交复查"),
        "handed_in": _("已提交，等送出"),
        "sent": _("已提交复查，等检查员或街道看过后销号。"),
        "after_none": _("还没有"),
        "after_count": _("{n} 张"),
        "way_moving": _("照片传送 {n}%"),
        "way_photos": _("照片在手机，正在传…"),
        "way_handing_in": _("照片都在服务器，正在提交…"),
        "way_signed_out": _("已存在手机，登录后接着传。"),
        "way_signed_out_unkept": _("登录过期，这里又不能存：请别关掉这一页，登录后接着传。"),
        "way_offline_unkept": _("没有信号，这里又不能存：请别关掉这一页，有信号时自动送出。"),
        "taken_before": _("已经提交过了，后来改的没有交上去。"),
        "stranded": _("这台手机上还有这个问题没交出的内容，现在已经用不上了。"),
        "discard_words": _("删掉的找不回来：{what}"),
        "you_wrote": _("您写的：{words}"),
    }


def _pending_words() -> dict[str, str]:
    return {
        "way_offline": _(
            "没有信号：已存在手机，有信号时自动送出。关掉这一页也不会丢，下次打开接着送。"
        ),
        "pending": _("待传 {what}"),
        "pending_problems": _("有整改没有收下"),
        "problem_n": _("问题 {n}"),
        "photos": _("{n} 张照片"),
        "rectifications": _("{n} 项整改"),
        "comma": _("、"),
        "photos_here": _("{n} 张照片在手机上"),
        "handed_in_on": _("{day} 提交，等送出"),
        "needs_look": _("要处理"),
        "age": _("最早一张没传的照片已在手机上 {age}。"),
        "hours": _("{n} 小时"),
    }


def self_check_words() -> dict[str, str]:
    return {
        "saving": _("存入服务器…"),
        "saved": _("服务器已存 {time}"),
        "waits": _("{n} 项没有存上，正在重试"),
        "signin_words": _("刚填的还在这一页，登录后接着存。"),
        "theirs": _("另一台手机改过这一项，已换成服务器上的结果。"),
    }
