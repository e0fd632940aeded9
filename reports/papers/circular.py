"""督导检查通报.docx: a draft in the official form (GB/T 9704), with the period's own figures and
named stations, for somebody to go over and sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from indicators.effect import Reading
from reports.papers.job import Job
from reports.papers.letter import ER, HEAD, SUBHEAD, TITLE, XIAO_WU, Letter
from reports.papers.words import BANDS, in_chinese, long_day, mark, rate_words, seeds, slashed
from reports.queries.briefing import Briefing, Fault
from reports.queries.problems import problems
from reports.queries.subject import Subject
from reports.queries.tables import StationLine

LEADING = 29  # points: 22 lines on a page
NAMED = 8  # stations called by name in one sentence
BEST, WORST = 3, 3
WHAT = ("退役军人服务中心（站）标准化建设", "督导检查情况的通报")


def write(job: Job) -> None:
    briefing = Briefing(job.subject)
    letter = Letter()
    subject = job.subject
    for words in _title(subject):
        letter.line(words, font=TITLE, size=ER, align="centre", exact=36)
    _text(letter, "")
    letter.line(_addressee(subject), exact=LEADING)
    for words in _opening(briefing):
        _text(letter, words)
    job.tell(20)
    _body(letter, briefing)
    job.tell(60)
    _closing(letter, subject)
    _ranking(letter, briefing)
    _list(letter, briefing)
    letter.save(job.path)


def _title(subject: Subject) -> list[str]:
    """Lines broken where the words end, the longest first."""
    name = subject.period_name.replace(" ", "")
    return [f"关于{name}{subject.region.name_zh}", *WHAT]


def _addressee(subject: Subject) -> str:
    if subject.region.level == "subdistrict":
        return f"{subject.region.name_zh}各社区退役军人服务站："
    return f"{subject.region.name_zh}退役军人服务中心，各街道、社区退役军人服务站："


def _text(letter: Letter, words: str) -> None:
    letter.line(words, indent=2 if words else 0, exact=LEADING)


def _head(letter: Letter, number: int, words: str) -> None:
    letter.line(f"{in_chinese(number)}、{words}", font=HEAD, indent=2, exact=LEADING, keeps=True)


def _body(letter: Letter, briefing: Briefing) -> None:
    parts = [
        ("基本情况", _basics(briefing)),
        ("主要做法和成效", _merits(briefing)),
        ("存在的主要问题", _faults(briefing)),
        ("整改要求", _demands(briefing)),
    ]
    for number, (words, told) in enumerate(parts, 1):
        _head(letter, number, words)
        for heading, text in told:
            if heading:
                letter.line(heading, font=SUBHEAD, indent=2, exact=LEADING, keeps=True)
            _text(letter, text)


Told = Iterator[tuple[str, str]]  # heading (empty for none), text


def _opening(briefing: Briefing) -> list[str]:
    place = briefing.subject.region.name_zh
    return [
        f"为巩固提升{place}退役军人三级服务保障体系标准化建设水平，按照“五化”退役军人服务中心、"
        "“新五有”退役军人服务站的建设要求，我们对有关单位开展了督导检查。现将检查情况通报如下。"
    ]


def _basics(briefing: Briefing) -> Told:
    visits, told = briefing.visits, briefing.told
    if visits.first is None or visits.last is None:
        yield "", f"{briefing.subject.period_name}尚未开展检查。"
        return
    days = f"{long_day(visits.first)}至{long_day(visits.last)}"
    coverage = told.reading.coverage
    yield (
        "",
        f"{days}，{visits.people}名检查员对照检查表，采取听、看、查、问、访的方式，实地检查了"
        f"{visits.stations}个单位；应检{coverage.total}个，已完成{coverage.audited}个。"
        f"{_scores(briefing)}{_lot(briefing.subject)}",
    )
    reading = told.reading
    yield (
        "",
        f"共发现问题{reading.denominator}项，已销号{reading.numerator}项，待复查"
        f"{reading.submitted}项，未整改{reading.open}项，挂账{reading.waived}项；"
        f"{_rate(reading)}（年度目标：完成{reading.lower}—{reading.upper}%以上问题）。",
    )


def _rate(reading: Reading) -> str:
    return rate_words(reading).replace(" ", "")


def _lot(subject: Subject) -> str:
    sown = seeds(subject)
    return f"受检单位由系统抽签确定，抽查种子：{sown}。" if sown else ""


def _scores(briefing: Briefing) -> str:
    spread, centre = briefing.told.scores, briefing.told.centre
    words = ""
    if spread.n:
        words = (
            f"服务站平均得分{mark(spread.mean)}分，中位数{mark(spread.median)}分，"
            f"最低{mark(spread.minimum)}分。"
        )
    if centre and centre.score is not None:
        words += f"区服务中心得分{mark(centre.score)}分。"
    return words


def _merits(briefing: Briefing) -> Told:
    best = briefing.ranked[:BEST]
    if best:
        listed = "、".join(f"{line.name}（{mark(line.total)}分）" for line in best)
        yield "", f"一是标准化建设稳步推进。得分靠前的有：{listed}。"
    regions = [one for one in briefing.regions if one.reading.band == "met"]
    if regions:
        listed = "、".join(f"{one.name}（{one.reading.printed}%）" for one in regions)
        yield "", f"二是整改落实有力。问题完成率达到目标的有：{listed}。"
    reading = briefing.told.reading
    first, closed = reading.first_pass, reading.stations_closed
    if reading.numerator:
        yield (
            "",
            f"{'三' if regions else '二'}是整改质量有保证。已销号的问题中，一次复查通过 "
            f"{first.numerator}项，占{first.printed}%；"
            f"{closed.numerator}个单位的问题已全部销号。",
        )
    if not best and not reading.numerator:
        yield "", "各单位正按要求开展自查和整改。"


def _faults(briefing: Briefing) -> Told:
    groups = groupby(briefing.faults, key=lambda fault: fault.section)
    number = 0
    for number, (section, faults) in enumerate(groups, 1):
        text = "".join(_fault(place, fault) for place, fault in enumerate(faults, 1))
        yield f"（{in_chinese(number)}）{section or '其他'}方面", text
    if briefing.overdue:
        number += 1
        late = briefing.told.overdue
        yield (
            f"（{in_chinese(number)}）整改时效方面",
            f"{late.findings}项问题逾期未整改，涉及{late.stations}个单位，"
            f"最长逾期{late.longest_days}天：{_listed(briefing.overdue)}。",
        )
    slow = [one for one in reversed(briefing.regions) if one.reading.band == "below"][:WORST]
    if slow:
        number += 1
        listed = "、".join(f"{one.name}（{one.reading.printed}%）" for one in slow)
        yield f"（{in_chinese(number)}）整改进度方面", f"问题完成率较低的有：{listed}。"
    if not number:
        yield "", "本期检查没有发现问题。"


def _fault(place: int, fault: Fault) -> str:
    return (
        f"{in_chinese(place)}是“{inside_quotes(fault.title)}”未达要求的有{len(fault.stations)}个单位"
        f"（共检查{fault.asked}个）：{_listed(fault.stations)}。"
    )


def inside_quotes(words: str) -> str:
    """“退役军人服务岗”标识 within quotation marks: ‘退役军人服务岗’标识."""
    return words.translate(str.maketrans("“”", "‘’"))


def _listed(names: Sequence[str]) -> str:
    more = f"等{len(names)}个单位" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def _demands(briefing: Briefing) -> Told:
    deadline, reading = briefing.deadline, briefing.told.reading
    by = f"，最迟于{long_day(deadline)}前完成" if deadline else ""
    yield (
        "",
        f"（一）逐项整改。各单位要对照问题清单，明确整改措施、责任人和完成时限{by}，"
        "整改后照片通过系统提交。",
    )
    short = reading.to_target
    goal = f"尚需销号{short}项方能达到目标，" if short else ""
    yield "", f"（二）严格复查。{goal}各街道要及时复查，复查通过的予以销号，不得自整自销。"
    yield (
        "",
        f"（三）举一反三。对共性问题要统一研究、统一解决。{briefing.subject.office}将于"
        f"{long_day(briefing.look_back)}前后组织“回头看”，对整改不到位、问题反复的予以通报。",
    )


def _closing(letter: Letter, subject: Subject) -> None:
    _text(letter, "")
    letter.line("附件：1. 得分排名表", indent=2, exact=LEADING)
    letter.line("　　　2. 尚未销号的问题清单", indent=2, exact=LEADING)
    _text(letter, "")
    _text(letter, "")
    letter.line(subject.office, align="right", exact=LEADING)
    letter.line(long_day(subject.today) + "　", align="right", exact=LEADING)


def _annex(letter: Letter, number: int, title: str) -> None:
    letter.new_page()
    letter.line(f"附件{number}", font=HEAD, align="left")
    letter.line(title, font=TITLE, size=18, align="centre", before=6, after=6)


def _ranking(letter: Letter, briefing: Briefing) -> None:
    _annex(letter, 1, "得分排名表")
    heads = ["排名", "街道", "单位", "总分", "等次", "问题数", "已销号", "整改率（%）"]
    rows = [_ranked(line) for line in briefing.ranked]
    rows += [_ranked(line) for line in briefing.lines if line.is_centre]
    letter.table(heads, [7, 13, 42, 9, 12, 9, 9, 12], rows, left=(2,))


def _ranked(line: StationLine) -> list[str]:
    reading = line.reading
    return [
        str(line.rank or "另列"), line.region, line.name, mark(line.total),
        "一票否决" if line.critical_failed else line.grade, str(reading.denominator),
        str(reading.numerator), reading.printed or BANDS[reading.band],
    ]  # fmt: skip


def _list(letter: Letter, briefing: Briefing) -> None:
    _annex(letter, 2, "尚未销号的问题清单")
    heads = ["序号", "单位", "检查项", "存在的问题", "整改期限", "状态"]
    told = (problem for problem in problems(briefing.subject) if problem.finding.status != "closed")
    rows = (
        [
            str(number), problem.station, problem.finding.title, problem.finding.note,
            slashed(problem.finding.due_on), problem.status,
        ]
        for number, problem in enumerate(told, 1)
    )  # fmt: skip
    letter.table(heads, [6, 29, 23, 29, 16, 11], rows, left=(1, 2, 3), size=XIAO_WU)
