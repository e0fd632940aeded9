"""修改草稿: one section at a time; each form carries the hash of the draft it was shown from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from checklists.models import ChecklistVersion, Item
from checklists.pages.versions import reached
from checklists.services import editing, publishing
from stations.pages.doors import person_who
from stations.refusals import Refusal

TEXTS = ("title_zh", "guidance", "photo_rule")


@login_required
@require_POST
def begin(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = reached(request, slug, number)
    by = person_who(request, "checklists.write")
    draft = editing.begin_draft(version=version, by=by, now=timezone.now())
    messages.success(request, _("已起草版本 %(number)s。") % {"number": draft.number})
    return redirect("desk-checklist-edit", slug=slug, number=draft.number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = reached(request, slug, number)
    by = person_who(request, "checklists.write")
    if version.status != ChecklistVersion.Status.DRAFT:
        return redirect("desk-checklist", slug=slug, number=number)
    sections = [
        {"code": one.code, "title": one.title_zh, "items": list(one.items.all())}
        for one in version.sections.order_by("order").prefetch_related("items")
    ]
    given: dict[str, Any] = {"errors": {}}
    if request.method == "POST":
        try:
            editing.edit_draft(
                version=version,
                sections=_arranged(request.POST, list(_told(request.POST, sections))),
                seen=request.POST.get("seen", ""),
                by=by,
                now=timezone.now(),
            )
        except Refusal as refusal:
            given = {
                "refusal": refusal,
                "errors": {e["field"]: e["message"] for e in refusal.errors},
            }
        else:
            messages.success(request, _("已保存。"))
            at = request.POST.get("section", "")[:8]
            return redirect(f"{request.path}#s-{at}")
    status = 200 if request.method != "POST" else 400
    return render(request, "checklists/edit.html", given | _shown(request, version, sections), status=status)  # fmt: skip


def _shown(
    request: HttpRequest, version: ChecklistVersion, sections: list[dict[str, Any]]
) -> dict[str, Any]:
    """What was typed stays in its fields when it could not be taken."""
    for one in sections:
        one["points"] = sum((item.points for item in one["items"]), Decimal(0))
        if request.method == "POST" and one["code"] == request.POST.get("section"):
            one["title"] = request.POST.get("title", "")
            for item in one["items"]:
                _retyped(request.POST, item)
    return {
        "version": version,
        "sections": sections,
        "total": sum((one["points"] for one in sections), Decimal(0)),
        "seen": request.POST.get("seen") or publishing.content_hash(version),
        "rules": Item.PhotoRule.choices,
    }


def _retyped(form: Any, item: Item) -> None:
    item.title_zh = form.get(f"title_zh.{item.code}", item.title_zh)
    item.guidance = form.get(f"guidance.{item.code}", item.guidance)
    item.photo_rule = form.get(f"photo_rule.{item.code}", item.photo_rule)
    item.points = form.get(f"points.{item.code}", item.points)
    item.is_critical = f"critical.{item.code}" in form


def _arranged(form: Any, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The section the form is of at the place it names, or gone; a new one comes last."""
    edited = form.get("section", "")
    if not edited:
        return [*told, {"title_zh": form.get("title", ""), "items": []}]
    own = [one for one in told if one["code"] == edited]
    rest = [one for one in told if one["code"] != edited]
    if "drop" in form:
        return rest
    usual = told.index(own[0]) + 1 if own else 1
    place = int(min(max(_number(form.get("place"), usual), Decimal(1)), Decimal(len(told))))
    return [*rest[: place - 1], *own, *rest[place - 1 :]]


def _told(form: Any, sections: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every section in order; the one the form is of with its items as the form tells them, and
    those it gives away at the end of the section they go to."""
    edited = form.get("section", "")
    moved: dict[str, list[dict[str, Any]]] = {}
    staying: list[tuple[Decimal, dict[str, Any]]] = []
    for section in sections:
        for at, item in enumerate(section["items"] if section["code"] == edited else ()):
            if f"drop.{item.code}" in form:
                continue
            told = _item(form, item.code)
            target = form.get(f"section.{item.code}", edited)
            if target != edited:
                moved.setdefault(target, []).append(told)
            else:
                staying.append((_number(form.get(f"order.{item.code}"), at + 1), told))
    if form.get("new.title", "").strip():
        new = {"title_zh": form["new.title"], "points": _points(form.get("new.points", ""))}
        staying.append((Decimal(10_000), new))
    for section in sections:
        code, items = section["code"], [{"code": item.code} for item in section["items"]]
        if code == edited:
            items = [told for _order, told in sorted(staying, key=lambda pair: pair[0])]
            yield {"code": code, "title_zh": form.get("title", ""), "items": items}
        else:
            yield {"code": code, "items": items + moved.pop(code, [])}
    for code, items in moved.items():  # there is no such section: refused, not lost
        yield {"code": code, "items": items}


def _item(form: Any, code: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: form[f"{name}.{code}"] for name in TEXTS if f"{name}.{code}" in form
    }
    if f"points.{code}" in form:
        told["points"] = _points(form[f"points.{code}"])
        told["is_critical"] = f"critical.{code}" in form
    return {"code": code, **told}


def _points(text: str) -> Decimal | str:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return text
    return value if value.is_finite() else text


def _number(text: str | None, otherwise: int) -> Decimal:
    try:
        value = Decimal(text or "")
    except InvalidOperation:
        return Decimal(otherwise)
    return value if value.is_finite() else Decimal(otherwise)
