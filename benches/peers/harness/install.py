"""Builds and installs what is measured, into a folder that is no part of the work tree."""

import hashlib
import os
import subprocess
import sys
import venv


def python(requirements, folder):
    """An environment with exactly these packages; its interpreter."""
    environment = folder / "venv"
    interpreter = environment / "bin" / "python"
    stamp = environment / "installed"
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        say("installing the Python engines")
        venv.create(environment, clear=True, with_pip=True)
        pip = [interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--only-binary", ":all:", "-r", requirements], check=True)
        stamp.write_text(wanted)
    return interpreter


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
