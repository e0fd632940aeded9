"""What each surface says, read back from what it hands over: {fact: value}, values as printed."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from docx import Document
from lxml import html
from openpyxl import load_workbook
from pypdf import PdfReader

Facts = dict[str, str]
STATUS = {"已销号": "closed", "待复查": "submitted", "挂账": "waived"}
REGION_ROWS = {"应检单位": "total", "已检单位": "audited", "均分": "mean", "问题数": "cohort",
               "已销号": "closed", "待复查": "submitted", "未整改": "open", "挂账": "waived",
               "逾期": "overdue", "整改率（%）": "rate", "按期销号率（%）": "on_time"}  # fmt: skip


def plain(value: Any) -> str:
    """— for none; 80 and 80.0 are the same figure."""
    if value is None or value == "":
        return "—"
    text = str(value)
    return f"{float(text):g}" if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def texts(tree: Any, css: str) -> list[str]:
    """Texts of the elements with a class, or of a class inside a class: "hero figure"."""
    path = "".join(f'//*[contains(concat(" ", @class, " "), " {name} ")]' for name in css.split())
    return [" ".join(one.text_content().split()) for one in tree.xpath(path)]


def api(effect: dict[str, Any], summary: dict[str, Any]) -> Facts:
    told = {
        "closed": effect["numerator"], "cohort": effect["denominator"], "rate": effect["rate"],
        "submitted": effect["submitted"], "open": effect["open"], "waived": effect["waived"],
        "audited": effect["coverage"]["audited"], "total": effect["coverage"]["total"],
        "on_time": effect["on_time_rate"]["rate"], "needed": effect["to_upper"],
        "first_pass": effect["first_pass_rate"]["rate"], "repeat": effect["repeat_rate"]["rate"],
        "mean": summary["mean"], "median": summary["median"], "minimum": summary["minimum"],
        "scored": summary["n"], "expected": summary["total"],
    }  # fmt: skip
    if summary["centre"]:
        told["score 区服务中心"] = summary["centre"]["score"]
    for child in summary["children"]:
        told[f"rate {child['name']}"] = child["effect"]["rate"]
        told[f"mean {child['name']}"] = child["mean"]
        told[f"cohort {child['name']}"] = child["effect"]["denominator"]
    return {name: plain(value) for name, value in told.items()}


def overview(content: bytes) -> Facts:
    tree = html.fromstring(content)
    closed, cohort = texts(tree, "hero nowrap")[0].split(" ÷ ")
    told = {"rate": texts(tree, "hero figure")[0].rstrip("%"), "closed": closed, "cohort": cohort}
    for word, number in re.findall(
        r"(已销号|待复查|未整改|挂账) (\d+)", " ".join(texts(tree, "hero legend"))
    ):
        told[{"未整改": "open", **STATUS}[word]] = number
    cards = {label: (value, note) for label, value, note in zip(
        texts(tree, "kpis kpi__label"), texts(tree, "kpis kpi__value"), texts(tree, "kpis kpi__note"),
        strict=True)}  # fmt: skip
    told["audited"], told["total"] = cards["检查覆盖"][0].split("/")
    told["overdue"] = cards["逾期未整改"][0].split()[0]
    told["mean"] = cards["服务站均分"][0]
    told |= _spread(cards["服务站均分"][1])
    if "区中心得分" in cards:
        told["score 区服务中心"] = cards["区中心得分"][0]
    todo = texts(tree, "hero__todo")
    assert bool(todo) == (cohort != "0"), todo  # nothing found: nothing to do
    found = re.search(r"还差 (\d+) 项", " ".join(todo))
    told["needed"] = found[1] if found else "0"
    quality = " ".join(texts(tree, "facts--5"))
    for word, fact in (("按期销号", "on_time"), ("一次通过", "first_pass"), ("反复", "repeat")):
        found = re.search(rf"(—|[\d.]+%) ?{word}", quality)
        told[fact] = found[1].rstrip("%") if found else "?"
    told |= _compared(tree) | _failing(texts(tree, "rank"))
    return {name: plain(value) for name, value in told.items()}


def _spread(note: str) -> Facts:
    found = re.search(r"(\d+)/(\d+) 站(?:；中位 ([\d.]+)，最低 ([\d.]+))?", note)
    assert found, note
    scored, expected, median, minimum = found.groups()
    return {"scored": scored, "expected": expected, "median": median, "minimum": minimum}


def _compared(tree: Any) -> Facts:
    told = {}
    for line in texts(tree, "compares"):
        for name, rate, _closed, cohort in re.findall(r"(\S+) (—|[\d.]+%) (\d+)/(\d+)", line):
            told |= {f"rate {name}街道": rate.rstrip("%"), f"cohort {name}街道": cohort}
    return {name: value for name, value in told.items() if name.split()[1] != "区中心街道"}


def _failing(lines: list[str]) -> Facts:
    found = [
        one for line in lines for one in re.findall(r"\b([A-Z]\d\d) .*? ?(\d+) ?/ ?(\d+)", line)
    ]
    return {f"failing {code}": f"{failed}/{asked}" for code, failed, asked in found}


def wall(content: bytes) -> Facts:
    tree = html.fromstring(content)
    told = {"rate": texts(tree, "wall__big figure")[0].rstrip("%")}
    for word, number in re.findall(
        r"(已销号|待复查|未整改) (\d+)", texts(tree, "wall__col legend")[0]
    ):
        told[{"未整改": "open", **STATUS}[word]] = number
    cards = dict(zip(texts(tree, "kpi__label"), texts(tree, "kpi__value"), strict=True))
    told["audited"], told["total"] = cards["检查覆盖"].split("/")
    told |= {"mean": cards["服务站均分"], "overdue": cards["逾期未整改"].split()[0]}
    told |= {"on_time": cards["按期销号"].rstrip("%"), "first_pass": cards["一次通过"].rstrip("%")}
    told |= {"repeat": cards["反复"].rstrip("%")}
    if "区中心得分" in cards:
        told["score 区服务中心"] = cards["区中心得分"]
    for row in tree.xpath('//table[@class="wall__table"]/tbody/tr'):
        name, rate, _word, done, _waiting, _time, _covered, mean = (
            " ".join(cell.text_content().split()) for cell in row if "wide" not in (cell.get("class") or "")
        )  # fmt: skip
        if name != "区中心" and "社区" not in name and "站" not in name:
            told |= {
                f"rate {name}街道": rate,
                f"cohort {name}街道": done.split("/")[1],
                f"mean {name}街道": mean,
            }
    told |= _failing(texts(tree, "rank--wall"))
    return {name: plain(value) for name, value in told.items()}


def figure(name: str, content: bytes) -> Facts:
    """The formula's two numbers and the head of a figure opened up."""
    tree = html.fromstring(content)
    above, below = tree.xpath('//div[@class="frac"]/span/text()')
    head = " ".join(tree.xpath("//h1")[0].text_content().split()).split(" ")[-1].rstrip("%")
    names = {
        "rate": ("closed", "cohort", "rate"), "on_time": ("", "closed", "on_time"),
        "first_pass": ("", "closed", "first_pass"), "repeat": ("", "cohort", "repeat"),
        "coverage": ("audited", "total", ""), "overdue": ("overdue", "", "overdue"),
        "scores": ("", "scored", "mean"),
    }[name]  # fmt: skip
    told = dict(zip(names, (above, below, head), strict=True))
    listed = re.search(r"(\d+) (?:项|个单位)", " ".join(texts(tree, "miller step")))
    if listed and name in {"rate", "overdue"}:
        told[f"{names[1]}" if name == "rate" else "overdue"] = listed[1]
    return {fact: plain(value) for fact, value in told.items() if fact}


def work_list(content: bytes) -> Facts:
    tree = html.fromstring(content)
    words = texts(tree, "page__head grow")[0]
    found = re.search(r"(\d+) 项中 (\d+) 项已销号，([\d.]+)%", words)
    if not found:
        return {}
    told = {"cohort": found[1], "closed": found[2], "rate": found[3]}
    if short := re.search(r"还差 (\d+) 项", words):
        told["needed"] = short[1]
    counts = re.findall(r"(待复查|整改中|待整改|逾期) (\d+)", texts(tree, "legend--tight")[0])
    number = {word: int(count) for word, count in counts}
    told |= {"submitted": str(number["待复查"]), "overdue": str(number["逾期"])}
    told["open"] = str(number["整改中"] + number["待整改"])
    return {name: plain(value) for name, value in told.items()}


def ledger(file: Any) -> Facts:
    sheet = load_workbook(file, read_only=True)["问题整改台账"]
    _title, line, heads, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    told = [dict(zip(heads, row, strict=True)) for row in rows if isinstance(row[0], int)]
    states = Counter(STATUS.get(str(row["整改状态"]), "open") for row in told)
    late = sum(row["是否逾期"] == "是" for row in told)
    facts = {
        "cohort": len(told),
        "overdue": late,
        **{name: states[name] for name in ("closed", "submitted", "open", "waived")},
    }
    if found := re.search(r"问题完成率 ([\d.]+)%（(\d+)/(\d+)）", str(line[4])):
        facts |= {"rate": found[1], "closed": found[2], "cohort": found[3]}
    return {name: plain(value) for name, value in facts.items()}


def scores(file: Any) -> Facts:
    book = load_workbook(file)
    told: dict[str, Any] = {}
    for name in ("单位得分汇总表", "区服务中心"):
        for row in _rows(book[name]) if name in book.sheetnames else ():
            called = "区服务中心" if name == "区服务中心" else row["单位"]
            told |= {
                f"score {called}": row["总分"],
                f"closed {called}": row["已销号数"],
                f"cohort {called}": row["问题数"],
            }
    for row in _rows(book["检查项失分统计"]):
        told[f"failing {row['检查项编号']}"] = f"{row['失分单位数']}/{row['检查单位数']}"
    for row in _rows(book["整改进度表"], total=True):
        if row["街道"] == "合计":
            told |= {fact: row[head] for head, fact in REGION_ROWS.items()}
        elif str(row["街道"]).endswith("街道"):
            told |= {
                f"{fact} {row['街道']}": row[head]
                for head, fact in REGION_ROWS.items()
                if fact in {"rate", "mean", "cohort"}
            }
    words = " ".join(
        str(cell.value) for row in book["单位得分汇总表"].iter_rows() for cell in row if cell.value
    )
    found = re.search(r"服务站均分 (\S+)，中位数 (\S+)，最低 ([^（]+)（(\d+)/(\d+)", words)
    assert found, words
    told |= dict(
        zip(("mean", "median", "minimum", "scored", "expected"), found.groups(), strict=True)
    )
    return {name: plain(value) for name, value in told.items()}


def _rows(sheet: Any, *, total: bool = False) -> list[dict[str, Any]]:
    _title, _line, heads, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [
        dict(zip(heads, row, strict=True)) for row in rows
        if isinstance(row[0], int) or total and row[1] == "合计"
    ]  # fmt: skip


def circular(file: Any) -> Facts:
    document = Document(file)
    words = "\n".join(one.text for one in document.paragraphs)
    told: dict[str, Any] = {}
    patterns = {
        r"应检 (\d+) 个，已完成 (\d+) 个": ("total", "audited"),
        r"共发现问题 (\d+) 项，已销号 (\d+) 项，待复查 (\d+) 项，未整改 (\d+) 项，挂账 (\d+) 项": (
            "cohort", "closed", "submitted", "open", "waived"),
        r"问题完成率 ([\d.]+)%": ("rate",),
        r"平均得分 ([\d.]+) 分，中位数 ([\d.]+) 分，最低 ([\d.]+) 分": ("mean", "median", "minimum"),
        r"区服务中心得分 ([\d.]+) 分": ("score 区服务中心",),
        r"(\d+) 项问题逾期": ("overdue",),
        r"尚需销号 (\d+) 项": ("needed",),
        r"一次复查通过 \d+ 项，占 ([\d.]+)%": ("first_pass",),
    }  # fmt: skip
    for pattern, names in patterns.items():
        if found := re.search(pattern, words):
            told |= dict(zip(names, found.groups(), strict=True))
    for row in list(document.tables[0].rows)[1:]:
        rank, _place, name, score, _grade, cohort, closed, _rate = (cell.text for cell in row.cells)
        name = "区服务中心" if rank == "另列" else name
        told |= {f"score {name}": score, f"cohort {name}": cohort, f"closed {name}": closed}
    return {name: plain(value) for name, value in told.items()}


def station_page(name: str, content: bytes) -> Facts:
    tree = html.fromstring(content)
    told = (
        {f"score {name}": texts(tree, "score-head figure--m")[0]}
        if texts(tree, "score-head")
        else {}
    )
    for word, number in re.findall(r"(已销号|待复查) (\d+)", " ".join(texts(tree, "legend"))):
        if word == "已销号":
            told[f"closed {name}"] = number
    return {fact: plain(value) for fact, value in told.items()}


def station_paper(name: str, file: Any) -> Facts:
    words = "".join(page.extract_text() for page in PdfReader(file).pages).replace("\n", "")
    told: dict[str, Any] = {f"cohort {name}": 0, f"closed {name}": 0}
    if found := re.search(r"检查得分\s*([\d.]+|—)", words):
        told[f"score {name}"] = found[1]
    if found := re.search(r"本期发现问题\s*(\d+)\s*项：已销号\s*(\d+)\s*项", words):
        told |= {f"cohort {name}": found[1], f"closed {name}": found[2]}
    return {fact: plain(value) for fact, value in told.items()}


def score_table(content: bytes, names: dict[str, str]) -> Facts:
    """`names` of stations by code: the page is narrow, its links are not."""
    tree = html.fromstring(content)
    told = {}
    for row in tree.xpath("//table/tbody/tr"):
        code = row.xpath(".//th//a/@href")[0].split("/bureau/stations/")[1].split("/")[0]
        told[f"score {names[code]}"] = plain("".join(row.xpath("./td")[0].text_content().split()))
    return told
