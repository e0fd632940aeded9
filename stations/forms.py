"""What the register's pages take in: parsed here, judged by the services."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations import access, actions
from stations.models import Region, Station, User
from stations.refusals import Refusal
from stations.services import accounts
from stations.services.places import NewStation
from stations.sheets import CODE


class TextInput(forms.TextInput):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "input"} | (attrs or {}))


class NumberInput(TextInput):
    def __init__(self) -> None:
        super().__init__({"inputmode": "decimal"})


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__({"class": "input input--narrow"}, format="%Y-%m-%d")


def refused(form: forms.Form, refusal: Refusal) -> None:
    """A service's no, beside the field it names."""
    if not refusal.errors:
        form.add_error(None, refusal.message)
    for error in refusal.errors:
        name = error["field"] if error["field"] in form.fields else None
        form.add_error(name, error["message"])


def text(label: Any, limit: int, *, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=limit, required=required, help_text=hint, widget=TextInput
    )


class CodesField(forms.Field):
    """Regions or stations by code: ticked one by one, or written one a line where there are too
    many to tick."""

    default_error_messages = {
        "unknown": gettext_lazy("没有“%(code)s”，或不在您的范围内。"),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.SelectMultiple, **options)
        self.queryset: QuerySet[Any] = Station.objects.none()

    def clean(self, value: Any) -> list[Any]:
        codes = [code for part in value or [] for code in re.split(r"[\s,，;；、]+", part) if code]
        sound = [code for code in codes if CODE.fullmatch(code)]
        found = {row.code: row for row in self.queryset.filter(code__in=sound)}
        for code in codes:
            if code not in found:
                words = self.error_messages["unknown"]
                raise forms.ValidationError(words, "unknown", params={"code": code[:24]})
        return [found[code] for code in dict.fromkeys(codes)]


class ScopeForm(forms.Form):
    display_name = text(
        gettext_lazy("姓名或岗位"), 40, hint=gettext_lazy("显示在任务、问题和记录里")
    )
    role = forms.ChoiceField(label=gettext_lazy("角色"))
    regions = CodesField(label=gettext_lazy("管辖区划"))
    stations = CodesField(label=gettext_lazy("负责的服务站"))

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        grantable = [(r.value, r.label) for r in User.Role if access.may_grant(by, r)]
        self.fields["role"].choices = grantable  # type: ignore[attr-defined]
        regions = accounts.grantable_regions(by).order_by("path")
        stations = accounts.grantable_stations(by).select_related("region")
        self.fields["regions"].queryset = regions  # type: ignore[attr-defined]
        self.fields["regions"].offered = accounts.offered_regions(by)  # type: ignore[attr-defined]
        self.fields["stations"].queryset = stations.order_by("region__path", "code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What the chosen role does not have is not sent: the page only hides it."""
        given = super().clean() or {}
        role = given.get("role")
        if role not in accounts.BY_REGION:
            given["regions"] = []
        if role != User.Role.STATION_HEAD:
            given["stations"] = []
        return given


class AccountForm(ScopeForm):
    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=gettext_lazy("登录用，定了不能改。字母、数字和 @ . + - _"),
        widget=TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ["username", "display_name", "role", "regions", "stations"]


class PeopleFilter(forms.Form):
    """What is not understood is not applied."""

    q = forms.CharField(required=False, max_length=60)
    role = forms.ChoiceField(required=False, choices=[("", ""), *User.Role.choices])
    state = forms.ChoiceField(
        required=False, choices=[(s, s) for s in ("", "active", "first", "disabled")]
    )


class StationsFilter(forms.Form):
    q = forms.CharField(required=False, max_length=60)
    region = forms.CharField(required=False, max_length=12)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *Station.Kind.choices])
    closed = forms.BooleanField(required=False)


class NewStationForm(forms.Form):
    code = text(
        gettext_lazy("编码"),
        24,
        hint=gettext_lazy("区划代码加序号，如 440309001-W07。以后不能改。"),
    )
    name_zh = text(gettext_lazy("名称"), 80)
    name_en = text(gettext_lazy("英文名称"), 120, required=False)
    community_zh = text(gettext_lazy("社区"), 40, required=False)

    def new_station(self) -> NewStation:
        names = ("code", "name_zh", "name_en", "community_zh")
        return NewStation(**{name: self.cleaned_data[name] for name in names})


class OpenForm(NewStationForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=Station.Kind.choices, initial=Station.Kind.COMMUNITY
    )
    region = forms.ModelChoiceField(
        Region.objects.none(), label=gettext_lazy("区划"), to_field_name="code"
    )
    opened_on = forms.DateField(label=gettext_lazy("成立日期"), widget=DayInput)
    field_order = ["code", "name_zh", "name_en", "kind", "region", "community_zh", "opened_on"]

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        reached = Region.objects.visible_to(by).order_by("path")
        self.fields["region"].queryset = reached  # type: ignore[attr-defined]


class RenameForm(forms.Form):
    name_zh = text(gettext_lazy("新名称"), 80)
    name_en = text(gettext_lazy("英文名称"), 120, required=False)
    community_zh = text(gettext_lazy("社区"), 40, required=False)
    on = forms.DateField(
        label=gettext_lazy("更名日期"),
        widget=DayInput,
        help_text=gettext_lazy("原名称保留在沿革里，以前的检查仍按原名称显示。"),
    )


class CloseForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("撤销日期"),
        widget=DayInput,
        help_text=gettext_lazy("从这天起不再计入站数和覆盖率；以前的检查和问题都保留。"),
    )


class ContactForm(forms.Form):
    address = text(gettext_lazy("地址"), 120, required=False)
    phone = text(gettext_lazy("电话"), 40, required=False)
    opening_hours = text(gettext_lazy("服务时间"), 80, required=False)
    latitude = forms.DecimalField(
        label=gettext_lazy("纬度"), required=False, min_value=-90, max_value=90,
        max_digits=8, decimal_places=5, widget=NumberInput,
    )  # fmt: skip
    longitude = forms.DecimalField(
        label=gettext_lazy("经度"), required=False, min_value=-180, max_value=180,
        max_digits=8, decimal_places=5, widget=NumberInput,
    )  # fmt: skip


class SplitForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("拆分日期"), widget=DayInput)
    into: Any = forms.CharField(
        label=gettext_lazy("新站，一行一个"),
        widget=forms.Textarea({"class": "input input--area", "rows": 4}),
        max_length=4000,
        help_text=gettext_lazy(
            "编码，空格，名称；至少两行。如：440309001-W07 观城北社区退役军人服务站"
        ),
    )

    def clean_into(self) -> list[NewStation]:
        return [
            _new_station(line) for line in self.cleaned_data["into"].splitlines() if line.strip()
        ]


def _new_station(line: str) -> NewStation:
    code, name = [*line.split(maxsplit=1), "", ""][:2]  # a space, or the tab of a spreadsheet
    if not CODE.fullmatch(code) or not name.strip() or len(name.strip()) > 80:
        words = _("“%(line)s”不是“编码 名称”。") % {"line": line.strip()[:40]}
        raise forms.ValidationError(words)
    found = re.search(r".*(?:街道|区)(.{1,30}社区)", name)
    return NewStation(code, name.strip(), community_zh=found.group(1) if found else "")


class MergeForm(forms.Form):
    """Into a station that is there, or into a new one."""

    on = forms.DateField(label=gettext_lazy("合并日期"), widget=DayInput)
    others = CodesField(label=gettext_lazy("一并合并的站"))
    into = forms.ModelChoiceField(
        Station.objects.none(),
        label=gettext_lazy("并入已有的站"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("另立新站"),
    )
    code = text(gettext_lazy("新站编码"), 24, required=False)
    name_zh = text(gettext_lazy("新站名称"), 80, required=False)
    community_zh = text(gettext_lazy("新站社区"), 40, required=False)

    def __init__(
        self, *args: Any, by: User, station: Station, today: dt.date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        same = Station.objects.visible_to(by).real().open_on(today).filter(kind=station.kind)
        others = same.exclude(pk=station.pk).order_by("region__path", "code")
        self.fields["into"].queryset = others  # type: ignore[attr-defined]
        self.fields["others"].queryset = others.select_related("region")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("into"):
            for name in ("code", "name_zh"):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, _("另立新站时必填。"))
        return given

    def target(self) -> Station | NewStation:
        given = self.cleaned_data
        return given["into"] or NewStation(
            given["code"], given["name_zh"], community_zh=given["community_zh"]
        )


class ImportForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("CSV 文件"), max_length=200, allow_empty_file=True)


def picks(field: forms.BoundField, limit: int = 400) -> Sequence[dict[str, Any]] | None:
    """Groups of boxes to tick, by region; None where there are too many of them. What is chosen
    already is among them even where nobody would be offered it anew."""
    queryset = field.field.queryset  # type: ignore[attr-defined]
    chosen = set(field.value() or [])
    if (offered := getattr(field.field, "offered", None)) is not None:
        queryset = (offered | queryset.filter(code__in=chosen)).order_by("path")
    rows = list(queryset[: limit + 1])
    if len(rows) > limit:
        return None
    groups: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = row.region.name if isinstance(row, Station) else ""
        group = groups.setdefault(name, {"name": name, "rows": [], "chosen": 0})
        group["rows"].append({"row": row, "is_chosen": row.code in chosen})
        group["chosen"] += row.code in chosen
    return list(groups.values())


class HistoryFilter(forms.Form):
    q = forms.CharField(required=False, max_length=60)
    area = forms.ChoiceField(required=False, choices=[("", ""), *actions.AREAS.items()])
    day = forms.DateField(required=False)
    failed = forms.BooleanField(required=False)
