"""Which static files there are, and how they are named and packed."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import drf_spectacular_sidecar
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config import modules

# 30 MB of a browsable API and a second documentation viewer that nobody is shown.
UNUSED = ("rest_framework", "drf_spectacular_sidecar")
SWAGGER = (
    "favicon-32x32.png",
    "swagger-ui-bundle.js",
    "swagger-ui-standalone-preset.js",
    "swagger-ui.css",
    "swagger-ui.css.map",
)


# Opened cold on a slow line: one request instead of forty. Read by the worker's list of files.
JOINED = ("audits/js/form/app.js", "audits/js/form/head.js")


class UsedApps(AppDirectoriesFinder):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        names = [app.name for app in apps.get_app_configs() if app.name not in UNUSED]
        super().__init__(names)


class Swagger(BaseFinder):
    """The few files of the interactive API documentation."""

    storage = FileSystemStorage(Path(drf_spectacular_sidecar.__file__).parent / "static")
    names = tuple(f"drf_spectacular_sidecar/swagger-ui-dist/{name}" for name in SWAGGER)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [self.storage.path(path)] if path in self.names else []
        return found if find_all else next(iter(found), [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        return ((name, self.storage) for name in self.names)


class HashedFiles(CompressedManifestStaticFilesStorage):
    joined = JOINED
    support_js_module_import_aggregation = True
    max_post_process_passes = 15  # one per step of the longest chain of imports

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        ours = [name for name in paths if name.endswith(".js") and name not in Swagger.names]
        served = {} if dry_run else {name: self._served(name) for name in ours}
        for name, content in served.items():
            Path(self.path(name)).write_text(content)
            paths[name] = (self, name)  # what is hashed and packed is read from here
        yield from super().post_process(paths, dry_run, **options)

    def _served(self, name: str) -> str:
        copy = Path(self.path(name))
        return modules.joined(copy) if name in JOINED else modules.uncommented(copy.read_text())

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Brotli takes most of a first start's time, and pays only over HTTPS."""
        return Compressor(use_brotli=settings.HTTPS, **kwargs)
