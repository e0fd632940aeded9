"""Routes of the audits API, under /api/v1/."""

from django.urls import path

from audits.api import (
    audits,
    corrections,
    findings,
    notices,
    phones,
    photos,
    plans,
    rounds,
    selfchecks,
    verdicts,
    versions,
)  # fmt: skip

VERSION = "checklists/<slug:slug>/versions/<number:number>"

routes = [
    path("audits/<uuid:id>/", audits.AuditDetail.as_view(), name="audit"),
    path("audits/<uuid:id>/answers/", audits.Answers.as_view(), name="audit-answers"),
    path(
        "audits/<uuid:id>/answers/<str:item_code>/", audits.OneAnswer.as_view(), name="audit-answer"
    ),
    path("audits/<uuid:id>/submit/", audits.Submit.as_view(), name="audit-submit"),
    path("audits/<uuid:id>/receipt/", audits.Receipt.as_view(), name="audit-receipt"),
    path("audits/<uuid:id>/reopen/", audits.Reopen.as_view(), name="audit-reopen"),
    path("audits/<uuid:id>/correct/", corrections.Correct.as_view(), name="audit-correct"),
    path("audits/<uuid:id>/expected/", phones.Expected.as_view(), name="audit-expected"),
    path("audits/<uuid:id>/lost/", phones.Lost.as_view(), name="audit-lost"),
    path("work/", phones.Work.as_view(), name="work"),
    path("photos/import/", phones.PhotoImport.as_view(), name="photos-import"),
    path("photos/<uuid:id>/", photos.PhotoDetail.as_view(), name="photo"),
    path("photos/<uuid:id>/original/", photos.PhotoOriginal.as_view(), name="photo-original"),
    path("photos/<uuid:id>/display/", photos.PhotoDisplay.as_view(), name="photo-display"),
    path("photos/<uuid:id>/thumbnail/", photos.PhotoThumbnail.as_view(), name="photo-thumbnail"),
    path("photos/<uuid:id>/verdict/", verdicts.PhotoVerdict.as_view(), name="photo-verdict"),
    path(f"{VERSION}/preview/", versions.Preview.as_view(), name="version-preview"),
    path(f"{VERSION}/publish/", versions.Publish.as_view(), name="version-publish"),
    path(f"{VERSION}/what-if/", versions.WhatIf.as_view(), name="version-what-if"),
    path("rounds/", rounds.Rounds.as_view(), name="rounds"),
    path("rounds/<int:pk>/", rounds.RoundDetail.as_view(), name="round"),
    path("rounds/<int:pk>/assign/", rounds.AssignStations.as_view(), name="round-assign"),
    path("rounds/<int:pk>/draws/", plans.Draws.as_view(), name="round-draws"),
    path("rounds/<int:pk>/calendar/", plans.Timetable.as_view(), name="round-calendar"),
    path("rounds/<int:pk>/progress/", plans.RoundProgress.as_view(), name="round-progress"),
    path("assignments/", rounds.Assignments.as_view(), name="assignments"),
    path("assignments/<int:pk>/", rounds.AssignmentDetail.as_view(), name="assignment"),
    path("assignments/<int:pk>/sheet/", audits.Sheet.as_view(), name="assignment-sheet"),
    path(
        "assignments/<int:pk>/self-check/",
        selfchecks.SelfCheckOfTask.as_view(),
        name="assignment-self-check",
    ),
    path("selfchecks/<uuid:id>/", selfchecks.SelfCheckDetail.as_view(), name="selfcheck"),
    path(
        "selfchecks/<uuid:id>/answers/<str:item_code>/",
        selfchecks.SelfCheckAnswer.as_view(),
        name="selfcheck-answer",
    ),
    path("notices/", notices.Notices.as_view(), name="notices"),
    path("notices/read/", notices.NoticesRead.as_view(), name="notices-read"),
    path("findings/", findings.Findings.as_view(), name="findings"),
    path("findings/<int:pk>/", findings.FindingDetail.as_view(), name="finding"),
    path("findings/<int:pk>/start/", findings.start.as_view(), name="finding-start"),
    path("findings/<int:pk>/submit/", findings.submit.as_view(), name="finding-submit"),
    path(
        "findings/<int:pk>/fix-on-site/", findings.fix_on_site.as_view(), name="finding-fix-on-site"
    ),
    path("findings/<int:pk>/close/", findings.close.as_view(), name="finding-close"),
    path("findings/<int:pk>/send-back/", findings.send_back.as_view(), name="finding-send-back"),
    path("findings/<int:pk>/reopen/", findings.reopen.as_view(), name="finding-reopen"),
    path("findings/<int:pk>/void/", findings.void.as_view(), name="finding-void"),
    path("findings/<int:pk>/waive/", findings.waive.as_view(), name="finding-waive"),
    path("findings/<int:pk>/extension/", findings.extension.as_view(), name="finding-extension"),
    path(
        "findings/<int:pk>/extension/grant/",
        findings.grant.as_view(),
        name="finding-extension-grant",
    ),
    path(
        "findings/<int:pk>/extension/refuse/",
        findings.refuse.as_view(),
        name="finding-extension-refuse",
    ),
]
