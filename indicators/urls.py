from indicators.api.urls import routes as api
from indicators.pages.routes import routes as urlpatterns

__all__ = ["api", "urlpatterns"]
