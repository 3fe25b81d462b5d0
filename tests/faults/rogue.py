"""A server that does as it likes: it drips, never ends, or shows a certificate nobody signed."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_ENDLESS = b'{"ok": true, "x": "' + b"x" * 65_536


@contextmanager
def a_rogue(how: str, certificate: Path | None = None, *, is_proxy: bool = False) -> Iterator[str]:
    """Its address. `how`: "head" drips headers, "body" drips a body, "endless" sends one without
    end, "fine" answers; with a certificate it speaks TLS, as a proxy only behind its own consent.
    """
    is_over = threading.Event()
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    def serve(taken: socket.socket) -> None:
        with suppress(OSError), taken:
            taken.settimeout(30)
            if is_proxy:
                taken.recv(65_536)
                taken.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            spoken = context.wrap_socket(taken, server_side=True) if context else taken
            with spoken:
                spoken.recv(65_536)
                _answer(spoken, how, is_over)

    def accept(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                taken, _ = listening.accept()
                threading.Thread(target=serve, args=(taken,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept, args=(listening,), daemon=True)
        thread.start()
        scheme = "https" if context and not is_proxy else "http"
        yield f"{scheme}://127.0.0.1:{listening.getsockname()[1]}"
        is_over.set()
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(30)


def _answer(to: socket.socket, how: str, is_over: threading.Event) -> None:
    if how == "fine":
        to.sendall(_OK + b"Content-Length: 2\r\n\r\nok")
        return
    to.sendall(_OK if how == "head" else _OK + b"\r\n")
    while not is_over.is_set():
        if how == "endless":
            to.sendall(_ENDLESS)
            continue
        to.sendall(b"X-Drip: 1\r\n" if how == "head" else b" ")
        is_over.wait(0.02)


def a_certificate(folder: Path) -> Path:
    """One for this machine that nobody has signed, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.DNSName("localhost"), _here()])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM) + private)
    return path


def _here() -> x509.IPAddress:
    return x509.IPAddress(ip_address("127.0.0.1"))
