"""Builds and installs what is measured, into a folder that is no part of the work tree."""

import hashlib
import os
import shutil
import subprocess
import sys


def python(requirements, environment, base=sys.executable):
    """An environment of this Python with exactly these packages; its interpreter."""
    interpreter = environment / "bin" / "python"
    stamp = environment / "installed"
    wanted = hashlib.sha256(requirements.read_bytes() + version(base).encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        say(f"installing {requirements.name} for Python {version(base)}")
        subprocess.run([base, "-m", "venv", "--clear", environment], check=True)
        pip = [interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--only-binary", ":all:", "-r", requirements], check=True)
        stamp.write_text(wanted)
    return interpreter


def newer_python(least, given=None):
    """A Python that is at least so new, or nothing: the one that is given, the harness's own, or one on the path."""
    known = [given] if given else [sys.executable, *map(shutil.which, ("python3.13", "python3.14", "python3.15"))]
    return next((base for base in known if base and numbers(version(base)) >= numbers(least)), None)


def version(base):
    """Of a Python; 0.0 of what is none, such as a shim of pyenv for a version that is not chosen."""
    asked = [base, "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip() or "0.0"


def numbers(text):
    return tuple(int(part) for part in text.split(".")[:2])


def rust(manifest, folder):
    """The program with the Rust engines."""
    say("building the Rust engines")
    cargo("build", "--release", "--locked", "--manifest-path", manifest, target=folder / "rust")
    return folder / "rust" / "release" / "peers"


def knee(root):
    """knee itself, as it is shipped."""
    say("building knee")
    target = root / os.environ.get("CARGO_TARGET_DIR", "target")
    cargo("build", "--release", "--locked", "--manifest-path", root / "Cargo.toml", target=target)
    return target / "release" / "knee"


def cargo(*arguments, target):
    command = ["cargo", arguments[0], "--quiet", "--target-dir", target, *arguments[1:]]
    subprocess.run(command, check=True)


def say(what):
    print(what, file=sys.stderr, flush=True)
