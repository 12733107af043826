"""The two lines that README gives for package.json, run by the real npm with the real socket.io."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from pathlib import Path

import pytest

from support.ground import CHECKOUT, FIXTURES
from support.manager import FILE, VERSION, patched, published
from support.npm import Ran, npm
from support.program import environment, program, sio_patch
from support.trees import RECEIPT, state

HOOK = "sio-patch apply -q"
COPY = Path("node_modules/socket.io")
OPTIONS = ("--omit=optional",)


def project(root: Path, socket_io: str = VERSION) -> Path:
    """A project that depends on socket.io and repairs it after every install."""
    manifest = {
        "name": "an-old-service",
        "version": "1.0.0",
        "private": True,
        "scripts": {"postinstall": HOOK, "dependencies": HOOK},
        "dependencies": {"socket.io": socket_io},
    }
    (root / "package.json").write_text(json.dumps(manifest, indent=2))
    return root


def run(root: Path, *arguments: str, check: bool = True) -> Ran:
    """npm with ``sio-patch`` on the path, as a person's shell would have it."""
    path = f"{program().parent}{os.pathsep}{os.environ['PATH']}"
    return npm(*arguments, *OPTIONS, cwd=root, env=environment(PATH=path), check=check)


def is_patched(root: Path) -> bool:
    """Whether the installed copy is the published one plus our line."""
    return (root / COPY / FILE).read_bytes() == patched(published()) and (root / COPY / RECEIPT).exists()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project after its first ``npm install``; tests that change it copy it."""
    root = project(tmp_path_factory.mktemp("service"))
    run(root, "install")
    assert is_patched(root)
    return root


def copied(installed: Path, tmp_path: Path) -> Path:
    """The same project somewhere else, to be changed."""
    return Path(shutil.copytree(installed, tmp_path / "service", symlinks=True))


@pytest.mark.parametrize("script", ["postinstall", "dependencies"])
def test_readme_shows_the_same_lines(script: str) -> None:
    assert f'"{script}": "{HOOK}"' in (CHECKOUT / "README.md").read_text("utf-8")


def test_npm_install(installed: Path) -> None:
    assert is_patched(installed)


def test_npm_install_again(installed: Path, tmp_path: Path) -> None:
    root = copied(installed, tmp_path)
    before = state(root / COPY)
    again = run(root, "install")
    assert state(root / COPY) == before
    assert "refused" not in again.output


def test_npm_ci(installed: Path, tmp_path: Path) -> None:
    root = copied(installed, tmp_path)
    (root / COPY / FILE).write_bytes(published())
    run(root, "ci")
    assert is_patched(root)


def test_npm_install_of_another_package(installed: Path, tmp_path: Path) -> None:
    root = copied(installed, tmp_path)
    run(root, "install", "ms@2.1.3")
    assert (root / "node_modules/ms").is_dir()
    assert is_patched(root)


def test_npm_install_of_another_package_that_lays_the_copy_anew(installed: Path, tmp_path: Path) -> None:
    """Only the ``dependencies`` script runs here, and the copy it finds is as published."""
    root = copied(installed, tmp_path)
    shutil.rmtree(root / COPY)
    run(root, "install", "ms@2.1.3")
    assert is_patched(root)


def test_npm_uninstall_of_another_package(installed: Path, tmp_path: Path) -> None:
    root = copied(installed, tmp_path)
    run(root, "install", "ms@2.1.3")
    shutil.rmtree(root / COPY)
    run(root, "uninstall", "ms")
    assert is_patched(root)


def test_ignore_scripts_leaves_it_as_published_and_status_says_so(installed: Path, tmp_path: Path) -> None:
    """What README warns of."""
    root = copied(installed, tmp_path)
    run(root, "ci", "--ignore-scripts")
    assert (root / COPY / FILE).read_bytes() == published()
    seen = sio_patch("status", "--check", "--json", cwd=root)
    assert (seen.exit, seen.row.verdict) == (1, "needs-patch")


@pytest.mark.parametrize("command", ["install", "ci"])
def test_a_refusal_fails_the_install_with_its_reason_on_the_screen(command: str, tmp_path: Path) -> None:
    tarball(tmp_path / "socket.io-0.9.13.tgz", (FIXTURES / "traps/two-handlers.js").read_bytes())
    root = project(tmp_path, "file:socket.io-0.9.13.tgz")
    if command == "ci":
        run(root, "install", "--package-lock-only")
    failed = run(root, command, check=False)
    assert failed.exit != 0
    assert "refused" in failed.output
    assert "lib/manager.js" in failed.output
    assert HOOK in failed.output
    assert (root / COPY / FILE).read_bytes() == (FIXTURES / "traps/two-handlers.js").read_bytes()


def tarball(path: Path, manager: bytes) -> None:
    """A package as a registry would serve it, with this lib/manager.js."""
    files = {"package.json": b'{"name": "socket.io", "version": "0.9.13"}', FILE: manager}
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def test_a_workspace_member_repairs_the_copy_at_the_root(tmp_path: Path) -> None:
    """npm runs the member's hook in the member, and hoists what it depends on."""
    member = tmp_path / "packages/chat"
    member.mkdir(parents=True)
    project(member)
    root = {"name": "root", "version": "1.0.0", "private": True, "workspaces": ["packages/*"]}
    (tmp_path / "package.json").write_text(json.dumps(root))
    run(tmp_path, "install")
    assert not (member / "node_modules").exists()
    assert is_patched(tmp_path)
