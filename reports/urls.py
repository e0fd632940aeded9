from reports.api.urls import routes as api
from reports.pages.routes import routes as urlpatterns

__all__ = ["api", "urlpatterns"]
