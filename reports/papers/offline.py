"""Pages of the archive: plain HTML that opens from a disk, everything people wrote escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from indicators import queries
from reports.papers.words import cell, long_day, mark, rate_words, slashed
from reports.queries.lots import lots
from reports.queries.problems import Problem
from reports.queries.subject import Subject
from reports.queries.tables import StationLine

STYLE = """:root{color-scheme:light dark;--ink:#191b1d;--soft:#62686f;--line:#c9c9c6;--sunk:#f5f5f3;--link:#9c1c21}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e8e8e6;--soft:#a3a8ae;--line:#4a4d51;--sunk:#26282b;--link:#f2918f}}
@media print{:root{color-scheme:light;--link:var(--ink)}a{text-decoration:none}tr,figure{break-inside:avoid}h2{break-after:avoid}}
body{font:16px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;margin:2rem auto;max-width:70rem;
padding:0 1rem;color:var(--ink);overflow-wrap:anywhere}h1{font-size:1.6rem;line-height:1.3}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}th,td{border:1px solid var(--line);padding:.35rem .6rem;text-align:left}
th{background:var(--sunk);white-space:nowrap}.facts th{width:7em}.k{white-space:nowrap}.n{text-align:right;white-space:nowrap}
figure{display:inline-block;margin:.5rem .8rem .5rem 0;max-width:100%}img{max-width:min(20rem,100%);max-height:20rem;display:block}
figcaption,.muted{color:var(--soft);font-size:.85rem}a{color:var(--link)}
@media (max-width:40rem){th,td{padding:.3rem .35rem}.k{white-space:normal}.index th{white-space:normal}.index .where{display:none}}
"""
READ_ME = """本压缩包为年度归档，可不联网查看：
index.html        总表，双击用浏览器打开
stations/         每个单位的得分、问题、整改前后照片
photos/           照片（带水印的副本；原始照片在系统的证据库及其备份中）
*.xlsx            问题整改台账、得分汇总
SHA256SUMS        每个文件的校验值，可用 sha256sum -c SHA256SUMS 核对
"""


@dataclass(frozen=True)
class Line:
    """`scored`: None for a station the period no longer counts, whose problems stay."""

    code: str
    region: str
    name: str
    scored: StationLine | None
    problems: int
    closed: int


def address(code: str) -> str:
    return f"stations/{code}.html"


def index(subject: Subject, lines: Sequence[Line]) -> str:
    title = f"{subject.period_name}{subject.place}服务站标准化检查归档"
    told = queries.overview(region=subject.region, period=subject.period, today=subject.today)
    rows = format_html_join(
        "", '<tr><td class="k where">{}</td><td><a href="{}">{}</a></td><td class="n">{}</td>'
        '<td class="k">{}</td><td class="n">{}</td><td class="n">{}</td></tr>',
        (
            (one.region, address(one.code), one.name, *_score(one.scored), one.problems, one.closed)
            for one in lines
        ),
    )  # fmt: skip
    coverage, spread = told.reading.coverage, told.scores
    body = format_html(
        "<p>{}；检查覆盖 {}/{}；服务站均分 {}（{}/{}）。</p>"
        '<p><a href="问题整改台账.xlsx">问题整改台账</a>　<a href="得分汇总.xlsx">得分汇总</a></p>'
        '<h2>各单位</h2><table class="index"><thead><tr><th class="where">街道</th><th>单位</th>'
        '<th class="n">得分</th><th>等次</th><th class="n">问题数</th><th class="n">已销号</th></tr></thead><tbody>{}</tbody></table>{}',
        rate_words(told.reading), coverage.audited, coverage.total, cell(spread.mean), spread.n,
        spread.total, rows, _lots(subject),
    )  # fmt: skip
    return page(title, body, f"归档日期：{long_day(subject.today)}", "style.css")


def _lots(subject: Subject) -> SafeString:
    """What each 抽查 was drawn with, so that it can be done again."""
    rows = format_html_join(
        "", '<tr><td>{}</td><td>{}</td><td>{}</td><td class="n">{}</td><td class="n">{}</td></tr>',
        ((one.round, one.seed, slashed(one.drawn_on), one.frame, one.chosen) for one in lots(subject)),
    )  # fmt: skip
    if not rows:
        return rows
    return format_html(
        "<h2>抽查</h2><table><thead><tr><th>轮次</th><th>种子</th><th>抽取日期</th>"
        '<th class="n">可抽单位</th><th class="n">抽中单位</th></tr></thead><tbody>{}</tbody></table>',
        rows,
    )


Page = tuple[Problem, list[str], list[str]]


def station(subject: Subject, name: str, scored: StationLine | None, told: Sequence[Page]) -> str:
    body = format_html_join(
        "", "{}", ((_problem(problem, before, after),) for problem, before, after in told)
    )
    closed = sum(problem.finding.status == "closed" for problem, _before, _after in told)
    back = format_html(
        '<p>{}<a href="../index.html">返回总表</a></p>{}{}',
        f"发现问题 {len(told)} 个，已销号 {closed} 个。" if told else _why_none(scored),
        _scores(scored), body,
    )  # fmt: skip
    return page(name, back, subject.period_name, "../style.css")


def _why_none(scored: StationLine | None) -> str:
    """Not having been inspected is no clean sheet."""
    return "检查未发现问题。" if scored and scored.is_audited else "本期未检查，没有问题记录。"


def _score(scored: StationLine | None) -> tuple[str, str]:
    """Total and grade; of a station not inspected, that."""
    if scored is None or (scored.total is None and not scored.is_audited):
        return "—", "未检查" if scored else ""
    refused = "（一票否决）" if scored.critical_failed else ""
    return mark(scored.total), f"{scored.grade}{refused}"


def _scores(scored: StationLine | None) -> SafeString | str:
    asked = [one for one in scored.cells if one.value is not None] if scored else []
    if not asked:
        return ""
    total, grade = _score(scored)
    facts = [("得分", total), ("等次", grade), *((one.title, mark(one.value)) for one in asked)]
    return format_html('<table class="facts">{}</table>', _rows(facts))


def _rows(facts: Sequence[tuple[str, object]]) -> SafeString:
    return format_html_join("", "<tr><th>{}</th><td>{}</td></tr>", facts)


def _problem(problem: Problem, before: list[str], after: list[str]) -> SafeString:
    finding = problem.finding
    facts = [
        ("问题编号", finding.pk),
        ("存在的问题", finding.note),
        ("严重程度", problem.severity),
        ("检查批次", f"{problem.round_name}　{slashed(problem.found_on)}"),
        ("整改期限", slashed(finding.due_on)),
        ("整改状态", problem.status),
        ("整改措施", problem.measure or "—"),
        ("销号时间", slashed(problem.closed_on) or "—"),
    ]
    title = f"{finding.item_code} {finding.title}"
    pictures = [*_figures("整改前", before), *_figures("整改后", after)]
    shown = format_html_join(
        "", '<figure><a href="{0}"><img src="{0}" alt="{1}" loading="lazy"></a>'
        "<figcaption>{1}</figcaption></figure>", pictures,
    )  # fmt: skip
    return format_html('<h2>{}</h2><table class="facts">{}</table>{}', title, _rows(facts), shown)


def _figures(words: str, names: Sequence[str]) -> list[tuple[str, str]]:
    return [(f"../{name}", words) for name in names]


def page(title: str, body: SafeString, below: str, style: str) -> str:
    return format_html(
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{0}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="stylesheet" href="{3}">'
        '</head><body><h1>{0}</h1><p class="muted">{2}</p>{1}</body></html>\n',
        title, body, below, style,
    )  # fmt: skip
