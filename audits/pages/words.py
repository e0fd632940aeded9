"""The sheet's words, and what every phone page says, for JavaScript: here gettext finds them."""

from django.utils.translation import gettext as _


def form_words() -> dict[str, str]:
    return {
        **date_words(),
        "comma": _("、"),
        "semicolon": _("；"),
        "signin_words": _("已填的 {items} 项和 {photos} 张照片都在手机上，登录后接着传。"),
        "first_online": _("连不上服务器。第一次用这台手机，要先联网打开一次。"),
        "sheet_not_here": _("这张检查表还没有存到手机里。有信号时打开一次，以后没有信号也能用。"),
        **_state_words(),
        **_today_words(),
        **_item_words(),
        **photo_words(),
        **_waiting_words(),
        **_leaving_words(),
        **_receipt_words(),
    }


def _state_words() -> dict[str, str]:
    return {
        "saving": _("保存中…"),
        "saved_here": _("已存本机 {time}"),
        "on_server": _("都在服务器"),
        "not_saved_here": _("没有存上，请再点一次"),
        "unsaved": _("{n} 项未存"),
        "needs_you": _("{n} 项要处理"),
        "offline": _("离线"),
        "signed_out": _("要登录"),
        "sending": _("传送 {n} 张"),
        "unsent": _("待传 {n} 张"),
        "saving_photos": _("{n} 张存入中"),
        "on_phone": _("{n} 张在手机"),
        "answers_here": _("{n} 项结果在手机"),
        "all_sent": _("都已传到"),
        "see_receipt": _("看回执"),
        "leave": _("离站回执"),
        "leave_lacking": _("离站回执：还差 {n} 项"),
        "next_result": _("下一未检：{code}"),
        "next_note": _("还缺说明：{code}"),
        "next_photo": _("还缺照片：{code}"),
    }


def _today_words() -> dict[str, str]:
    return {
        "today": _("今日任务"),
        "group_overdue": _("逾期 {n}"),
        "group_started": _("进行中 {n}"),
        "group_unfinished": _("已提交，未完成 {n}"),
        "group_today": _("今天到期 {n}"),
        "group_later": _("接下来 {n}"),
        "group_done": _("已完成 {n}"),
        "done_at": _("{when} 交齐"),
        "begun_at": _("{when} 开始"),
        "was_due": _("应于 {when}完成"),
        "due": _("{when}前完成"),
        "recheck": _("回头看"),
        "unsolved": _("未销号 {n} 项"),
        "all_closed": _("都已销号，看有没有又出现"),
        "recheck_online": _("现在没有信号，复查要联网。可以先填整张检查表。"),
        "submit_waits": _("已提交，等信号传出"),
        "today_at": _("今天"),
        "late_by": _("逾期 {n} 天"),
        "photos_waiting": _("{n} 张照片在手机上"),
        "all_checked": _("服务器已全部核对"),
        "server_lacks": _("服务器还缺 {n} 张照片"),
        "unable_again": _("{n} 项不能核查，要再来一次"),
        "being_checked": _("等服务器核对"),
        "not_handed_in": _("全部检完，还没有提交"),
        "items_left": _("剩 {n} 项"),
        "storage_lost": _(
            "这台手机的浏览器数据被清掉了：{n} 张还没传的照片（{items}）不见了，已报告。请重拍。"
        ),
        "photos_elsewhere": _(
            "服务器在等的 {n} 张照片不在这台手机上。请在拍照的那台手机上打开这一页。"
        ),
        "scan_unknown": _("这个站不在您的任务里。"),
        "send_first": _("有照片 72 小时没有传出。请先传完，再开始新的检查。"),
    }


def _item_words() -> dict[str, str]:
    return {
        "points": _("{n} 分"),
        "photos": _("{n} 张"),
        "no_guidance": _("按实际判断"),
        "basis": _("依据：{clause}"),
        "last": _("上次 {round} {day}"),
        "required": _("（必填）"),
        "optional": _("（可不填）"),
        "no_note": _("没有说明"),
        "theirs_differs": _("另一台手机填了不同的结果，请选一个。"),
        "lack_result": _("未检"),
        "lack_note": _("还缺说明"),
        "lack_photo": _("还缺照片"),
        "needs_look": _("要处理"),
    }


def photo_words() -> dict[str, str]:
    return {
        "file_empty": _("这个文件是空的，请重拍。"),
        "file_video": _("这是视频。请拍照片。"),
        "file_unknown": _("这不是照片。请拍照，或选 JPEG、PNG、WebP、HEIC 照片。"),
        "file_large": _("照片超过 30 MB，请用普通拍照模式重拍。"),
        "file_broken": _("照片打不开，可能坏了。请重拍。"),
        "photo_heic": _("HEIC 照片在这台手机上不能预览，会原样传给服务器。"),
        "photo_unopened": _("照片太大，这台手机打不开，会原样传给服务器。"),
        "photo_huge": _("照片有 {n} 百万像素，先传小图，原图等信号好再传。"),
        "photo_tiny": _("照片太小，看不清细节，建议重拍。"),
        "photo_dark": _("照片太暗，建议重拍。"),
        "photo_bright": _("照片太亮，建议重拍。"),
        "photo_blurred": _("照片可能模糊，建议重拍。"),
        "signin_unkept": _("没送出的只在这一页：请别关掉，登录后接着传。"),
        "signin_none": _("这台手机上没有要传的。"),
        "not_saved": _("照片没有存上手机，请重拍这一张。"),
        "phone_full": _("手机存满了，这张没有存上。请先传完或清理手机，再重拍。"),
        "sending_first": _("正在连服务器…"),
        "sent_share": _("已传 {n}%"),
        "no_signal": _("现在没有信号，有信号后自动传。"),
        "looks_fine": _("清晰，亮度合适"),
        "place_within": _("位置 ±{n} 米"),
        "no_place": _("没有位置"),
    }


def _waiting_words() -> dict[str, str]:
    return {
        "waiting": _("待传"),
        "unsent_total": _("{n} 张，共 {size}"),
        "in_line": _("排队中"),
        "signature": _("签字"),
        "originals": _("{n} 张原图在手机上（{size}），信号好时自动传。"),
        "mode_offline": _("离线可用：关掉浏览器再开也在。"),
        "mode_page": _("离线可用，但不要关掉这一页：这个浏览器不能离线重开。"),
        "mode_online": _("只能联网用：每张照片传完才能继续。"),
        "protected": _("存储已受保护。"),
        "unprotected": _("存储未受保护：手机存满时浏览器可能清掉，请当天传完。"),
        "tight": _("手机快满了，这里还能存 {size}。请先传完或清理手机，再拍。"),
        "room": _("还能存 {size}。"),
        "sealed": _("没传完的已加密，只有您登录才能打开。"),
        "unsealed": _("这个网址不是 https，没传完的没有加密。"),
        "age": _("最早一张没传的照片已在手机上 {age}。"),
        "age_block": _("最早一张没传的照片已在手机上 {age}，传完才能开始新的检查。"),
        "hours": _("{n} 小时"),
        "minutes": _("{n} 分钟"),
        "exported": _("已导出 {photos} 张照片、{answers} 项结果。手机上的仍会接着传。"),
        "leave_sealed": _(
            "还有 {n} 张照片、{items} 项结果没有传。退出后它们加密留在这台手机上，别人看不到；您再登录就接着传。"
        ),
        "leave_open": _(
            "还有 {n} 张照片、{items} 项结果没有传，这里不能加密。请先传完，或导出待传包。"
        ),
    }


def _leaving_words() -> dict[str, str]:
    return {
        "ready": _("全部检完，可以提交"),
        "ready_words": _("提交后结果不能再改；没传完的照片会接着传。"),
        "not_ready": _("还有 {n} 项没有做完"),
        "not_ready_words": _("点一项，直接跳过去。"),
        "so_far": _("已检 {items}/{total} 项·{photos} 张照片"),
        "submit": _("提交检查"),
        "submitting": _("提交中…"),
        "submit_waits_words": _("已记在手机上。有信号时自动提交，不用停在这一页。"),
        "finish_first": _("先做完剩下的项"),
        "score": _("检查得分"),
        "score_preview": _("现在的得分（预估）"),
        "unsigned": _("还没有签"),
    }


def _receipt_words() -> dict[str, str]:
    return {
        "complete": _("全部交齐，可以离站"),
        "photos_here": _("还有 {n} 张照片在手机上"),
        "photos_coming": _("服务器还缺 {n} 张照片"),
        "photos_lost": _("服务器还缺 {n} 张照片"),
        "unable_left": _("已提交，{n} 项不能核查"),
        "counted_all": _("{items} 项·{photos} 张照片"),
        "critical_ok": _("否决项 {n} 项全部符合。"),
        "counted": _("{items} 项·{held}/{photos} 张照片"),
        "all_verified": _("服务器已全部核对 {time}"),
        "verified_at": _("服务器核对于 {time}"),
        "may_leave": _("可以离站，请别清除浏览器数据。断了会自动续传。"),
        "photos_lost_words": _(
            "这台手机上没有这些照片。请在拍照的那台手机上打开这一页，或联系区局重新打开检查。"
        ),
        "unable_words": _("这些项要再来一次：{codes}。"),
        "not_applicable": _("不适用"),
        "findings": _("生成问题 {n} 项，站长已能看到。"),
        "findings_due": _("生成问题 {n} 项，站长已能看到。最早期限 {day}。"),
        "no_findings": _("没有发现问题。"),
        "next_station": _("下一站：{name}"),
        "back_to_today": _("回今日任务"),
        "receipt_copied": _("回执已复制，贴给站长就行。"),
    }


def date_words() -> dict[str, str]:
    return {
        "day": _("{month}月{day}日"),
        "dot": _("·"),
        "months": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    }
