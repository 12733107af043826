"""What is asked of npm, and what is made of its answers. Here npm is a script."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from sio_patch.npm import registry
from support.ground import Unavailable
from support.npm import npm as real_npm

BYTES = b"a tarball"
INTEGRITY = registry.integrity(BYTES)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory to work in. Its `npm` comes first in PATH."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def says(folder: Path, output: object, *, status: int = 0, errors: str = "", more: str = "") -> None:
    """The next npm command's answer. Its arguments are kept in `asked`."""
    text = output if isinstance(output, str) else json.dumps(output)
    script = folder.parent / "bin/npm"
    script.write_text(
        f"#!/bin/sh\necho \"$@\" > ../asked\n{more}\ncat <<'END'\n{text}\nEND\nprintf '%s' '{errors}' >&2\n"
        f"exit {status}\n",
        "utf-8",
    )
    script.chmod(0o755)


def asked(folder: Path) -> str:
    return (folder.parent / "asked").read_text("utf-8")


@pytest.mark.parametrize(
    ("answer", "versions"), [(["1.0.0", "1.1.0"], ("1.0.0", "1.1.0")), ("1.0.0", ("1.0.0",)), ("", ())]
)
def test_versions(answer: object, versions: tuple[str, ...], folder: Path) -> None:
    says(folder, json.dumps(answer) if answer else "")
    assert registry.versions("pump", folder) == versions
    assert asked(folder).startswith("view pump versions --json ")


def test_a_tarball_that_is_what_npm_says(folder: Path) -> None:
    says(folder, [{"integrity": INTEGRITY}], more="printf '%s' 'a tarball' > pump-1.0.0.tgz")
    assert [path.read_bytes() for path in registry.pack(["pump@1.0.0"], folder)] == [BYTES]
    assert "--ignore-scripts" in asked(folder)


@pytest.mark.parametrize(
    "answer", [[{"integrity": "sha512-AAAA"}], [{"shasum": "ab"}], [], {}, [{"integrity": INTEGRITY}] * 2]
)
def test_a_tarball_that_is_not(answer: object, folder: Path) -> None:
    says(folder, answer, more="printf '%s' 'a tarball' > pump-1.0.0.tgz")
    with pytest.raises(registry.NpmError, match="EINTEGRITY: the tarballs are sha512-"):
        registry.pack(["pump@1.0.0"], folder)


def test_several_tarballs_come_in_the_order_of_their_specs(folder: Path) -> None:
    """Whatever npm calls the files."""
    other = registry.integrity(b"another")
    answer = [{"integrity": INTEGRITY}, {"integrity": other}]
    says(folder, answer, more="printf 'another' > a.tgz; printf 'a tarball' > b.tgz")
    assert [path.name for path in registry.pack(["pump@1.0.0", "hose@1.0.0"], folder)] == ["b.tgz", "a.tgz"]


def test_an_installation_runs_no_script_and_stays_where_it_is(folder: Path) -> None:
    says(folder, {}, more="cp package.json ../manifest; mkdir node_modules")
    registry.install(["pump@1.0.0", "hose@2.0.0"], folder)
    words = asked(folder).split()
    assert words[0] == "install"
    assert {"--prefix=.", "--ignore-scripts", "--global=false", "--dry-run=false", "pump@1.0.0", "hose@2.0.0"} <= {
        *words
    }
    assert json.loads((folder.parent / "manifest").read_bytes()) == {"private": True}
    assert [path.name for path in folder.iterdir()] == ["node_modules"]


FAILURES = {
    "no such package": ({"error": {"code": "E404", "summary": "Not Found\nmore"}}, "", "E404", "Not Found", True),
    "no such version": ({"error": {"code": "ETARGET", "summary": "No match"}}, "", "ETARGET", "No match", True),
    "no network": ({"error": {"code": "ENOTFOUND", "summary": "off"}}, "", "ENOTFOUND", "off", False),
    "other bytes": ({"error": {"code": "EINTEGRITY", "summary": "sha512"}}, "", "EINTEGRITY", "sha512", False),
    "words only": ("", "npm ERR! broken\nmore", None, "npm ERR! broken", False),
    "nothing": ("", "", None, "status 1", False),
    "another form": ({"error": "no"}, "oh", None, "oh", False),
}


@pytest.mark.parametrize("case", FAILURES)
def test_failures(case: str, folder: Path) -> None:
    answer, errors, code, summary, unknown = FAILURES[case]
    says(folder, answer, status=1, errors=errors)
    with pytest.raises(registry.NpmError) as caught:
        registry.versions("pump", folder)
    assert (caught.value.code, caught.value.summary, caught.value.unknown) == (code, summary, unknown)
    assert str(caught.value).startswith("npm view pump: npm says")


def test_npm_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(registry.NpmError, match="it is not installed"):
        registry.versions("pump", folder)


def test_npm_hangs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sio_patch.npm.registry._LIMIT_S", 0.5)
    says(folder, "", more="sleep 60")
    with pytest.raises(registry.NpmError, match=r"it took more than 0\.5 s"):
        registry.versions("pump", folder)


def test_the_real_one_knows_no_such_version(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        raise Unavailable("npm is not installed")
    real_npm("ping", cwd=tmp_path)
    with pytest.raises(registry.NpmError) as caught:
        registry.pack(["socket.io@0.9.999"], tmp_path)
    assert caught.value.unknown
