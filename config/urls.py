from importlib import import_module

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import health, pages

APPS = [
    import_module(f"{name}.urls")
    for name in ("stations", "checklists", "audits", "indicators", "targets", "reports")
]

api: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    # Phones ask most, and routes are tried in turn.
    *(
        route
        for app in sorted(APPS, key=lambda app: app.__name__ != "audits.urls")
        for route in app.api
    ),
]

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", pages.home, name="home"),
    path("accounts/login/", pages.SignIn.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("accounts/password/", pages.change_password, name="password_change"),
    path("accounts/mine/", pages.mine, name="mine"),
    path("accounts/size/", pages.set_size, name="set_size"),
    path("accounts/language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api)),
    *(route for app in APPS for route in app.urlpatterns),
]

handler400 = "config.problems.bad_request"
handler404 = "config.problems.not_found"
handler500 = "config.problems.server_error"
