"""Drawn evidence for the demonstration: `draw` gives the same picture for the same arguments."""

from collections.abc import Callable

from config.demo import boards, counters, entrances, papers, posters, rooms, walls
from config.demo.canvas import Canvas, Size
from config.demo.places import Place, Visit

Scene = Callable[[Place, Visit, str, str], Canvas]

DUTIES = posters.panels("工作职责", "工作制度", "办事流程", kind="mixed")
RULES = posters.panels("首问负责", "一次告知", "限时办结")
FLOWS = posters.panels("信访接待", "优抚帮扶", "就业创业", "光荣牌", kind="flow")
DISPLAYS = posters.panels("拥军优属", "服务保障", "红星志愿")
SLOGAN = "听党指挥 能打胜仗 作风优良"

SCENES: dict[str, tuple[Scene, str]] = {
    "A02": (posters.chart_of_stations, "三级服务网络分布图"),
    "A03": (entrances.outside, "区退役军人服务中心"),
    "A04": (entrances.pointer, "退役军人服务中心"),
    "A05": (counters.hall, "退役军人服务大厅"),
    "A06": (counters.window, "军人依法优先"),
    "A07": (rooms.meeting, "信访接待室"),
    "A08": (rooms.meeting, "老兵调解室"),
    "A09": (boards.honour, "荣誉墙"),
    "A10": (rooms.reading, "军人之家"),
    "A11": (rooms.convenience, "便民服务"),
    "A12": (boards.statements, "重要论述"),
    "A13": (boards.gallery, "活动图片"),
    "A14": (boards.statements, "强军思想"),
    "A15": (boards.slogan, SLOGAN),
    "A16": (walls.portraits, "英模画像"),
    "A17": (boards.noticeboard, "宣传栏"),
    "A18": (DISPLAYS, ""),
    "B03": (counters.screen, "视频会议"),
    "B04": (counters.screen, "致敬退役军人"),
    "B05": (posters.contact, "线上服务"),
    "B07": (posters.contact, "咨询电话"),
    "C01": (counters.window, "综合受理"),
    "C06": (entrances.doorway, "法律服务站"),
    "C08": (papers.activity, "红星志愿服务签到表"),
    "C09": (entrances.doorway, "老班长工作室"),
    "C10": (papers.activity, "主题活动签到表"),
    "D01": (posters.panels("工作职责"), ""),
    "D02": (RULES, ""),
    "D03": (FLOWS, ""),
    "D04": (posters.poster, "服务时间与监督电话"),
    "D05": (posters.staff, "工作人员公示"),
    "E05": (papers.activity, "接访调解训练营签到表"),
    "P04": (posters.staff, "工作人员公示"),
    "Q01": (entrances.outside, "退役军人服务站"),
    "Q02": (entrances.pointer, "退役军人服务站"),
    "Q03": (rooms.office, "退役军人服务站"),
    "Q04": (counters.window, "退役军人服务岗"),
    "Q05": (rooms.equipment, ""),
    "Q06": (rooms.meeting, "谈心调解室"),
    "Q07": (boards.statements, "重要论述"),
    "Q08": (boards.slogan, SLOGAN),
    "Q09": (walls.portraits, "英模画像"),
    "Q10": (boards.gallery, "活动图片"),
    "Q11": (boards.noticeboard, "宣传栏"),
    "Q12": (boards.honour, "荣誉墙"),
    "Q13": (rooms.reading, "军人之家"),
    "Q14": (rooms.convenience, "便民服务"),
    "Q16": (DISPLAYS, ""),
    "R03": (posters.poster, "服务事项清单"),
    "R06": (posters.contact, "咨询电话"),
    "K01": (DUTIES, ""),
    "K06": (papers.activity, "红星志愿服务签到表"),
}

LEDGERS: dict[str, str] = {
    "A01": "机构批复文件",
    "B01": "信息采集核对表",
    "B02": "一人一档目录",
    "B06": "优待证申领登记簿",
    "B08": "档案借阅登记簿",
    "C02": "就业创业服务台账",
    "C03": "帮扶援助审批台账",
    "C04": "走访慰问台账",
    "C05": "常态化联系记录",
    "C07": "心理疏导服务记录",
    "C11": "社会力量合作名单",
    "D06": "来访接待登记簿",
    "D07": "矛盾纠纷排查台账",
    "D08": "服务对象花名册",
    "D09": "光荣牌悬挂台账",
    "D10": "立功喜报送达登记",
    "D11": "优抚对象变动表",
    "D12": "经费支出明细表",
    "D13": "资料归档目录",
    "D14": "问题整改台账",
    "E01": "人员编制一览表",
    "E02": "在岗登记表",
    "E03": "队伍结构登记表",
    "E04": "业务培训签到表",
    "E06": "政策抽问记录",
    "E07": "着装挂牌检查表",
    "E08": "服务专干评选表",
    "E09": "满意度调查汇总",
    "P01": "任命与分工文件",
    "P02": "服务专干名册",
    "P03": "AB岗人员名单",
    "P05": "在岗登记表",
    "P06": "联系队伍名单",
    "P07": "季度会议记录",
    "Q15": "工作经费明细表",
    "R01": "业务培训记录",
    "R02": "政策抽问记录",
    "R04": "系统操作记录",
    "R05": "接访调解参训记录",
    "K02": "年度任务清单",
    "K03": "走访慰问记录",
    "K04": "常态化联系记录",
    "K05": "困难帮扶台账",
    "K07": "矛盾纠纷排查表",
    "T01": "服务对象花名册",
    "T02": "一人一档目录",
    "T03": "来访接待登记簿",
    "T04": "走访慰问台账",
    "T05": "光荣牌悬挂台账",
    "T06": "立功喜报登记",
    "T07": "会议培训活动记录",
    "T08": "问题整改台账",
}


def draw(
    item_code: str,
    result: str,
    seed: int,
    *,
    stage: str = "before",
    visit: int = 0,
    size: Size = (1280, 960),
) -> bytes:
    """A JPEG of that size (4 : 3), marked 演示; `result` is pass, partial or fail.

    One seed is one place: its walls, floor, furniture and what is wrong there. Another `visit`
    is the same place from another spot and in other light; `stage` "after" is the same spot in
    other light.
    """
    scene, title = SCENES.get(item_code, (papers.ledger, LEDGERS.get(item_code, "工作台账")))
    place = Place.of(item_code, seed)
    inspector = Visit.of(item_code, seed, visit, stage, size)
    canvas = scene(place, inspector, result, title)
    return canvas.jpeg(inspector.shine())
