"""Routes of the bureau's work: rounds, audits, review, ledger, photos."""

from django.urls import path

from audits.pages import (
    assignments,
    audits,
    calendar,
    causes,
    ledger,
    photos,
    review,
    rounds,
    timetable,
    versions,
)

VERSION = "bureau/checklists/<slug:slug>/<number:number>"

routes = [
    path(f"{VERSION}/publish/", versions.publish, name="desk-checklist-publish"),
    path(f"{VERSION}/what-if/", versions.what_if, name="desk-checklist-what-if"),
    path("bureau/rounds/", rounds.listing, name="desk-rounds"),
    path("bureau/rounds/new/", rounds.new, name="desk-round-new"),
    path("bureau/rounds/<int:pk>/", rounds.page, name="desk-round"),
    path("bureau/rounds/<int:pk>/change/", rounds.change, name="desk-round-change"),
    path("bureau/rounds/<int:pk>/assign/", assignments.assign, name="desk-round-assign"),
    path("bureau/rounds/<int:pk>/draw/", assignments.draw, name="desk-round-draw"),
    path("bureau/rounds/<int:pk>/progress/", rounds.live, name="desk-round-live"),
    path("bureau/rounds/<int:pk>/calendar/", timetable.page, name="desk-round-calendar"),
    path("bureau/rounds/<int:pk>/reassign/", assignments.reassign, name="desk-round-reassign"),
    path("bureau/assignments/<int:pk>/withdraw/", assignments.withdraw, name="desk-withdraw"),
    path("bureau/audits/<uuid:id>/", audits.page, name="desk-audit"),
    path("bureau/audits/<uuid:id>/reopen/", audits.reopen, name="desk-audit-reopen"),
    path("bureau/audits/<uuid:id>/correct/", audits.correct, name="desk-audit-correct"),
    path("bureau/review/", review.queue, name="desk-review"),
    path("bureau/review/together/", review.together, name="desk-review-together"),
    path("bureau/review/together/close/", review.close_together, name="desk-review-close-together"),
    path("bureau/review/<int:pk>/", review.queue, name="desk-review-one"),
    path("bureau/review/<int:pk>/close/", review.close, name="desk-review-close"),
    path("bureau/review/<int:pk>/send-back/", review.send_back, name="desk-review-send-back"),
    path("bureau/findings/", ledger.listing, name="ledger"),
    path("bureau/calendar/", calendar.page, name="calendar"),
    path("bureau/calendar/set/", calendar.set_day, name="calendar-set"),
    path("bureau/calendar/forget/", calendar.forget_day, name="calendar-forget"),
    path("bureau/causes/", causes.listing, name="causes"),
    path("bureau/causes/<int:pk>/join/", causes.join, name="causes-join"),
    path("bureau/causes/new/<code:code>/", causes.new, name="causes-new"),
    path("bureau/findings/<int:pk>/", ledger.page, name="desk-finding"),
    path("bureau/findings/<int:pk>/<slug:name>/", ledger.rule, name="desk-finding-rule"),
    path("bureau/photos/", photos.suspicious, name="desk-photos"),
    path("bureau/photos/<uuid:id>/", photos.page, name="desk-photo"),
    path("bureau/photos/<uuid:id>/verdict/", photos.judge, name="desk-photo-verdict"),
]
