"""Routes of the target table under /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from targets.api import photos, records, table, volunteers

routes: list[URLPattern | URLResolver] = [
    path("indicators/table/", table.Table.as_view(), name="table"),
    path("indicators/table/<int:year>/rows/<slug:key>/", table.Row.as_view()),
    path("indicators/table/<int:year>/self-evaluations/", table.SelfEvaluations.as_view()),
    path(
        "indicators/table/<int:year>/self-evaluations/<int:number>/",
        table.SelfEvaluationDetail.as_view(),
    ),
    path("targets/activities/", records.Activities.as_view()),
    path("targets/activities/<int:pk>/", records.ActivityDetail.as_view()),
    path("targets/activities/<int:pk>/photos/", photos.ActivityPhotos.as_view()),
    path(
        "targets/photos/<uuid:id>/display/",
        photos.ActivityPhotoDisplay.as_view(),
        name="activity-photo-display",
    ),
    path(
        "targets/photos/<uuid:id>/thumbnail/",
        photos.ActivityPhotoThumbnail.as_view(),
        name="activity-photo-thumbnail",
    ),
    path("targets/plan-tasks/", records.PlanTasks.as_view()),
    path("targets/plan-tasks/<int:pk>/", records.PlanTaskDetail.as_view()),
    path("targets/budget/", records.Budget.as_view()),
    path("targets/budget/<int:pk>/", records.BudgetDetail.as_view()),
    path("targets/commendations/", records.Commendations.as_view()),
    path("targets/commendations/<int:pk>/", records.CommendationDetail.as_view()),
    path("targets/surveys/", records.Surveys.as_view()),
    path("targets/surveys/<int:pk>/", records.SurveyDetail.as_view()),
    path("targets/volunteers/", volunteers.Volunteers.as_view()),
    path("targets/volunteers/<int:pk>/", volunteers.VolunteerDetail.as_view()),
    path("targets/volunteers/<int:pk>/services/", volunteers.Services.as_view()),
    path("targets/volunteers/<int:pk>/services/<int:entry>/", volunteers.ServiceDetail.as_view()),
    path("targets/volunteers/<int:pk>/points/", volunteers.Points.as_view()),
    path("targets/volunteers/<int:pk>/redeem/", volunteers.Redeem.as_view()),
]
