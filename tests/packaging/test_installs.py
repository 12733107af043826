"""Every way to install the project, each into an environment that has never seen it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import sio_patch
from sio_patch.documents import heads
from sio_patch.documents.catalogue import Catalogue
from support.ground import CHECKOUT, Unavailable
from support.program import environment
from support.trees import package

HANDLER = b"""\
Manager.prototype.handleUpgrade = function (req, socket, head) {
  req.head = head;
  this.handleClient(data, req);
};
"""
OFFLINE = ("No matching distribution found", "Could not find a version", "Temporary failure in name resolution")


def python(interpreter: Path | str, *arguments: str | Path, cwd: Path) -> str:
    """Runs a Python and returns what it printed. Unavailable where pip finds no registry."""
    process = subprocess.run(
        [str(interpreter), *map(str, arguments)],
        cwd=cwd,
        env=environment(PIP_DISABLE_PIP_VERSION_CHECK="1"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    if process.returncode != 0 and any(words in process.stdout for words in OFFLINE):
        raise Unavailable(f"pip finds no package registry: {process.stdout.strip()[-300:]}")
    assert process.returncode == 0, process.stdout
    return process.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    python(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", folder, CHECKOUT, cwd=folder)
    (path,) = folder.glob("*.whl")
    return path


def installed(what: list[str | Path], root: Path) -> Path:
    """A new virtual environment with this installed; returns its Python."""
    python(sys.executable, "-m", "venv", root / "venv", cwd=root)
    interpreter = root / "venv/bin/python"
    python(interpreter, "-m", "pip", "install", "-q", *what, cwd=root)
    return interpreter


def works(interpreter: Path, root: Path) -> None:
    """The installed program has its catalogue with it, and repairs a package, far from the checkout."""
    copy = package(root / "project/node_modules/socket.io", {"lib/manager.js": HANDLER})
    script = interpreter.with_name("sio-patch")
    assert python(script, "--version", cwd=root).split()[-1] == sio_patch_version()
    assert "req-head-leak" in python(script, "list", cwd=root)
    assert "tls" in python(script, "show", "req-head-leak", cwd=root)
    python(interpreter, script, "apply", "project/node_modules/socket.io", cwd=root)
    assert (copy / "lib/manager.js").read_bytes() == HANDLER.replace(b"req);\n", b"req);\n  delete req.head;\n")


def sio_patch_version() -> str:
    """The version that the checkout says it is."""
    namespace: dict[str, str] = {}
    exec((CHECKOUT / "codemod/sio_patch/version.py").read_text("utf-8"), namespace)
    return namespace["__version__"]


def where(interpreter: Path, module: str, root: Path) -> Path:
    """Where an installation takes a module from."""
    return Path(python(interpreter, "-I", "-c", f"import {module}; print({module}.__file__)", cwd=root).strip())


def test_the_wheel(wheel: Path, tmp_path: Path) -> None:
    interpreter = installed([wheel], tmp_path)
    works(interpreter, tmp_path)
    for module in ("sio_patch", "sio_catalogue"):
        assert where(interpreter, module, tmp_path).is_relative_to(tmp_path / "venv/lib")


def test_pip_install_of_the_checkout(tmp_path: Path) -> None:
    interpreter = installed([CHECKOUT], tmp_path)
    works(interpreter, tmp_path)
    assert where(interpreter, "sio_patch", tmp_path).is_relative_to(tmp_path / "venv/lib")


def test_editable_install(tmp_path: Path) -> None:
    interpreter = installed(["-e", CHECKOUT], tmp_path)
    works(interpreter, tmp_path)
    assert where(interpreter, "sio_patch", tmp_path) == CHECKOUT / "codemod/sio_patch/__init__.py"
    assert where(interpreter, "sio_catalogue", tmp_path) == CHECKOUT / "patches/sio_catalogue/__init__.py"


def sources() -> dict[str, bytes]:
    """What a wheel must carry: every file of the two packages, under its import package's name."""
    found = {}
    for package_ in (CHECKOUT / "codemod/sio_patch", CHECKOUT / "patches/sio_catalogue"):
        for path in package_.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                found[path.relative_to(package_.parent).as_posix()] = path.read_bytes()
    return found


def contents(wheel: Path) -> dict[str, bytes]:
    """A wheel's files, without its own papers."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_carries_the_sources_the_heads_and_nothing_else(wheel: Path) -> None:
    assert contents(wheel) == {**sources(), f"sio_catalogue/{heads.FILE}": the_heads()}


def the_heads() -> bytes:
    """Of the checkout's documents."""
    return heads.written(Catalogue.of(CHECKOUT / "patches/sio_catalogue").all())


# What the program opens, told by the interpreter itself.
OPENS = """
import sys
def told(event, arguments):
    if event == "open" and str(arguments[0]).endswith("README.md"):
        print("OPENED", arguments[0])
sys.addaudithook(told)
from sio_patch.__main__ import main
main()
"""


def test_a_run_with_nothing_to_do_opens_no_document(wheel: Path, tmp_path: Path) -> None:
    """The heads answer: when a copy is patched, and when it has been."""
    interpreter = installed([wheel], tmp_path)
    copy = package(tmp_path / "project/node_modules/socket.io", {"lib/manager.js": HANDLER}, version="0.9.13")
    opened = []
    for verdict in ("patched", "applied", "applied"):
        said = python(interpreter, "-c", OPENS, "apply", copy, cwd=tmp_path)
        assert verdict in said
        opened.append(said.count("OPENED"))
    assert opened == [1, 0, 0]
    edited = next(interpreter.parents[1].glob("lib/python*/site-packages/sio_catalogue/req-head-leak/README.md"))
    edited.write_bytes(edited.read_bytes().replace(b">=0.7.0 <0.9.14", b">=0.7.0 <0.9.10"))
    said = python(interpreter, "-c", OPENS, "apply", copy, cwd=tmp_path)
    assert "OPENED" in said
    assert "outside the affected range >=0.7.0 <0.9.10" in " ".join(said.split())


def test_every_document_of_the_catalogue_is_in_the_wheel(wheel: Path) -> None:
    ids = [path.parent.name for path in (CHECKOUT / "patches/sio_catalogue").glob("*/README.md")]
    assert "req-head-leak" in ids
    assert {f"sio_catalogue/{each}/README.md" for each in ids} <= set(contents(wheel))
    assert "sio_patch/py.typed" in contents(wheel)


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (papers,) = {name.partition("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        metadata = archive.read(f"{papers}/METADATA").decode()
        assert "sio-patch = sio_patch.__main__:main" in archive.read(f"{papers}/entry_points.txt").decode()
        assert f"{papers}/licenses/LICENSE" in archive.namelist()
    assert "Requires-Dist: esprima-fork==5.0.0" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_a_source_archive_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    python(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=CHECKOUT)
    (sdist,) = tmp_path.glob("*.tar.gz")
    python(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", tmp_path / "out", sdist, cwd=tmp_path)
    (again,) = (tmp_path / "out").glob("*.whl")
    assert contents(again) == contents(wheel)


def test_this_suite_runs_against_what_it_says_it_does() -> None:
    """``make test`` sets this: there the modules under test come from the installed wheel, not from the checkout."""
    if os.environ.get("SIO_PATCH_SUITE") != "wheel":
        pytest.skip("not a run against the wheel")
    assert "site-packages" in Path(sio_patch.__file__).parts
    assert not Path(sio_patch.__file__).is_relative_to(CHECKOUT / "codemod")
