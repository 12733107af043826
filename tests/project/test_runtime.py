"""Which Node a project asks for, and which rows of a table that reaches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sio_patch.npm import ranges
from sio_patch.project.runtime import RELEASES, Row, WantedNode, effects, wanted_node

TABLE = (
    Row("<0.10", "none", "the size is a literal"),
    Row("0.10.x", "effective", "the setting is read"),
    Row("0.12.x", "partial", "legacy secure pairs only"),
    Row(">=1.0.0", "none", "there is no slab"),
)


def lay(project: Path, **package: object) -> None:
    (project / "package.json").write_text(json.dumps(package))


def test_the_first_that_says_something(tmp_path: Path) -> None:
    lay(tmp_path, engines={"node": "0.6", "npm": "1"}, volta={"node": "0.8.1"})
    (tmp_path / ".node-version").write_text("0.8.2\n")
    (tmp_path / ".nvmrc").write_text("0.8.3\n")
    assert wanted_node(tmp_path, "0.8.4") == WantedNode("0.8.4", "--node")
    assert wanted_node(tmp_path) == WantedNode("0.8.3", ".nvmrc")
    (tmp_path / ".nvmrc").write_text("\n# nothing\n")
    assert wanted_node(tmp_path) == WantedNode("0.8.2", ".node-version")
    (tmp_path / ".node-version").unlink()
    assert wanted_node(tmp_path) == WantedNode("0.8.1", "volta.node in package.json")
    lay(tmp_path, engines={"node": "0.6"}, volta={"yarn": "1"})
    assert wanted_node(tmp_path) == WantedNode("0.6", "engines.node in package.json")


@pytest.mark.parametrize(
    "package",
    [{}, {"engines": {}}, {"engines": {"node": ""}}, {"engines": "node"}, {"volta": []}, {"engines": ["npm"]}],
)
def test_nothing_is_said(package: dict[str, object], tmp_path: Path) -> None:
    lay(tmp_path, **package)
    assert wanted_node(tmp_path) is None


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe"])
def test_a_package_json_that_cannot_be_used(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_bytes(data)
    assert wanted_node(tmp_path) is None
    assert wanted_node(tmp_path / "nowhere") is None
    assert wanted_node(tmp_path / "package.json") is None


@pytest.mark.parametrize(
    "said",
    [
        *("v0.10.48", "0.10", "0.8.x", ">=0.8 <0.11", "~0.10", "~> 0.8", ">= 0.8.0", "0.8 || 0.10", "0.6 - 0.10", "*"),
        *("x", "^0.10.0", "=0.10.2", ">0.10.48 <0.11", "10", ">=0.9.0-pre"),
    ],
)
def test_ranges(said: str, tmp_path: Path) -> None:
    lay(tmp_path, engines={"node": f" {said} "})
    assert wanted_node(tmp_path) == WantedNode(said, "engines.node in package.json")
    assert wanted_node(tmp_path, said) == WantedNode(said, "--node")


def test_engines_as_a_list(tmp_path: Path) -> None:
    lay(tmp_path, engines=["npm > 1", 7, "node >= 0.4.1 < 0.9"])
    assert wanted_node(tmp_path) == WantedNode(">= 0.4.1 < 0.9", "engines.node in package.json")
    lay(tmp_path, engines=["nodejs", "node-waf", "node"])
    assert wanted_node(tmp_path) is None


@pytest.mark.parametrize(
    ("data", "range_"),
    [
        (b"v0.10.48", "v0.10.48"),
        (b"  0.10 # our servers\r\n0.12\r\n", "0.10"),
        (b"# why\n\n0.8\n", "0.8"),
        (b"\xef\xbb\xbf0.8.21\n", "0.8.21"),
        ("v0.8.21\r\n".encode("utf-16"), "v0.8.21"),
        (b"node-v0.8.21", "v0.8.21"),
    ],
)
def test_version_files(data: bytes, range_: str, tmp_path: Path) -> None:
    for name in (".node-version", ".nvmrc"):
        (tmp_path / name).write_bytes(data)
        assert wanted_node(tmp_path) == WantedNode(range_, name)


@pytest.mark.parametrize(
    "alias", ["lts/*", "lts/argon", "node", "stable", "unstable", "latest", "system", "default", "iojs", "iojs-v1.2"]
)
def test_aliases_are_unknown(alias: str, tmp_path: Path) -> None:
    lay(tmp_path, engines={"node": "0.10"})
    (tmp_path / ".nvmrc").write_text(alias + "\n")
    note = f".nvmrc says {alias}, a name for releases that change, not a range of them"
    assert wanted_node(tmp_path) == WantedNode(None, ".nvmrc", note)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("junk", "'junk'"),
        (">= 0.6 && < 0.9", "'>= 0.6 && < 0.9'"),
        (">=0.8 <0.11 or so", "'>=0.8 <0.11 or so'"),
        ("0.10.x || recent", "'0.10.x || recent'"),
        ("0.10.", "'0.10.'"),
        ("\x1b[31m", "'?[31m'"),
        ("0" * 5000, "'" + "0" * 60 + "'"),
        ("/usr/bin/node", "'/usr/bin/node'"),
    ],
)
def test_junk_is_unknown(said: str, shown: str, tmp_path: Path) -> None:
    lay(tmp_path, engines={"node": said})
    source = "engines.node in package.json"
    note = f"{source} says {shown}, which is not a Node version or npm range"
    assert wanted_node(tmp_path) == WantedNode(None, source, note)


def test_what_is_not_text(tmp_path: Path) -> None:
    lay(tmp_path, volta={"node": 0.1}, engines={"node": "0.8"})
    note = "volta.node in package.json is not text"
    assert wanted_node(tmp_path) == WantedNode(None, "volta.node in package.json", note)
    (tmp_path / ".nvmrc").mkdir()
    found = wanted_node(tmp_path)
    assert found is not None
    assert found[:2] == (None, ".nvmrc")
    assert found.note is not None
    assert found.note.endswith("is a directory, not a file")


def test_a_version_file_that_leads_outside(tmp_path: Path) -> None:
    (tmp_path / "srv").mkdir()
    (tmp_path / "secret").write_text("0.10")
    (tmp_path / "srv/.nvmrc").symlink_to("../secret")
    found = wanted_node(tmp_path / "srv")
    assert found is not None
    assert found.range is None
    assert "outside" in (found.note or "")


def reached(range_: str) -> list[str]:
    """Each row as its range, then the first and the last release."""
    rows = effects(range_, TABLE).reached
    return [f"{row.row.node}: {row.releases[0]} {row.releases[-1]}" for row in rows]


@pytest.mark.parametrize(
    ("range_", "rows"),
    [
        ("0.8.x", ["<0.10: 0.8.0 0.8.28"]),
        ("v0.10.48", ["0.10.x: 0.10.48 0.10.48"]),
        (">=0.8 <0.11", ["<0.10: 0.8.0 0.9.12", "0.10.x: 0.10.0 0.10.48"]),
        ("~0.10", ["0.10.x: 0.10.0 0.10.48"]),
        ("0.8 || 0.12", ["<0.10: 0.8.0 0.8.28", "0.12.x: 0.12.0 0.12.18"]),
        (">0.10.48 <0.11", []),
        ("0.10.99", []),
        ("6.9.1", [">=1.0.0: 6.9.1 6.9.1"]),
        (">6.9.1 <=6.9.2", [">=1.0.0: 6.9.2 6.9.2"]),
        (">=99", [">=1.0.0: 99.0.0 99.0.1"]),
        (">2 <1", []),
        ("<0.12.0-rc1 >=0.12.0-alpha", []),
        (
            ">=0.9",
            ["<0.10: 0.9.0 0.9.12", "0.10.x: 0.10.0 0.10.48", "0.12.x: 0.12.0 0.12.18", ">=1.0.0: 1.0.0 26.0.0"],
        ),
    ],
)
def test_rows_that_can_occur(range_: str, rows: list[str]) -> None:
    assert reached(range_) == rows


def test_what_no_row_speaks_of() -> None:
    assert effects("0.11", TABLE).unlisted == tuple(f"0.11.{patch}" for patch in range(17))
    assert effects("0.10", TABLE).unlisted == ()
    assert effects("6.9.1", ()).unlisted == ("6.9.1",)


def test_a_row_may_begin_between_the_releases_that_are_known() -> None:
    table = (Row(">=4.3.2", "late", ""), Row("<4.3.2", "early", ""), Row("5.1.7", "one", ""), Row(">7.7.7", "last", ""))
    assert [row.row.effect for row in effects("4", table).reached] == ["late", "early"]
    assert [row.row.effect for row in effects("~5.1", table).reached] == ["late", "one"]
    assert [row.row.effect for row in effects(">=7.7.7 <7.8", table).reached] == ["late", "last"]


def test_no_range_is_an_error() -> None:
    with pytest.raises(ValueError, match="'junk' is not an npm version range"):
        effects("junk", TABLE)
    with pytest.raises(ValueError, match="'more junk' is not an npm version range"):
        effects("0.10", (Row("more junk", "", ""),))


def test_the_releases() -> None:
    assert len(RELEASES) == len(set(RELEASES)) == 13 + 11 + 22 + 13 + 29 + 13 + 49 + 17 + 19 + 26
    assert RELEASES[0] == "0.4.0"
    assert {"0.6.21", "0.8.28", "0.10.48", "0.11.16", "0.12.18", "4.0.0"} < set(RELEASES)
    assert ranges.inside("*", RELEASES) == RELEASES


PIECES = st.sampled_from([*"01289.x*~^<>=|-v & ,abc+", "0.10", "||", " - ", ">="])
RANGES = st.lists(PIECES, max_size=12).map("".join)


@settings(deadline=None)
@given(first=RANGES, second=RANGES)
def test_any_text_is_a_range_or_is_not(first: str, second: str) -> None:
    if not ranges.is_range(first) or not ranges.is_range(second):
        with pytest.raises(ValueError):
            effects(first, (Row(second, "", ""),))
        return
    found = effects(first, (Row(second, "", ""),))
    for release in found.reached[0].releases if found.reached else ():
        assert ranges.inside(first, [release])
        assert ranges.inside(second, [release])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=80), said=st.text(max_size=20) | RANGES)
def test_any_content_is_an_answer(data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / ".nvmrc").write_bytes(data)
    lay(tmp_path, engines={"node": said})
    for found in (wanted_node(tmp_path), wanted_node(tmp_path, said)):
        assert found is None or (found.range is None) != (found.note is None)
        assert found is None or (found.note or "").isprintable()
