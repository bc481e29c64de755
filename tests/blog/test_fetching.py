"""The one guarded fetch: what it reaches, and all that it does not."""

import http.server
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from blog.fetching import STRICT, Fetched, Rules, fetch, is_public
from blog.refusals import Invalid, Unavailable


class Site(http.server.BaseHTTPRequestHandler):
    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Host"]))
        getattr(self, self.path.partition("?")[0].strip("/") or "plain")()

    def plain(self) -> None:
        self._send(200, b"the sky")

    def large(self) -> None:
        self._send(200, b"x" * 5_000)

    def circle(self) -> None:
        self._send(302, b"", Location="/circle")

    def inside(self) -> None:
        self._send(302, b"", Location="http://inside.example/plain")

    def file(self) -> None:
        self._send(302, b"", Location="file:///etc/passwd")

    def nowhere(self) -> None:
        self._send(302, b"", Location="http://[::1")

    def garbage(self) -> None:
        self.wfile.write(b"220 mail.example ESMTP\r\n\r\n")

    def heads(self) -> None:
        self._send(200, b"", **{f"X-{number}": "x" for number in range(200)})

    def away(self) -> None:
        self._send(301, b"", Location="/plain")

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.02)

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_about: object) -> None:
        """The one who asked hung up."""


@pytest.fixture
def server() -> Iterator[Server]:
    handler = type("ThisSite", (Site,), {"asked": []})
    with Server(("127.0.0.1", 0), handler) as made:
        made.daemon_threads = True
        thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def rules() -> Rules:
    """As for strangers, but plain HTTP may be spoken, and this machine stands for the open internet."""
    places = {"inside.example": ["127.0.0.2"], "both.example": ["127.0.0.1", "10.0.0.1"]}

    def resolver(host: str, _port: int) -> list[str]:
        return places.get(host, ["127.0.0.1"])

    return Rules(
        schemes=("http",), most=1_000, seconds=5, resolver=resolver, is_allowed=lambda a: a == "127.0.0.1"
    )


def get(server: Server, rules: Rules, path: str, host: str = "sky.example") -> Fetched:
    return fetch(f"http://{host}:{server.server_address[1]}{path}", rules)


def test_a_page_is_fetched_under_its_own_name(server: Server, rules: Rules) -> None:
    found = get(server, rules, "/plain?a=1")
    assert (found.status, found.body, found.headers["content-length"]) == (200, b"the sky", "7")
    assert server.RequestHandlerClass.asked == [  # type: ignore[attr-defined]
        ("/plain?a=1", f"sky.example:{server.server_address[1]}")
    ]


def test_a_redirect_is_followed_and_checked_anew(server: Server, rules: Rules) -> None:
    assert get(server, rules, "/away").body == b"the sky"
    for path in ("/inside", "/file", "/nowhere"):
        with pytest.raises(Invalid):
            get(server, rules, path)
    with pytest.raises(Unavailable, match="circles"):
        get(server, rules, "/circle")


def test_a_host_with_one_foot_inside_is_not_asked(server: Server, rules: Rules) -> None:
    with pytest.raises(Invalid):
        get(server, rules, "/plain", "both.example")
    assert server.RequestHandlerClass.asked == []  # type: ignore[attr-defined]


def test_size_and_time_have_an_end(server: Server, rules: Rules) -> None:
    with pytest.raises(Unavailable, match="too large"):
        get(server, rules, "/large")
    began = time.monotonic()
    with pytest.raises(Unavailable):
        get(server, replace(rules, seconds=0.15), "/drip")
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("path", ["/garbage", "/heads"])
def test_what_is_no_answer_is_said_plainly(server: Server, rules: Rules, path: str) -> None:
    with pytest.raises(Unavailable, match="does not answer as it should"):
        get(server, rules, path)


@pytest.mark.parametrize(
    "url",
    ["http://sky.example/", "ftp://sky.example/", "https://", "https:///x", "//sky.example/", "https://u:p@sky.example/",
     "https://sky.example:99999/", "https://sky.example/a b", "https://sky.example/\r\nX: 1", "https://ské.example/",
     "file:///etc/passwd", "gopher://sky.example/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest",
     "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/", "https://localhost/", "https://0177.0.0.1/"],
)  # fmt: skip
def test_addresses_that_are_none_of_a_stranger_s_business_are_refused(url: str) -> None:
    with pytest.raises(Invalid):
        fetch(url, replace(STRICT, resolver=lambda host, _port: [host if is_ip(host) else "127.0.0.1"]))


def is_ip(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


@pytest.mark.parametrize("address", ["192.0.2.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
    "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1", "64:ff9b:1::7f00:1", "2001:db8::1"])  # fmt: skip
def test_what_is_inside_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_what_is_outside_is_known(address: str) -> None:
    assert is_public(address)


def test_nobody_at_home_is_said_plainly(rules: Rules) -> None:
    with pytest.raises(Unavailable, match="sky.example"):
        fetch("http://sky.example:1/", rules)


def test_https_is_believed_only_under_the_right_name(server: Server, rules: Rules, tmp_path: Path) -> None:
    path = certificate(tmp_path, "sky.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    port = server.server_address[1]
    known = replace(rules, schemes=("https",), trust=ssl.create_default_context(cafile=str(path)))
    assert fetch(f"https://sky.example:{port}/plain", known).body == b"the sky"
    for url, trust in (
        (f"https://other.example:{port}/plain", known.trust),
        (f"https://sky.example:{port}/", None),
    ):
        with pytest.raises(Unavailable):
            fetch(url, replace(known, trust=trust))


def certificate(folder: Path, name: str) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "site.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
