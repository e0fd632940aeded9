from django.urls import URLPattern, URLResolver, path, register_converter

from checklists.api import importing as table_doors
from checklists.api import versions as doors
from checklists.pages import editing, importing
from checklists.pages import versions as pages


class Number:
    """A version's number: what the column holds, so that nothing overflows."""

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(Number, "number")

VERSION = "bureau/checklists/<slug:slug>/<number:number>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("bureau/checklists/", pages.listing, name="desk-checklists"),
    path("bureau/checklists/load/", pages.load, name="desk-checklist-load"),
    path("bureau/checklists/import/", importing.page, name="desk-checklist-import"),
    path(f"{VERSION}/", pages.version, name="desk-checklist"),
    path(f"{VERSION}/download/", pages.download, name="desk-checklist-download"),
    path(f"{VERSION}/edit/", editing.page, name="desk-checklist-edit"),
    path(f"{VERSION}/draft/", editing.begin, name="desk-checklist-draft"),
    path(f"{VERSION}/discard/", pages.discard, name="desk-checklist-discard"),
]

# Collected under /api/v1/ by config/urls.py.
api: list[URLPattern | URLResolver] = [
    path("checklists/", doors.ChecklistList.as_view()),
    path("checklists/import/", table_doors.TableImport.as_view()),
    path("checklists/<slug:slug>/versions/<number:number>/", doors.VersionDetail.as_view()),
    path("checklists/<slug:slug>/versions/<number:number>/draft/", doors.BeginDraft.as_view()),
]
