"""Routes of the target table's pages, and of the survey at the station."""

from django.urls import path

from targets.pages import evaluation, photos, records, surveys, table, volunteers

desk = [
    path("", table.page, name="targets"),
    path("copy/", table.copy, name="target-copy"),
    path("volunteers/", volunteers.listing, name="target-volunteers"),
    path("volunteers/new/", volunteers.new, name="target-volunteer-new"),
    path("volunteers/<int:pk>/", volunteers.page, name="target-volunteer"),
    path("volunteers/<int:pk>/serve/", volunteers.serve, name="target-serve"),
    path("volunteers/<int:pk>/serve/<int:entry>/withdraw/", volunteers.unserve,
         name="target-unserve"),
    path("volunteers/<int:pk>/redeem/", volunteers.redeem, name="target-redeem"),
    path("photos/<uuid:id>/<slug:which>/", photos.copy, name="target-photo"),
    path("<int:year>/change/", table.change, name="target-change"),
    path("<int:year>/document/", table.document, name="target-document"),
    path("<int:year>/self-evaluation/", evaluation.page, name="target-evaluation"),
    path("<int:year>/self-evaluation/sign/", evaluation.sign, name="target-sign"),
    path("<int:year>/self-evaluation/reasons/<slug:key>/", evaluation.reason, name="target-reason"),
    path("<int:year>/self-evaluation/<int:number>/", evaluation.signed, name="target-signed"),
    path("<int:year>/activities/<int:pk>/photos/", photos.add, name="target-photo-add"),
    path("<int:year>/<slug:slug>/", records.listing, name="target-records"),
    path("<int:year>/<slug:slug>/new/", records.new, name="target-record-new"),
    path("<int:year>/<slug:slug>/<int:pk>/", records.page, name="target-record"),
    path("<int:year>/<slug:slug>/<int:pk>/withdraw/", records.withdraw,
         name="target-record-withdraw"),
]  # fmt: skip

routes = [
    *(path(f"bureau/targets/{one.pattern}", one.callback, name=one.name) for one in desk),
    path("bureau/survey-posters/", surveys.posters, name="survey-posters"),
    path("bureau/stations/<code:code>/survey-poster/", surveys.poster, name="survey-poster"),
    path("survey/thanks/", surveys.thanks, name="survey-thanks"),
    path("survey/at/<code:code>/", surveys.at, name="survey-at"),
    path("survey/<str:token>/", surveys.page, name="survey"),
]
