"""Where the configuration and the database are, and which zone reading commands speak in."""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.errors import ConfigError

USUAL_PLACES = (Path("config/monitor.toml"), Path("/etc/sync-drift-monitor/monitor.toml"))

_LARGEST_BYTES = 1_000_000


def find_config(given: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The configuration file: the one given, $MONITOR_CONFIG, or the first of the usual places.

    Raises ConfigError saying where it looked. A file that is named but missing is an error, never a
    reason to look further.
    """
    named = given or (Path(environ["MONITOR_CONFIG"]) if environ.get("MONITOR_CONFIG") else None)
    if named is not None:
        if named.exists():
            return named
        make = f"monitor init --config {shlex.quote(str(named))}"
        raise ConfigError(f"{named} not found: `{make}` writes a first one")
    for place in USUAL_PLACES:
        if place.exists():
            return place
    looked = ", ".join(["--config", "$MONITOR_CONFIG", *map(str, USUAL_PLACES)])
    raise ConfigError(
        f"no configuration (looked at {looked}): `monitor init` writes a first one, "
        "or try `monitor demo`, which needs none"
    )


def read_toml(path: Path) -> dict[str, Any]:
    """The file's keys, unchecked. Raises ConfigError naming the line when it is no TOML."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
        if len(content) > _LARGEST_BYTES:
            raise ConfigError(f"{path} is larger than any configuration: name the right file")
        return tomllib.loads(content.decode())
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8 text: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    except ValueError as error:  # what Python itself says of a number
        raise ConfigError(f"{path} has a number that is too long") from error
    except RecursionError as error:
        raise ConfigError(f"{path} is nested too deeply: write it like the example") from error


def time_zone(config: Path) -> str | None:
    """The zone that the configuration names, None where it names none that exists."""
    schedule = read_toml(config).get("schedule", {})
    name = schedule.get("time_zone") if isinstance(schedule, dict) else None
    try:
        return ZoneInfo(name).key if isinstance(name, str) else None
    except (KeyError, ValueError, OSError):  # no such zone, or no name of one
        return None


def masks_people(config: Path) -> bool:
    """Whether the configuration asks for initials instead of names."""
    alerts = read_toml(config).get("alerts", {})
    return isinstance(alerts, dict) and alerts.get("mask_people") is True


def default_store_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the database is when nobody says: systemd's state folder, else the working folder."""
    # systemd lists several folders with colons when a unit has several
    folder = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(folder) / "monitor.db"
