"""One sheet as long as they come: sixty items in one section, given to one inspector."""

from __future__ import annotations

from typing import Any

import yaml
from django.core.management import call_command
from django.utils import timezone

from audits.models import Assignment
from bench.inside import stage
from checklists.services import loading, publishing
from stations.models import Region, Station

ITEMS = 60


def main() -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    region = Region.objects.create(
        code="440309", name_zh="龙华区", level="district", path="440309/"
    )
    Station.objects.create(
        code="440309-W01", name_zh="龙华区民治街道退役军人服务站", kind="subdistrict", region=region
    )
    version, bureau = _sheet(), stage.person("bureau", "bench-bureau")
    bureau.regions.set([region])
    stage.person("inspector", "bench-inspector")
    [task] = stage.assigned(bureau, 1)
    Assignment.objects.update(version=version, item_count=ITEMS)
    return {"assignment": task.pk, "username": "bench-inspector"}


def _sheet() -> Any:
    items = [
        {
            "id": f"X{n:02d}", "item_zh": f"第{n}条，现场查看并与台账核对",
            "pass": "名称规范、显眼、完好，与实际一致", "weight": 1 if n > 40 else 2, "photo": "required",
            "evidence": "photo",
        }
        for n in range(1, ITEMS + 1)
    ]  # fmt: skip
    section = {"id": "X", "title_zh": "全部", "weight": 100, "items": items}
    told = {"id": "bench-60", "title_zh": "六十项检查表", "applies_to": ["subdistrict"],
            "sections": [section]}  # fmt: skip
    content = yaml.safe_dump(told, allow_unicode=True).encode()
    now = timezone.now()
    draft = loading.load_yaml(content=content, filename="bench.yaml", by=None, now=now)
    return publishing.publish_version(version=draft, by=None, now=now)
