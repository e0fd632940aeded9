from targets.api.urls import routes as api
from targets.pages.routes import routes as urlpatterns

__all__ = ["api", "urlpatterns"]
