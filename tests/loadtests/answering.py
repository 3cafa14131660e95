"""A server that answers with what a test wants, and notes who asked."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli

PAGE = "<p>Jazz &amp; more</p>"


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet a reply
    status = 200
    page = PAGE
    closes = False
    asked: list[tuple[str, str, str]]

    def do_GET(self) -> None:
        headers = self.headers
        self.asked.append((self.path, headers["X-Forwarded-For"], headers["Cookie"] or ""))
        body = brotli.compress(self.page.encode())
        self.send_response(self.status)
        self.send_header("Content-Encoding", "br")
        self.send_header("Content-Length", str(len(body)))
        if self.closes:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def answering(**how: object) -> Iterator[tuple[type[Server], int]]:
    handler = type("Handler", (Server,), {"asked": [], **how})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield handler, server.server_port
        finally:
            server.shutdown()
