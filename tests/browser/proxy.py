"""A line between phone and server that fails as it is told: cut, slow, silent, repeating, ill."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "proxy-connection"}


@dataclass(frozen=True)
class Fault:
    """kind: down (nobody answers) · cut (after `n` bytes of the request) · lost (the server did it,
    the answer never comes) · status (`n`, the server never sees it) · slow (`n` seconds before) ·
    late (`n` seconds before the answer) · twice (sent twice to the server) · half (`n` bytes go on to
    the server, then nothing moves until `let_go`) · after (nobody answers; the server gets it when
    `deliver` is called, after all that was sent meanwhile)."""

    kind: str
    n: float = 0


class Request(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Rule = Callable[[str, str], Fault | None]


class Proxy:
    def __init__(self, target: str) -> None:
        self.target = urlsplit(target)
        self.rule: Rule = lambda method, path: None
        self.seen: list[tuple[str, str, int]] = []
        self.parked: list[Request] = []
        self.is_half = threading.Event()
        self.let_go = threading.Event()
        self.passing, self.idle = 0, threading.Condition()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None:
                pass

            def handle_any(self) -> None:
                proxy.count(1)
                try:
                    proxy.pass_on(self)
                finally:
                    proxy.count(-1)

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = handle_any  # noqa: N815

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Nothing is on its way to the server any more: the next test's rows are its own."""
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()
        with self.idle:
            self.idle.wait_for(lambda: not self.passing, 20)

    def count(self, one: int) -> None:
        with self.idle:
            self.passing += one
            self.idle.notify_all()

    def pass_on(self, asked: BaseHTTPRequestHandler) -> None:
        fault = self.rule(asked.command, asked.path)
        length = int(asked.headers.get("Content-Length") or 0)
        if fault and fault.kind in {"down", "cut"}:
            asked.rfile.read(min(length, int(fault.n))) if fault.kind == "cut" else None
            return self.hang_up(asked)
        headers = {k: v for k, v in asked.headers.items() if k.lower() not in HOP}
        headers["Content-Length"] = str(length)
        if fault and fault.kind == "half":
            return self.half(asked, headers, int(fault.n))
        request = Request(asked.command, asked.path, headers, asked.rfile.read(length))
        if fault and fault.kind == "after":
            self.parked.append(request)
            return self.hang_up(asked)
        if fault and fault.kind == "status":
            return self.answer(asked, int(fault.n), [], b"<html>a proxy's own page</html>")
        if fault and fault.kind == "slow":
            time.sleep(fault.n)
        for _ in range(2 if fault and fault.kind == "twice" else 1):
            status, headers_back, content = self.ask(request)
        if fault and fault.kind == "lost":
            return self.hang_up(asked)
        if fault and fault.kind == "late":
            time.sleep(fault.n)
        return self.answer(asked, status, headers_back, content)

    def deliver(self) -> list[int]:
        """What was held back arrives now, long after."""
        parked, self.parked = self.parked, []
        return [self.ask(request)[0] for request in parked]

    def half(self, asked: BaseHTTPRequestHandler, headers: dict[str, str], size: int) -> None:
        with closing(self.line()) as line:
            line.putrequest(asked.command, asked.path, skip_host=True)
            for name, value in headers.items():
                line.putheader(name, value)
            line.endheaders(asked.rfile.read(size))
            self.is_half.set()
            self.let_go.wait(60)
        self.hang_up(asked)

    def line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.target.hostname or "", self.target.port, timeout=60)

    def ask(self, request: Request) -> tuple[int, list[Any], bytes]:
        with closing(self.line()) as line:
            line.request(request.method, request.path, request.body, request.headers)
            answer = line.getresponse()
            kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in HOP]
            self.seen.append((request.method, request.path, answer.status))
            return answer.status, kept, answer.read()

    @staticmethod
    def answer(
        asked: BaseHTTPRequestHandler, status: int, headers: list[Any], content: bytes
    ) -> None:
        asked.send_response_only(status)
        for name, value in headers:
            asked.send_header(name, value)
        asked.send_header("Content-Length", str(len(content)))
        asked.end_headers()
        if asked.command != "HEAD":
            asked.wfile.write(content)

    @staticmethod
    def hang_up(asked: BaseHTTPRequestHandler) -> None:
        asked.close_connection = True
        asked.connection.close()
