"""A real nginx in front of a site, with the file that operators are given (deploy/nginx.conf)."""

import getpass
import gzip
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import brotli
import psutil
import pytest

from eventmate.embedded.paths import REPOSITORY
from eventmate.embedded.process import Process
from loadtests.chaos.servers import wait_until

HOST = "events.example.org"
GIVEN = REPOSITORY / "deploy" / "nginx.conf"
# As Debian's, which compresses where a site does not say no, with what needs root elsewhere.
AROUND = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    access_log off;
    gzip on;
    gzip_min_length 1;
    gzip_proxied any;
    include {folder}/site.conf;
}}
"""
DECODE = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
STOP_TIMEOUT = 5.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return DECODE[self.headers.get("Content-Encoding", "")](self.content).decode()

    @property
    def cache(self) -> str:
        """What nginx's cache had to do with it, such as HIT; empty where it was not asked."""
        return self.headers.get("X-Cache-Status", "")


@dataclass(frozen=True)
class Nginx:
    folder: Path
    port: int
    process: Process
    relies_on_headers: bool

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Answer:
        """Over TLS, by a client of its own; ``headers`` have underscores in their names."""
        context = ssl.create_default_context(cafile=self.folder / "certificate.pem")
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=30, context=context
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, {"Host": HOST, **named})
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def ask_over_plain_http(self, path: str) -> Answer:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(30)
            client.connect(str(self.folder / "plain.sock"))
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            response = http.client.HTTPResponse(client)
            response.begin()
            return Answer(response.status, response.headers, response.read())

    def kept(self) -> bytes:
        """All that is in its cache."""
        files = (self.folder / "cache").rglob("*")
        return b"\n".join(path.read_bytes() for path in files if path.is_file())

    def log(self) -> str:
        """What it has written for operators, of requests that are over."""
        time.sleep(0.1)
        return (self.folder / "access.log").read_text()

    def pass_on_to(self, upstream: str) -> None:
        """Read its configuration anew, and ask the site at this address from then on."""
        master = psutil.Process(self.process.pid)
        old = set(master.children())
        self.configure(upstream)
        master.send_signal(signal.SIGHUP)
        wait_until(lambda: not old & set(master.children()), "nginx goes on as it was")

    def configure(self, upstream: str) -> None:
        """Fill in what differs between machines, and nothing else."""
        text = re.sub(r" *listen \[::\].*\n", "", GIVEN.read_text())
        for given, here in {
            "server 127.0.0.1:8000;": f"server {upstream};",
            "listen 80;": f"listen unix:{self.folder}/plain.sock;",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "/var/cache/nginx/eventmate": f"{self.folder}/cache",
            "/var/log/nginx/eventmate.log": f"{self.folder}/access.log",
            f"/etc/letsencrypt/live/{HOST}/fullchain.pem": f"{self.folder}/certificate.pem",
            f"/etc/letsencrypt/live/{HOST}/privkey.pem": f"{self.folder}/key.pem",
        }.items():
            assert text.count(given) == 1, given
            text = text.replace(given, here)
        if self.relies_on_headers:
            text = without_precautions(text)
        (self.folder / "site.conf").write_text(text)


def without_precautions(text: str) -> str:
    """With a cache that asks for any address and any visitor, and so has the headers alone to tell
    what it may keep.
    """
    text, removed = re.subn(r" *proxy_(?:cache_bypass|no_cache) .*\n", "", text)
    everywhere = "    location / {\n"
    assert (removed, text.count(everywhere)) == (2, 1)
    text = text.replace("        proxy_cache eventmate;\n", "")
    return text.replace(everywhere, f"    proxy_cache eventmate;\n\n{everywhere}")


@contextmanager
def nginx(folder: Path, upstream: str, *, relies_on_headers: bool = False) -> Iterator[Nginx]:
    """One in front of the site at ``upstream``, as the user who runs the tests."""
    program = program_or_skip()
    make_certificate(folder)
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    main = folder / "nginx.conf"
    main.write_text(AROUND.format(folder=folder, user=user))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        process = Process(
            "nginx",
            [program, "-p", str(folder), "-c", str(main)],
            log=folder / "nginx.log",
            # As nginx hands its sockets to a newer nginx.
            env={**os.environ, "NGINX": f"{listener.fileno()};"},
            pass_fds=(listener.fileno(),),
        )
        proxy = Nginx(folder, listener.getsockname()[1], process, relies_on_headers)
        proxy.configure(upstream)
        process.start()
        try:
            assert proxy.get("/health/live/").status == 200, process.log.read_text()
            yield proxy
        finally:
            process.stop(grace=STOP_TIMEOUT)


def program_or_skip() -> str:
    # Of the superuser's programs, which are not in everyone's path.
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found and shutil.which("openssl"):
        return found
    reason = "no nginx or no openssl on this machine"
    if os.environ.get("EVENTMATE_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def make_certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += [
        "-nodes",
        "-subj",
        f"/CN={HOST}",
        "-addext",
        f"subjectAltName=DNS:{HOST},IP:127.0.0.1",
    ]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    subprocess.run(command, check=True, capture_output=True)


def asked_twice(proxy: Nginx, path: str, **headers: str) -> Answer:
    proxy.get(path, **headers)
    return proxy.get(path, **headers)


def hit(proxy: Nginx, path: str, **headers: str) -> Answer:
    """What the cache has of it: the second answer, or the third where the first was the last of an
    older one.
    """
    answers = (proxy.get(path, **headers) for _ in range(3))
    found = next((answer for answer in answers if answer.cache == "HIT"), None)
    assert found, f"{path} is not kept"
    return found
