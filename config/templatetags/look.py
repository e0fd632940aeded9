"""Icons, status words and drawn figures. Lengths are SVG attributes: the CSP allows no style."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe

from audits.scoring import printed, rounded
from config.status import TABLE, look_up
from indicators.templatetags.figures import address, brief_name

register = template.Library()

Number = int | Decimal | Fraction
RING = Decimal("138.23")  # circumference of the ring's circle, r = 22
FILLS = {"hatch": 'fill="url(#hatch)"', "dots": 'fill="url(#dots)"'}


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """{% icon "check" %}; size "s" or "l"; with a label it is read aloud, else hidden."""
    css = f"i i--{size}" if size else "i"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="#i-{}"/></svg>', css, label, name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', css, name)


@register.simple_tag
def chip(kind: str, value: str | None, size: str = "", word: str = "") -> SafeString:
    """{% chip "finding" finding.status %}: word, shape, ground. `word` where the record has its
    own, as the grades of a checklist version do."""
    found = look_up(kind, value)
    css = f"chip chip--{found.tone}" + (f" chip--{size}" if size else "")
    return format_html('<span class="{}">{}{}</span>', css, icon(found.icon), word or found.word)


@register.simple_tag
def status(kind: str, value: str | None) -> SafeString:
    """{% status "result" answer.result %}: the same without ground, for tables."""
    found = look_up(kind, value)
    tone = "none" if found.tone == "line" else found.tone
    return format_html('<span class="st t-{}">{}{}</span>', tone, icon(found.icon), found.word)


@register.simple_tag
def status_icon(kind: str, value: str | None) -> SafeString:
    """The shape with its word read aloud: where a line has no room for both."""
    found = look_up(kind, value)
    return icon(found.icon, "s", str(found.word))


@register.simple_tag
def status_json(*kinds: str) -> SafeString:
    """The same table for a page's modules: {kind: {value: {word, icon, tone}}}."""
    table = {
        kind: {value: one._asdict() | {"word": str(one.word)} for value, one in TABLE[kind].items()}
        for kind in kinds
    }
    return json_script(table, "statuses")


@register.simple_tag
def event_dot(kind: str) -> SafeString:
    """The dot of one line of a timeline; the list item takes `is-{{ tone }}` from event_tone."""
    return format_html('<span class="timeline__dot">{}</span>', icon(look_up("event", kind).icon))


@register.filter
def event_tone(kind: str) -> str:
    return look_up("event", kind).tone


@register.filter
def event_word(kind: str) -> Any:
    return look_up("event", kind).word


@register.inclusion_tag("look/ring.html")
def ring(done: int, total: int, is_over: bool | None = None) -> dict[str, Any]:
    """{% ring task.answered task.items %}; the tick stands for full, or for `is_over` if given."""
    share = Decimal(done) / total if total else Decimal(0)
    return {
        "done": done,
        "total": total,
        "percent": int(100 * share),
        "dash": f"{(RING * share).quantize(Decimal('0.1'))} {RING}",
        "is_full": bool(total) and done >= total if is_over is None else is_over,
        "is_empty": done == 0,
    }


@register.simple_tag
def bar(value: Number | None, tone: str = "none", height: int = 8, top: Number = 100) -> SafeString:
    """{% bar score %}: one solid bar, 0 to `top`."""
    share = _percent(value or 0, top)
    return format_html(
        '<svg class="bar" height="{0}" width="100%" aria-hidden="true">'
        '<rect class="g-track" width="100%" height="{0}" rx="{1}"/>'
        '<rect class="g-{2}" width="{3}%" height="{0}" rx="{1}"/></svg>',
        height, height // 2, tone, share,
    )  # fmt: skip


@register.simple_tag
def stackbar(height: int = 12, **parts: int) -> SafeString:
    """{% stackbar ok=46 hatch=3 dots=7 bad=1 %}: parts of a whole, in the order given."""
    total = sum(parts.values())
    drawn, done = [], Decimal(0)
    for tone, count in parts.items():
        width = _percent(count, total) if total else Decimal(0)
        if count:
            drawn.append((done, width, height, mark_safe(_fill(tone))))  # noqa: S308
        done += width
    return format_html(
        '<svg class="bar" height="{0}" width="100%" aria-hidden="true">{1}'
        '<rect class="g-edge" width="100%" height="{0}"/></svg>',
        height,
        format_html_join("", '<rect x="{}%" width="{}%" height="{}" {}/>', drawn),
    )


@register.simple_tag
def key(tone: str) -> SafeString:
    """The small square of a legend, in the same fill as its bar."""
    return format_html(
        '<svg class="key" viewBox="0 0 16 12" aria-hidden="true"><rect width="16" height="12" {}/>'
        '<rect width="15" height="11" x=".5" y=".5" class="g-edge"/></svg>',
        mark_safe(_fill(tone)),  # noqa: S308
    )


@register.inclusion_tag("look/meter.html")
def meter(effect: Mapping[str, Any]) -> dict[str, Any]:
    """The effect indicator: the three parts are the bar, the band lies behind, the lines cross it.
    `effect` is what the API returns: numerator, denominator, submitted, lower, upper."""
    done, total = effect["numerator"], effect["denominator"]
    lower, upper = effect["lower"], effect["upper"]
    value = _percent(done, total) if total else None
    square = min(value or Decimal(0), Decimal(2))  # from here on the bar has no round corner
    return {
        "effect": effect,
        "value": value,
        "shown": printed(Fraction(100 * done, total), (lower, upper)) if total else "",
        "square": square,
        "rest": (value or Decimal(0)) - square,
        "waiting": _percent(effect.get("submitted", 0), total) if total else 0,
        "is_label_left": value is None or 2 * value >= lower + upper,
        "lower": lower,
        "upper": upper,
        "width": upper - lower,
        "ticks": [n for n in (20, 40, 60) if abs(n - lower) > 8],
    }


@register.inclusion_tag("look/bandbar.html")
def bandbar(numerator: int, denominator: int, lower: int = 70, upper: int = 80) -> dict[str, Any]:
    """One line of the subdistrict comparison: a bar with the band's two lines."""
    value = _percent(numerator, denominator) if denominator else Decimal(0)
    return {"value": value, "lower": lower, "upper": upper, "width": upper - lower}


@register.simple_tag
def heatcell(score: Number | None, url: str = "", title: str = "") -> SafeString:
    """One cell of the heat table; the printed number is floored, so no cell crosses a line."""
    if score is None:
        return format_html('<td class="lv-0"><span title="{}">—</span></td>', title)
    whole = int(score)
    shown = f'<a href="{escape(url)}" title="{escape(title)}">{whole}</a>' if url else whole
    return mark_safe(f'<td class="{heat(whole)}">{shown}</td>')  # noqa: S308 - quicker: hundreds


@register.simple_tag
def heatcells(row: Any, lens: Any) -> SafeString:
    """A row of a heat table without its head: of a station each cell opens its section."""
    score = "value_today" if lens.is_today else "value"
    drawn = [
        heatcell(getattr(cell, score), _behind(row, lens, cell), cell.title) for cell in row.cells
    ]
    return mark_safe("".join(drawn))  # noqa: S308 - each one is


def _behind(row: Any, lens: Any, cell: Any) -> str:
    if row.kind == "region":
        return address("overview", lens, region=row.code)
    return address("station-score", lens, row.code, section=cell.code, anchor=cell.code)


@register.simple_tag
def heatrow(row: Any, lens: Any) -> SafeString:
    """A row of a heat table under the head of its subdistrict."""
    if row.kind == "region":
        url, name = address("overview", lens, region=row.code), row.name
    else:
        url, name = address("station-score", lens, row.code), brief_name(row)
    return format_html(
        '<tr{}><th scope="row" title="{}"><a href="{}">{}</a></th>\n      {}</tr>',
        mark_safe(' class="is-sub"' if row.kind == "subdistrict" else ""),  # noqa: S308
        row.name, url, name, heatcells(row, lens),
    )  # fmt: skip


@register.filter
def figure(value: Number | None) -> str:
    """A score as printed where no line is near: one decimal, — where nothing applies."""
    return "—" if value is None else str(printed(Fraction(value)))


@register.filter
def points(value: Decimal | None) -> str:
    """Points without idle zeros: 3, 1.5."""
    return "" if value is None else f"{value.normalize():f}"


@register.filter
def heat(score: Number | None) -> str:
    """The heat step of a score: lv-1 (≥ 90) … lv-4 (< 70), lv-0 for none."""
    if score is None:
        return "lv-0"
    return "lv-" + str(1 + sum(score < line for line in (90, 80, 70)))


def _percent(part: Number, whole: Number) -> Decimal:
    share = Fraction(part) * 100 / Fraction(whole) if whole else Fraction(0)
    return Decimal(rounded(min(max(share, Fraction(0)), Fraction(100)), 3))


def _fill(tone: str) -> str:
    return FILLS.get(tone) or f'class="g-{tone}"'
