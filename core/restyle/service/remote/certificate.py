"""The certificate of a server that other computers use: made by itself, once, and known to them by its fingerprint alone.

Nobody vouches for it, and nobody has to: whoever is invited gets the fingerprint with the invitation.
"""

from __future__ import annotations

import datetime
import hashlib
import ssl
from pathlib import Path

from restyle.contract.errors import MissingLibrary
from restyle.host.private import private_folder, written_privately

__all__ = ["certificate_of", "fingerprint_of", "server_context"]

CERTIFICATE_FILE = "certificate.pem"
NAME = "Restyle"

VALID = datetime.timedelta(days=365 * 30)
"""Clients do not look at it: who wants another certificate removes the file, and invites everybody anew."""

CLOCKS_DIFFER = datetime.timedelta(days=1)


def certificate_of(folder: Path) -> Path:
    """The file with certificate and key, made where there is none. Raises MissingLibrary, HomeUnusable, OSError."""
    path = private_folder(folder) / CERTIFICATE_FILE
    if not path.is_file():
        text = _made()
        with written_privately(path) as file:
            file.write(text)
    return path


def fingerprint_of(path: Path) -> str:
    """The SHA-256 of a certificate file's certificate, in hexadecimal."""
    text = path.read_text(encoding="ascii")
    head, tail = ssl.PEM_HEADER, ssl.PEM_FOOTER
    certificate = text[text.index(head) : text.index(tail) + len(tail)]
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()


def server_context(path: Path) -> ssl.SSLContext:
    """What a listener needs to speak TLS with this certificate: version 1.2 or later."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(path)
    return context


def _made() -> str:
    """A new key (P-256, which Python 2.7's clients know, too) and a certificate that it signs itself, as PEM."""
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import NameOID
    except ImportError as error:
        raise MissingLibrary("A server for other computers", "cryptography") from error
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.timezone.utc)
    built = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - CLOCKS_DIFFER,
        not_valid_after=now + VALID,
    )
    certificate = built.sign(key, hashes.SHA256())
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    parts = key.private_bytes(serialization.Encoding.PEM, form, plain), certificate.public_bytes(serialization.Encoding.PEM)
    return b"".join(parts).decode("ascii")
