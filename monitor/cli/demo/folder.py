"""The folder a demo leaves behind: a configuration and its secrets, for the simulated services."""

from __future__ import annotations

import shutil
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from monitor.errors import UsageError
from monitor.simulator import Servers, World
from monitor.simulator.sample import UK, US

MARK = ".sync-drift-demo"
CERTIFICATE = "simulated-certificate"

_CONFIG = """\
# What `monitor demo` watched: simulated services on this machine.
[store]
path = "{folder}/monitor.db"

[schedule]
every = "15m"
time_zone = "UTC"

[netsuite]
account = "1234567"
base_url = "{netsuite}"
[netsuite.auth]
method = "oauth2"
client_id = "file:client_id"
certificate_id = "{certificate}"
private_key = "file:netsuite.pem"

[expensify]
base_url = "{expensify}"
partner_user_id = "file:expensify_id"
partner_user_secret = "file:expensify_secret"

[[workspace]]
policy_id = "{us}"
name = "Acme US"
subsidiary = "1"
[workspace.coding]
class = "tag:1"
project = "tag:2"
department = "report_field:Department"

[[workspace]]
policy_id = "{uk}"
name = "Acme UK"
subsidiary = "2"
[workspace.coding]
class = "tag:1"
project = "tag:2"
department = "report_field:Department"

[slack]
token = "file:slack_token"
channel = "{channel}"
base_url = "{slack}"
"""


def prepare(folder: Path, world: World, servers: Servers) -> Path:
    """Make the folder anew and fill it; returns the configuration's path.

    Raises UsageError for a folder that is not a demo's: nothing of it is touched.
    """
    if folder.exists() and not (folder / MARK).exists():
        raise UsageError(f"{folder} is there and is no demo: name another folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    (folder / MARK).touch(mode=0o600)
    for name, secret in _secrets(world).items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(secret, encoding="utf-8")
    config = folder / "monitor.toml"
    config.touch(mode=0o600)
    config.write_text(
        _CONFIG.format(
            folder=folder.absolute(),
            netsuite=servers.netsuite_url,
            expensify=servers.expensify_url,
            slack=servers.slack_url,
            channel=world.slack.channel,
            certificate=CERTIFICATE,
            us=US,
            uk=UK,
        ),
        encoding="utf-8",
    )
    return config


def _secrets(world: World) -> dict[str, str]:
    """Fresh secrets, known to both sides."""
    key = generate_private_key(SECP256R1())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    sign_in = world.netsuite.sign_in
    sign_in.client_id = "simulated-client-id"
    sign_in.certificates[CERTIFICATE] = public.decode()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "netsuite.pem": private.decode(),
        "client_id": sign_in.client_id,
        "expensify_id": world.expensify.credentials[0],
        "expensify_secret": world.expensify.credentials[1],
        "slack_token": world.slack.token,
    }
