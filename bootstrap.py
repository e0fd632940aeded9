"""Makes `.venv` from a hash-pinned lock, with nothing but python3; a no-op when it is up to date.

    python3 bootstrap.py base|dev [--browser]

uv on PATH is used; else pip (through ensurepip) installs the pinned uv, which is much faster
than pip for the rest. No index is named anywhere: yours is honoured.
"""

from __future__ import annotations

import argparse
import configparser
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts" if os.name == "nt" else "bin") / "python"
DONE = VENV / "installed-lock"
MISSING = (
    "python3 here can neither make a virtual environment nor is uv on PATH. Install it with:\n"
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def digest(lock: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / f"{lock}.lock").read_bytes()).hexdigest()


def is_up_to_date(lock: str) -> bool:
    """The development set contains the base set, so it serves for both."""
    if not PYTHON.exists() or not DONE.exists():
        return False
    kept, _, recorded = DONE.read_text().strip().partition(" ")
    return kept in {lock, "dev"} and recorded == digest(kept)


def stop(words: str) -> None:
    sys.exit(f"bootstrap: {words}")


def run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command])
    if done.returncode:
        stop(f"this failed: {' '.join(str(part) for part in command)}")


def how_to_get_venv() -> str:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if shutil.which("apt-get"):
        return f"  apt-get install -y {version}-venv    (or python3-venv; or install uv)"
    return "  install the venv module of your python3 (package python3-venv or the like), or uv"


def make_environment(uv: str | None) -> str:
    """An empty `.venv`; returns the uv to fill it with."""
    if uv:
        run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV)
        return uv
    try:
        import ensurepip  # noqa: F401 - Debian's bare python3 lacks it
    except ImportError:
        stop(MISSING + how_to_get_venv())
    venv.create(VENV, clear=True, with_pip=True)
    lock = ROOT / "requirements" / "uv.lock"
    run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock)
    return str(PYTHON.with_name("uv"))


def uv_on_hand() -> str | None:
    own = PYTHON.with_name("uv")
    return str(own) if own.exists() else shutil.which("uv")


def pip_settings() -> dict[str, str]:
    """pip's mirror and certificates under uv's names: uv does not read them by itself."""
    files = configparser.RawConfigParser()
    home = Path.home()
    places = [Path("/etc/pip.conf"), home / ".pip/pip.conf", home / ".config/pip/pip.conf"]
    files.read([*places, Path(os.environ.get("PIP_CONFIG_FILE", os.devnull))])
    found = {}
    for name, uv_name in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        own = os.environ.get(f"PIP_{name.replace('-', '_').upper()}")
        if value := own or files.get("global", name, fallback=""):
            found[uv_name] = value
    return found


def fill(uv: str, lock: str) -> None:
    file = str(ROOT / "requirements" / f"{lock}.lock")
    # Compiled once here: not at every start where Python is told to write no bytecode.
    sync = [uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes"]
    sync += ["--python", str(PYTHON), file]
    if subprocess.run(sync, env={**pip_settings(), **os.environ}).returncode:
        print("bootstrap: uv could not; trying pip, which takes longer …", flush=True)
        run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", file)
    DONE.write_text(f"{lock} {digest(lock)}\n")


def install(lock: str) -> None:
    if is_up_to_date(lock):
        return
    if DONE.exists() and DONE.read_text().startswith("dev "):
        lock = "dev"  # never take the tests' tools away again
    print(f"bootstrap: installing requirements/{lock}.lock into .venv …", flush=True)
    uv = uv_on_hand()
    if not PYTHON.exists():
        uv = make_environment(shutil.which("uv"))
    DONE.unlink(missing_ok=True)
    fill(uv or make_environment(None), lock)


def install_node_tools() -> None:
    """What checks the pages' JavaScript. Without it those checks are skipped and say so."""
    lock, done = ROOT / "package-lock.json", ROOT / "node_modules" / "installed-lock"
    npm = PYTHON.with_name("npm")
    if not lock.exists() or not npm.exists():
        return
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if done.exists() and done.read_text() == wanted:
        return
    print("bootstrap: installing package-lock.json into node_modules …", flush=True)
    path = f"{npm.parent}{os.pathsep}{os.environ['PATH']}"
    if subprocess.run(
        [str(npm), "ci", "--silent"], cwd=ROOT, env={**os.environ, "PATH": path}
    ).returncode:
        print("bootstrap: npm could not; the JavaScript checks are skipped", flush=True)
        return
    done.write_text(wanted)


def find_browser() -> None:
    """Debian as root can have Chromium for the browser tests; elsewhere they skip and say why."""
    if os.environ.get("E2E_CHROMIUM") or any(shutil.which(name) for name in CHROMIUM):
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print("bootstrap: installing chromium for the browser tests …", flush=True)
    get = "apt-get install -y -qq --no-install-recommends chromium"
    if not quietly(get):
        quietly("apt-get update -qq")
        quietly(get)


def quietly(command: str) -> bool:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command.split(), env=env, capture_output=True)
    return done.returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lock", choices=["base", "dev"])
    parser.add_argument("--browser", action="store_true")
    asked = parser.parse_args()
    if sys.version_info < (3, 11):
        stop(f"python3 is {sys.version.split()[0]}; 3.11 or newer is needed")
    install(asked.lock)
    if asked.lock == "dev":
        install_node_tools()
    run(PYTHON, "-m", "config.words", "compile")
    if asked.browser:
        find_browser()


if __name__ == "__main__":
    main()
