from audits.api.urls import routes as api
from audits.pages.desk_routes import routes as desk
from audits.pages.urls import routes as field

__all__ = ["api", "urlpatterns"]

urlpatterns = [*field, *desk]
