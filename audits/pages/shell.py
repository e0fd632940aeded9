"""The shell of the inspector's app: one page without anybody's data, its worker, its manifest.

All three may be kept by a phone for good: what is personal comes through the API only.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from audits.pages.people import person_who
from audits.pages.words import form_words

ENTRY = "audits/js/form/app.js"
BESIDE = (
    "css/tokens.css", "css/base.css", "css/parts.css", "css/phone.css", "audits/css/sheet.css",
    "audits/css/form.css", "js/look.js", "icons/icon.svg", "icons/icon-192.png",
)  # fmt: skip
IMPORT = re.compile(r'^(?:import|export)\s[^"]*?from\s+"(\.{1,2}/[^"]+)"', re.MULTILINE)
ICONS = (("192", "any"), ("512", "any"), ("192-maskable", "maskable"), ("512-maskable", "maskable"))


@require_safe
@ensure_csrf_cookie
def shell(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """The same for everyone and for every sheet: the page looks at its own address."""
    if request.user.is_authenticated:
        person_who(request, "audits.fill")
    context = {"words": form_words(), "version": version()}
    return render(request, "audits/shell.html", context)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    context = {"version": version(), "files": [url(name) for name in files()]}
    response = HttpResponse(
        render_to_string("audits/sw.js", context), content_type="text/javascript; charset=utf-8"
    )
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    body = {
        "name": _("服务站标准化检查"),
        "short_name": _("检查"),
        "id": "/m/",
        "start_url": reverse("today"),
        "scope": "/",
        "display": "standalone",
        "lang": "zh-Hans",
        "background_color": "#ffffff",
        "theme_color": "#9c1c21",
        "icons": [
            {
                "src": url(f"icons/icon-{name}.png"),
                "sizes": f"{name.split('-')[0]}x{name.split('-')[0]}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, purpose in ICONS
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")


def url(name: str) -> str:
    return str(staticfiles_storage.url(name))


def files() -> list[str]:
    """What the page asks for: where the modules are served joined, they are one file."""
    is_joined = ENTRY in getattr(staticfiles_storage, "joined", ())
    return [*BESIDE, *([ENTRY] if is_joined else modules(ENTRY))]


def modules(entry: str) -> list[str]:
    """The module and all it imports, as static names."""
    found: list[str] = []
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.append(name)
        waiting += [_beside(name, one) for one in IMPORT.findall(_source(name))]
    return sorted(found)


def _beside(name: str, relative: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / relative).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _source(name: str) -> str:
    place = finders.find(name)
    return Path(str(place)).read_text() if place else ""


def version() -> str:
    """Another one whenever a file of the shell, its markup or its words differ."""
    return _version() if settings.DEBUG else _version_once()


def _version() -> str:
    digest = hashlib.sha256()
    for name in [*BESIDE, *modules(ENTRY)]:
        digest.update(_source(name).encode() if not name.endswith(".png") else name.encode())
    for page in sorted((Path(__file__).parents[1] / "templates").rglob("*")):
        if page.is_file():
            digest.update(page.read_bytes())
    with translation.override("zh-hans"):
        digest.update(str(sorted(form_words().items())).encode())
    return digest.hexdigest()[:12]


_version_once = lru_cache(maxsize=1)(_version)
