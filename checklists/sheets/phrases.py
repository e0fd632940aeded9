"""What a cell of an issued 评分表 means: numbers with 分, numbered titles, yes and no."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from stations.sheets import KIND_WORDS

NUMERAL = "一二三四五六七八九十百"
LEADING = re.compile(
    rf"\s*(?:第[{NUMERAL}\d]+(?:部分|大?项|章)?[、.．:：\s]*|[{NUMERAL}]+[、.．]|"
    rf"[（(][{NUMERAL}\d]+[)）]、?|\d+(?:[、．]|\.(?!\d))|\d+(?:\.\d+)+[、.．\s]|[A-Z][、.．])\s*"
)
IN_BRACKETS = re.compile(r"[（(]\s*(?:共|满分|计)?\s*([\d.]+)\s*分\s*[)）]")
BARE_NUMBER = re.compile(r"[（(]?\s*([+-]?\d+(?:\.\d+)?)\s*分?\s*[)）]?")
STARS = "★☆▲△※*"
SUBTOTAL, TOTAL = ("小计", "本项小计", "分项小计"), ("合计", "总计", "总分", "共计")
NOTES = (
    "注",
    "备注",
    "说明",
    "填表",
    "检查人",
    "检查组",
    "被检查",
    "评分人",
    "负责人",
    "日期",
    "单位",
    "签",
)
SECTION_MARK = re.compile(
    rf"\s*(?:第[{NUMERAL}\d]+|[{NUMERAL}]+[、.．]|[（(][{NUMERAL}]+[)）]|[A-Z][、.．])"
)
YES = re.compile(r"(?:是|须|需|必须|应|要|有|否决|一票否决|须拍照|必拍|√|✓|✔|☑|[★▲]|Y|YES|1)", re.I)
MAYBE = re.compile(r"(?:可|可以|可拍|可拍照|选拍|酌情)")
EVIDENCE = (
    ("photo", r"现场|实地|查看|察看|照片|拍照|看"),
    ("interview", r"询问|访谈|座谈|问|访"),
    ("system", r"系统|平台|信息化"),
    ("document", r"资料|台账|档案|文件|查阅|材料|记录"),
)


def plain(text: str) -> str:
    """Full-width digits and letters as the usual ones, blanks at one."""
    return re.sub(r"[ \t\u3000\xa0]+", " ", unicodedata.normalize("NFKC", text)).strip()


def points(text: str) -> Decimal | None:
    """5, 5分, （5分）; None where it is no number."""
    found = BARE_NUMBER.fullmatch(plain(text))
    try:
        return Decimal(found[1]) if found else None
    except InvalidOperation:
        return None


def bracketed_points(text: str) -> Decimal | None:
    """The 10 of 组织领导（10分）."""
    found = IN_BRACKETS.search(plain(text))
    return points(found[1]) if found else None


def title(text: str) -> str:
    """Without its number, its stars and its points: 组织领导 of 一、组织领导（10分）."""
    bare = IN_BRACKETS.sub("", unicodedata.normalize("NFC", text))
    bare = "".join(letter for letter in bare if letter not in STARS)
    bare = LEADING.sub("", bare.replace("\n", " "), count=1) if LEADING.match(bare) else bare
    return re.sub(r"\s+", " ", bare).strip(" 　、:：")


def is_starred(text: str) -> bool:
    return any(star in text for star in "★▲※")


def first_words(text: str) -> str:
    """Up to the first stop: what a long requirement is called."""
    return re.split(r"[。；;\n]", text.strip(), maxsplit=1)[0].strip()


def kind_of_sum(text: str) -> str:
    """`subtotal`, `total` or nothing."""
    bare = re.sub(r"\s|[（(].*", "", plain(text))
    if any(bare.endswith(word) or bare.startswith(word) for word in SUBTOTAL):
        return "subtotal"
    return "total" if bare.startswith(TOTAL) else ""


def is_section_line(text: str) -> bool:
    if kind_of_sum(text) or plain(text).startswith(NOTES):
        return False
    return bool(SECTION_MARK.match(text)) or bracketed_points(text) is not None


def photo_rule(text: str) -> str:
    bare = plain(text)
    if YES.fullmatch(bare):
        return "required"
    return "useful" if MAYBE.fullmatch(bare) else "none"


def is_yes(text: str) -> bool:
    return bool(YES.fullmatch(plain(text)))


def evidence(text: str) -> str:
    return next((kind for kind, words in EVIDENCE if re.search(words, text)), "")


def kinds(text: str) -> tuple[str, ...] | None:
    """街道站、社区站 → the kinds; empty where it says all; None where it is not understood."""
    words = [word for word in re.split(r"[、,，/;；\s和]+", plain(text)) if word]
    if not words or words == ["全部"]:
        return ()
    known = KIND_WORDS | {
        "区中心": "centre",
        "中心": "centre",
        "街道": "subdistrict",
        "社区": "community",
    }
    found = [known.get(word) for word in words]
    return None if None in found else tuple(dict.fromkeys(kind for kind in found if kind))
