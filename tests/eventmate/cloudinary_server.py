"""A server on this machine that speaks as much of Cloudinary's API as the site uses: uploads and
removals signed as its documentation asks for, and a list in pages for who has key and secret.
"""

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

KEY, SECRET, CLOUD = "123456789012345", "s3cret-of-the-test", "eventmate-test"
# That are sent, but not signed.
UNSIGNED = {"file", "api_key", "signature", "resource_type", "cloud_name"}
PAGE = 2


class Account:
    """What the server has, and how it fails if asked to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.files: dict[str, bytes] = {}
        self.refused: list[str] = []
        self.fails_with = 0

    def url(self, secret: str = SECRET) -> str:
        prefix = f"http://127.0.0.1:{self.port}"
        return f"cloudinary://{KEY}:{secret}@{CLOUD}?upload_prefix={prefix}"


@contextmanager
def cloudinary() -> Iterator[Account]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    account = Account(server.server_address[1])
    server.account = account
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield account
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        fields = self._fields()
        action = re.fullmatch(rf"/v1_1/{CLOUD}/image/(upload|destroy)", self.path)
        account: Account = self.server.account
        if account.fails_with:
            self._answer(account.fails_with, {"error": {"message": "We are being mended"}})
        elif action is None:
            self._answer(404, {"error": {"message": f"No {self.path} here"}})
        elif why := _why_not_signed({name: value for name, (value, _) in fields.items()}):
            account.refused.append(why)
            self._answer(401, {"error": {"message": why}})
        elif action[1] == "upload":
            name = fields["public_id"][0]
            account.files[name] = fields["file"][1]
            self._answer(200, {"public_id": name, "bytes": len(fields["file"][1])})
        else:
            gone = account.files.pop(fields["public_id"][0], None)
            self._answer(200, {"result": "not found" if gone is None else "ok"})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        login = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {login}":
            self._answer(401, {"error": {"message": "unknown api_key"}})
            return
        if parts.path != f"/v1_1/{CLOUD}/resources/image/upload":
            self._answer(404, {"error": {"message": f"No {parts.path} here"}})
            return
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        names = sorted(n for n in self.server.account.files if n.startswith(query["prefix"]))
        start = int(query.get("next_cursor", "0"))
        page: dict[str, Any] = {
            "resources": [
                {"public_id": name, "format": "jpg", "created_at": "2026-01-02T03:04:05Z"}
                for name in names[start : start + PAGE]
            ]
        }
        if start + PAGE < len(names):
            page["next_cursor"] = str(start + PAGE)
        self._answer(200, page)

    def log_message(self, *arguments: object) -> None:
        """Nothing: the tests say what matters."""

    def _fields(self) -> dict[str, tuple[str, bytes]]:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"]
        if not kind.startswith("multipart/"):
            return {name: (value, b"") for name, value in parse_qsl(body.decode())}
        form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        return {_name(part): _values(part) for part in form.iter_parts()}

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _name(part: Message) -> str:
    return str(part.get_param("name", header="content-disposition"))


def _values(part: Message) -> tuple[str, bytes]:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode("latin-1"), content


def _why_not_signed(fields: dict[str, str]) -> str:
    """As documented: SHA-1 over the signed fields in the order of their names, and the secret."""
    if fields.get("api_key") != KEY:
        return "unknown api_key"
    signed = sorted(f"{name}={value}" for name, value in fields.items() if name not in UNSIGNED)
    digest = hashlib.sha1(f"{'&'.join(signed)}{SECRET}".encode()).hexdigest()  # noqa: S324
    if fields.get("signature") != digest:
        return f"Invalid Signature {fields.get('signature')}"
    if abs(time.time() - int(fields.get("timestamp", "0"))) > 3600:
        return "Stale request"
    return ""
