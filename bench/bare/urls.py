from django.urls import path

from bench.bare import views

urlpatterns = [
    path("healthz", views.healthz),
    path("audits/<uuid:id>/", views.start),
    path("audits/<uuid:id>/answers/", views.answers),
    path("audits/<uuid:id>/submit/", views.submit),
    path("photos/<uuid:id>/", views.photo),
    path("whole/<uuid:id>/", views.whole),
]
