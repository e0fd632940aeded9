"""The demonstration's year beside the inspections: what the target table is measured from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from audits.deadlines import SHANGHAI, local_day
from config.demo import chances
from stations.models import Station, User
from targets.models import (
    Activity,
    BudgetEntry,
    Commendation,
    PlanTask,
    SatisfactionSurvey,
    SurveyAnswer,
    TargetTable,
)
from targets.services import records, volunteers

Kind = Activity.Kind
DAY = dt.timedelta(days=1)
ANSWERS, TEAM = 64, 12
BUDGET_LINES, TASKS = 41, 34
STEPS = [5, 5, 5, 5, 4, 4, 4, 4, 4, 3, 5, 4, 4, 5, 2]
PLACES = ["区退役军人服务中心", "民治街道文化中心", "龙华文体广场", "观澜版画村", "大浪体育中心"]
EVENTS = [
    # kind, title, month, day, people
    (Kind.LECTURE, "优秀退役军人宣讲团进社区", 3, 20, 128),
    (Kind.VOLUNTEER, "红星志愿服务队应急救援培训", 5, 16, 86),
    (Kind.THEME, "端午主题欢庆活动", 6, 18, 150),
    (Kind.THEME, "“八一”主题教育活动", 7, 31, 210),
    (Kind.VOLUNTEER, "红星志愿者社会治理服务日", 8, 22, 174),
    (Kind.THEME, "9·3 抗战胜利纪念日观影", 9, 3, 180),
    (Kind.LECTURE, "宣讲团国防教育进校园", 10, 15, 224),
    (Kind.SELECTION, "优秀服务专干评选", 11, 10, 57),
    (Kind.VOLUNTEER, "红星志愿服务年终总结会", 12, 18, 120),
]
WORK = [
    "政治文化环境更新", "服务专干业务培训", "走访慰问", "英模画像更换", "荣誉墙更新", "台账抽查",
    "志愿服务队伍建设", "优待证办理回头看", "政策宣讲", "信访接待室整修",
]  # fmt: skip
SPENDING = [
    "宣传栏制作", "活动场地租用", "志愿者服装和物资", "训练营讲师费", "英模画像制作", "荣誉室布展",
    "志愿者保险", "宣传片制作", "高清显示设备", "后勤保障",
]  # fmt: skip
LATE_TASK = 17
LATE_WHY = "制作单位排期推迟"


def tell(*, bureau: User, stations: list[Station], now: dt.datetime) -> None:
    """Everything up to `now`; what is planned for later stays open."""
    today = local_day(now)
    table = TargetTable.objects.filter(year=today.year).first()
    if table is None:
        return
    _activities(table, bureau, today)
    _tasks(table, bureau, today)
    _budget(table, bureau, today)
    _survey(table, bureau, stations, today)
    _volunteers(table, bureau, today)


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(10), SHANGHAI)


def _day_of(year: int, number: float) -> dt.date:
    return dt.date(year, 1, 1) + dt.timedelta(days=int(number))


def _activities(table: TargetTable, bureau: User, today: dt.date) -> None:
    camps = [
        (Kind.CAMP, f"接访调解训练营第 {month} 期", month, 18, 24 + month) for month in range(1, 13)
    ]
    for kind, title, month, day, people in sorted([*EVENTS, *camps], key=lambda one: one[2:4]):
        planned = dt.date(table.year, month, day)
        place = chances.dice("place", title).choice(PLACES)
        done = {"held_on": planned, "place": place, "people": people} if planned < today else {}
        records.add(
            model=Activity, table=table, by=bureau, now=_at(min(planned, today)),
            values={"kind": kind, "title": title, "planned_on": planned, **done},
        )  # fmt: skip


def _tasks(table: TargetTable, bureau: User, today: dt.date) -> None:
    for number in range(TASKS):
        due = _day_of(table.year, 11 + 10 * number)
        done = due + 9 * DAY if number == LATE_TASK else due - (number % 4) * DAY
        values = {
            "title": f"{WORK[number % len(WORK)]}（第 {number // len(WORK) + 1} 批）",
            "owner": ["优抚科", "思想权益科", "服务中心"][number % 3],
            "due_on": due,
            "done_on": done if done < today else None,
            "note": LATE_WHY if number == LATE_TASK else "",
        }
        records.add(
            model=PlanTask,
            table=table,
            values=values,
            by=bureau,
            now=_at(min(due + 9 * DAY, today)),
        )


def _budget(table: TargetTable, bureau: User, today: dt.date) -> None:
    """Spread so that the last line of December would spend the last of it."""
    roll = chances.dice("budget", table.year)
    shares = [roll.randint(60, 160) for _ in range(BUDGET_LINES)]
    fen = table.year_amount * 10_000  # yuan
    for number, share in enumerate(shares):
        day = _day_of(table.year, 7 + 8.6 * number)
        if day > today:
            return
        yuan = int(fen * share / sum(shares) / 100) * 100
        records.add(
            model=BudgetEntry, table=table, by=bureau, now=_at(day),
            values={
                "spent_on": day,
                "amount": Decimal(yuan) / 10_000,
                "purpose": SPENDING[number % len(SPENDING)],
                "document": f"演示-{table.year}-{number + 1:03d}",
            },
        )  # fmt: skip


def _survey(table: TargetTable, bureau: User, stations: list[Station], today: dt.date) -> None:
    opens, closes = dt.date(table.year, 1, 4), dt.date(table.year, 12, 20)
    survey = records.add(
        model=SatisfactionSurvey, table=table, by=bureau, now=_at(min(opens, today)),
        values={
            "title": f"{table.year} 年服务对象满意度调查（演示）", "opens_on": opens,
            "closes_on": closes,
        },
    )  # fmt: skip
    roll, where = chances.dice("survey", table.year), chances.dice("where", table.year)
    days = max(0, (min(today, closes) - opens).days)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            survey=survey,
            station=where.choice(stations),
            step=roll.choice(STEPS),
            answered_on=opens + days * number // ANSWERS * DAY,
        )
        for number in range(ANSWERS if today >= opens else 0)
    )


def _volunteers(table: TargetTable, bureau: User, today: dt.date) -> None:
    for number in range(1, TEAM + 1):
        one = volunteers.add_volunteer(
            region=table.region, by=bureau, now=_at(today),
            values={
                "code": f"HX{number:03d}", "name": f"志愿者{number:02d}",
                "team": f"红星志愿服务{'一二三'[number % 3]}队", "joined_on": dt.date(2021, 3, 1),
            },
        )  # fmt: skip
        for kind, title, month, day, _people in EVENTS:
            served = dt.date(table.year, month, day)
            if kind == Kind.VOLUNTEER and served < today and (number + month) % 4:
                volunteers.add_service(
                    volunteer=one, served_on=served, hours=Decimal(2 + number % 3), what=title,
                    by=bureau, now=_at(served),
                )  # fmt: skip
        if number % 4 == 0 and one.points.exists():
            volunteers.redeem(
                volunteer=one, points=20, what="红星纪念水杯", by=bureau, now=_at(today)
            )
    _commend(table, bureau, today)


def _commend(table: TargetTable, bureau: User, today: dt.date) -> None:
    given = dt.date(table.year, 7, 31)
    if given > today:
        return
    for kind, recipient, title in (
        (Commendation.Kind.TEAM, "红星志愿服务一队", "优秀志愿服务队"),
        (Commendation.Kind.VOLUNTEER, "志愿者03", "五星志愿者"),
        (Commendation.Kind.STAFF, "观湖街道站服务专干", "优秀服务专干"),
    ):
        records.add(
            model=Commendation, table=table, by=bureau, now=_at(given),
            values={"kind": kind, "recipient": recipient, "title": title, "given_on": given},
        )  # fmt: skip
