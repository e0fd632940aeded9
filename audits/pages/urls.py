"""Routes of the audits pages."""

from django.urls import path

from audits.pages import doors, findings, notices, parcels, selfcheck, shell, snap, station, visits

routes = [
    path("m/", shell.shell, name="today"),
    path("m/a/<int:pk>/", shell.shell, name="sheet"),
    path("m/q/", shell.shell, name="waiting"),
    path("sw.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("notices/", notices.listing, name="my-notices"),
    path("notices/read/", notices.read, name="my-notices-read"),
    path("my/", station.gap_list, name="gaps"),
    path("my/waiting/", station.waiting_list, name="gaps-waiting"),
    path("my/scores/", station.scores, name="my-scores"),
    path("my/findings/<int:pk>/", findings.finding, name="my-finding"),
    path("my/findings/<int:pk>/extension/", findings.ask_extension, name="my-extension"),
    path("my/self-checks/<int:pk>/", selfcheck.page, name="my-self-check"),
    path("snap/", snap.places, name="snap"),
    path("snap/<code:code>/", snap.page, name="snap-at"),
    path("visit/", visits.stops, name="visits"),
    path("visit/<code:code>/", visits.stop, name="visit"),
    path("visit/findings/<int:pk>/", visits.finding, name="visit-finding"),
    path("s/<code:code>/", doors.door, name="door"),
    path("bureau/parcels/", parcels.page, name="parcels"),
    path("bureau/posters/", doors.posters, name="posters"),
    path("bureau/stations/<code:code>/poster/", doors.poster, name="poster"),
]
