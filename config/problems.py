"""Every error of the API as RFC 9457 problem+json; every refusal's words come from where it is."""

from __future__ import annotations

import errno
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response

from stations.refusals import FieldError, Refusal

CONTENT_TYPE = "application/problem+json"
API = "/api/"
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None lets the error through: a defect, logged, page 500."""
    refusal = _as_refusal(error)
    if refusal is None:
        return None
    response = Response(
        body(refusal), status=refusal.status, headers=_headers(error, context["request"])
    )
    response.content_type = CONTENT_TYPE
    return response


def body(refusal: Refusal) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "type": f"urn:problem:{refusal.code}",
        "title": title(refusal.status),
        "status": refusal.status,
        "detail": refusal.message,
        "code": refusal.code,
    }
    if refusal.errors:
        problem["errors"] = refusal.errors
    return problem | refusal.extra


def title(status: int) -> str:
    return {
        400: _("内容有误"),
        401: _("请先登录"),
        403: _("没有权限"),
        404: _("没有找到"),
        405: _("不支持这种操作"),
        409: _("与现状不符"),
        413: _("文件太大"),
        415: _("不支持这种格式"),
        429: _("操作太频繁"),
        503: _("系统正忙"),
        507: _("服务器存不下"),
    }.get(status, _("出错了"))


def _as_refusal(error: Exception) -> Refusal | None:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Http404):
        return Refusal("not_found", _("没有找到，或不在您的范围内。"), status=404)
    if isinstance(error, PermissionDenied):
        return Refusal("not_allowed", _("您的角色不能做这一步。"), status=403)
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    if isinstance(error, exceptions.APIException):
        return _from_rest(error)
    if isinstance(error, RequestDataTooBig | TooManyFilesSent):
        return Refusal("too_large", _("内容太大。"), status=413)
    if isinstance(error, UnreadablePostError):
        return Refusal("cut_off", _("内容没有传完，请重试。"))
    if isinstance(error, OperationalError):
        return Refusal("busy", _("系统正忙，请稍后再试。"), status=503)
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return Refusal("storage_full", _("服务器暂时存不下，请稍后重试。"), status=507)
    return None


def _from_rest(error: exceptions.APIException) -> Refusal:
    code = error.detail.code if isinstance(error.detail, exceptions.ErrorDetail) else None
    message = str(error.detail) if isinstance(error.detail, str) else str(error.default_detail)
    return Refusal(str(code or error.default_code), message, status=error.status_code)


def _invalid(error: exceptions.ValidationError) -> Refusal:
    errors = list(flatten(error.detail))
    first = errors[0]["message"] if errors else _("内容有误。")
    return Refusal("invalid", first, errors=errors)


def flatten(detail: Any, field: str = "") -> list[FieldError]:
    if isinstance(detail, dict):
        parts = [
            (f"{field}.{name}" if field else str(name), value) for name, value in detail.items()
        ]
        return [error for name, value in parts for error in flatten(value, name)]
    if isinstance(detail, list):
        nested = any(isinstance(value, dict | list) for value in detail)
        return [
            error
            for number, value in enumerate(detail)
            for error in flatten(value, f"{field}[{number}]" if nested else field)
        ]
    name = field.removesuffix(".non_field_errors") or "non_field_errors"
    return [{"field": name, "code": getattr(detail, "code", "invalid"), "message": str(detail)}]


def _headers(error: Exception, request: HttpRequest) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    if isinstance(error, OperationalError):
        headers["Retry-After"] = "5"
    return headers


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return page(Refusal("bad_request", _("请求有误。")))
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return page(Refusal("not_found", _("没有这个地址。"), status=404))
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return page(Refusal("error", _("系统出错了，已记录。"), status=500))
    return defaults.server_error(request)


def page(refusal: Refusal) -> JsonResponse:
    """The same body for the few API answers given outside DRF."""
    return JsonResponse(body(refusal), status=refusal.status, content_type=CONTENT_TYPE)
