"""A phone: one connection, one audit in eight calls, every byte made before the clock starts."""

from __future__ import annotations

import hashlib
import http.client
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any, Self

from bench.drawn import unlike

NOW = "2026-11-23T10:00:00+08:00"
BOUNDARY = "bench-7d1f"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
FAILING = {
    "XB02": "fail", "XC05": "fail", "XB04": "partial", "XD03": "partial", "XE06": "partial"
}  # fmt: skip


class Line:
    """A kept-alive connection to one server."""

    def __init__(self, port: int, token: str = "", prefix: str = "", *, session: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": f"Token {token}"} if token else {}
        self.headers |= {"Cookie": f"sessionid={session}"} if session else {}
        self.prefix = prefix

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()

    def call(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json"
    ) -> Any:
        headers = self.headers | ({"Content-Type": kind} if body else {})
        self.connection.request(method, self.prefix + path, body=body or None, headers=headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    body: bytes
    kind: str = "application/json"


class Visit:
    """One audit: PUT audit, POST answers, PUT each photo, POST submit."""

    def __init__(self, task: dict[str, Any], pictures: list[bytes]) -> None:
        self.id, self.task = uuid.uuid4(), task
        self.photos = [
            (uuid.uuid4(), code, unlike(picture, uuid.uuid4().bytes))
            for code, picture in zip(task["photo_items"], pictures, strict=True)
        ]
        start = {"assignment": task["assignment"], "started_at": NOW}
        ids = [str(photo_id) for photo_id, *_ in self.photos]
        self.calls = [
            Call("PUT", f"audits/{self.id}/", _json(start)),
            Call("POST", f"audits/{self.id}/answers/", _json({"answers": self._answers()})),
            *(self._photo(*photo) for photo in self.photos),
            Call("POST", f"audits/{self.id}/submit/", _json({"photos": ids})),
        ]

    def _answers(self) -> list[dict[str, str]]:
        results = {code: FAILING.get(code, "pass") for code in self.task["items"]}
        return [
            {"item_code": code, "result": result, "answered_at": NOW,
             "note": "" if result == "pass" else "现场缺两项，已当场说明"}
            for code, result in results.items()
        ]  # fmt: skip

    def _photo(self, id: uuid.UUID, code: str, content: bytes) -> Call:
        about = {"audit": str(self.id), **_about(code, content), "kind": "site",
                 "latitude": "22.70361", "longitude": "114.03792", "accuracy": "12"}  # fmt: skip
        return Call("PUT", f"photos/{id}/", _form(about, {"file": content}), MULTIPART)

    def send(self, line: Line) -> float:
        """Seconds from the first byte of the first call to the last of the eighth answer."""
        begun = time.perf_counter()
        for call in self.calls:
            line.call(call.method, call.path, call.body, call.kind)
        return time.perf_counter() - begun

    def whole(self) -> Call:
        """The same content as one request, for the bare server only."""
        photos = [{"id": str(id), **_about(code, content)} for id, code, content in self.photos]
        audit = {"assignment": self.task["assignment"], "started_at": NOW,
                 "answers": self._answers(), "photos": photos}  # fmt: skip
        files = {str(id): content for id, _, content in self.photos}
        body = _form({"audit": json.dumps(audit)}, files)
        return Call("POST", f"whole/{self.id}/", body, MULTIPART)


def _about(code: str, content: bytes) -> dict[str, str]:
    digest = hashlib.sha256(content).hexdigest()
    return {"item_code": code, "sha256": digest, "taken_at": NOW}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _form(fields: dict[str, str], files: dict[str, bytes]) -> bytes:
    parts = []
    for name, value in fields.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        parts.append(f"{head}{value}\r\n".encode())
    for name, content in files.items():
        head = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; '
                'filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n')  # fmt: skip
        parts += [head.encode(), content, b"\r\n"]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
