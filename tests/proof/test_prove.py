"""The whole of `prove` on made-up proofs, run by today's Node; only what npm would fetch is made up too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import sio_catalogue
from proof.fakes import (
    FORKS,
    HEAD,
    ID,
    PUBLISHED,
    UPSTREAM,
    VERSION,
    install,
    left_of,
    living,
    matplotlib,
    node,
    publish,
)
from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.document import read
from sio_patch.documents.errors import DocumentError
from sio_patch.npm import registry
from sio_patch.proof.prove import Wish, prove
from sio_patch.proof.report import Conclusion, Health, ProofReport, exit_status
from sio_patch.proof.spec import spec_of
from sio_patch.report.json import proof_json
from sio_patch.report.proof_text import proof_text
from sio_patch.verdict import CallError
from support.ground import CHECKOUT

HEALTHY, DEFECTIVE = "0", "1"
CRASH = "try { throw new TypeError('oh'); } catch (error) { console.error(error.stack); process.exit(7); }"


@pytest.fixture(autouse=True)
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache, a catalogue with one patch, a registry with one package, and a place for scratch directories."""
    (tmp_path / "scratch").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(sio_catalogue, "__path__", [str(tmp_path / "catalogue")])
    monkeypatch.setattr(registry, "versions", lambda name, scratch: tuple(PUBLISHED))
    monkeypatch.setattr(registry, "install", install())


def proven(folder: Path, proof: str | None, wish: Wish | None = None) -> ProofReport:
    """The report; whatever it says, nothing is left."""
    report = prove(publish(folder, proof), wish or Wish(node=node(), limit_s=60))
    assert left_of(folder / "scratch") == []
    assert list((folder / "scratch").iterdir()) == []
    return report


def exits(published: str, patched: str) -> str:
    """A proof that does something in each run: a status to exit with, or code."""
    first, second = (f"process.exit({what})" if what.isdigit() else what for what in (published, patched))
    return f"if (patched) {{ {second} }} else {{ {first} }}"


RUNS = {
    "proven": (DEFECTIVE, HEALTHY, Conclusion.PROVEN, "Proven: "),
    "no effect": (DEFECTIVE, DEFECTIVE, Conclusion.NO_EFFECT, "with the patch just the same"),
    "not shown": (HEALTHY, HEALTHY, Conclusion.NOT_SHOWN, "does not show, neither"),
    "made worse": (HEALTHY, DEFECTIVE, Conclusion.MADE_WORSE, "shows with the patch"),
    "unclear as published": ("2", HEALTHY, Conclusion.UNCLEAR, "as published could not tell: it ended with status 2."),
    "unclear with the patch": ("1", "7", Conclusion.UNCLEAR, "the patch could not tell: it ended with status 7."),
    "with a reason": ("say({ reason: 'noise' }); process.exit(2)", "0", Conclusion.UNCLEAR, "could not tell: noise."),
    "a crash": (CRASH, "0", Conclusion.UNCLEAR, "it ended with status 7, saying: TypeError: oh."),
    "a signal": ("process.abort()", "0", Conclusion.UNCLEAR, "it ended with SIGABRT"),
    "junk": ("console.log('hello')", "0", Conclusion.UNCLEAR, "line 1 of what it printed is not as it should be"),
    "junk later": ("1", "say({ reason: 'a' }); console.log('{}')", Conclusion.UNCLEAR, "line 2 of what it printed"),
    "a hang": ("1", FORKS + "setInterval(String, 1000)", Conclusion.UNCLEAR, "it took more than 1.5 s and was ended"),
    "left-overs": (FORKS + "setTimeout(function () { process.exit(1); }, 300)", "0", Conclusion.PROVEN, "Proven: "),
}


@pytest.mark.parametrize("case", RUNS)
def test_two_runs(case: str, tmp_path: Path) -> None:
    published, patched, conclusion, message = RUNS[case]
    report = proven(tmp_path, exits(published, patched), Wish(node=node(), limit_s=1.5 if case == "a hang" else 60))
    assert report.conclusion is conclusion, report.sentence
    assert message in report.sentence
    assert exit_status(report) == (0 if conclusion is Conclusion.PROVEN else 3)
    assert message in proof_text(report)
    assert json.loads(proof_json(report))["conclusion"] == conclusion.value


def test_the_second_run_is_spared_where_the_first_could_not_tell(tmp_path: Path) -> None:
    assert proven(tmp_path, exits("2", "0")).patched is None


def test_checks_are_compared(tmp_path: Path) -> None:
    proof = "say({ check: { name: 'it stops', passed: !patched } }); process.exit(patched ? 0 : 1)"
    report = proven(tmp_path, proof)
    assert (report.conclusion, exit_status(report)) == (Conclusion.BROKEN, 3)
    assert "it stops" in report.sentence


def test_what_a_proof_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The contract of docs/proofs.md, seen from inside."""
    for name in ("NODE_OPTIONS", "NODE_PATH", "npm_config_registry", "A_SECRET"):
        monkeypatch.setenv(name, "--no-such-option")
    proof = """
    var target = process.env.SIO_PATCH_TARGET, names = Object.keys(process.env).filter(function (name) {
      return !/^(PATH|LANG|LC_ALL|LD_LIBRARY_PATH|OPENSSL_CONF|SIO_PATCH_\\w+|HOME|TMPDIR)$/.test(name);
    });
    process.stdin.on('end', function () { process.exit(3); }).resume();
    var found = [process.env.SIO_PATCH_PHASE, process.env.SIO_PATCH_ROUNDS, names, fs.readdirSync('.'), typeof gc,
      fs.realpathSync(process.env.HOME) === process.cwd(), fs.realpathSync(process.env.TMPDIR) === process.cwd(),
      require(target + '/package.json').version, require('path').isAbsolute(target), __filename.slice(-26)];
    say({ reason: JSON.stringify(found) });
    setTimeout(function () { process.exit(patched ? 0 : 1); }, 200);
    """
    report = proven(tmp_path, proof, Wish(node=node(), rounds=3))
    assert report.published is not None
    assert report.patched is not None
    common = ["3", [], [], "function", True, True, VERSION, True, f"catalogue/{ID}/proof.js"[-26:]]
    # A reason is kept only of a run that could not tell: so ask for it in one.
    assert (report.published.reason, report.patched.reason) == (None, None)
    unclear = prove(publish(tmp_path / "again", proof.replace("patched ? 0 : 1", "2")), Wish(node=node(), rounds=3))
    assert unclear.published is not None
    assert unclear.published.reason is not None
    assert json.loads(unclear.published.reason) == ["published", *common]


def test_both_runs_have_code_of_their_own(tmp_path: Path) -> None:
    proof = "fs.writeFileSync(process.env.SIO_PATCH_TARGET + '/lib/mine', ''); process.exit(patched ? 0 : 1)"
    assert proven(tmp_path, proof).conclusion is Conclusion.PROVEN
    (tree,) = (tmp_path / "cache/sio-patch/packages").glob("*/tree")
    assert sorted(path.name for path in tree.rglob("*") if path.is_file()) == ["package.json", "pump.js"]


def test_readings_and_progress(tmp_path: Path) -> None:
    proof = """
    say({ plan: { readings: 2, x: 'stops', y: 'water', unit: 'l' } });
    [1, 2].forEach(function (x) { say({ reading: { series: 'tank', x: x, y: patched ? 0 : x } }); });
    say({ figure: { name: 'loss', value: patched ? 0 : 1, unit: 'l per stop' } });
    process.exit(patched ? 0 : 1);
    """
    seen: list[tuple[str, int, int]] = []
    report = prove(publish(tmp_path, proof), Wish(node=node()), lambda *told: seen.append(told))
    assert report.published is not None
    assert [reading.y for reading in report.published.readings] == [1, 2]
    assert "loss     1.00          0.00     l per stop\n" in proof_text(report)
    assert seen[0] == (f"Looking at {node()}", 0, 0)
    for stage in ("pump 1.9.0 as published", "pump 1.9.0 with the patch"):
        steps = [(done, total) for name, done, total in seen if name == stage]
        assert (steps[0], steps[-1]) == ((0, 0), (2, 2))
        assert (1, 2) in steps


def test_a_plot(tmp_path: Path) -> None:
    matplotlib()
    proof = "say({ reading: { series: 'tank', x: 1, y: patched ? 0 : 1 } }); process.exit(patched ? 0 : 1)"
    report = proven(tmp_path, proof, Wish(node=node(), plot=tmp_path / "tank.svg"))
    assert (report.conclusion, report.plot) == (Conclusion.PROVEN, str(tmp_path / "tank.svg"))
    assert (tmp_path / "tank.svg").read_bytes().startswith(b"<?xml")


def test_no_plot_of_nothing(tmp_path: Path) -> None:
    matplotlib()
    report = proven(tmp_path, exits("1", "0"), Wish(node=node(), plot=tmp_path / "tank.svg"))
    assert (report.conclusion, report.plot) == (Conclusion.PROVEN, None)
    assert not (tmp_path / "tank.svg").exists()


def test_the_last_affected_release_is_the_one(tmp_path: Path) -> None:
    """Of 0.9.0, 1.0.0, 1.9.0, 1.10.0-rc.1 and 2.0.0, where >=1.0.0 <2.0.0 are affected."""
    assert proven(tmp_path, exits("1", "0")).version == "1.9.0"


def test_a_release_that_the_user_wants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def into(specs: list[str], folder: Path) -> None:
        asked.extend(specs)
        install(version="1.0.0")(specs, folder)

    monkeypatch.setattr(registry, "install", into)
    monkeypatch.delattr(registry, "versions")
    report = proven(tmp_path, exits("1", "0"), Wish(node=node(), version="1.0.0"))
    assert (asked, report.version) == (["pump@1.0.0"], "1.0.0")


def raising(error: Exception) -> Callable[..., None]:
    def fail(*arguments: object) -> None:
        raise error

    return fail


def test_refused_without_a_proof(tmp_path: Path) -> None:
    report = proven(tmp_path, None)
    assert (report.conclusion, exit_status(report)) == (Conclusion.REFUSED, 3)
    assert report.sentence == f"Could not be run: the patch {ID} has no proof.js."


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("versions", "the versions of pump are not known. npm ...: npm says ENOTFOUND: off. Or name one: --version V"),
        ("install", "pump@1.9.0 could not be installed. npm ...: npm says ENOTFOUND: off."),
    ],
)
def test_refused_without_a_registry(name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, name, raising(registry.NpmError("npm ...", "ENOTFOUND", "off")))
    report = proven(tmp_path, exits("1", "0"))
    assert (report.conclusion, exit_status(report)) == (Conclusion.REFUSED, 3)
    assert report.sentence == f"Could not be run: {message}"


def test_refused_where_no_release_is_affected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "versions", lambda name, scratch: ("0.1.0", "2.0.0", "1.0.0-rc.1"))
    report = proven(tmp_path, exits("1", "0"))
    assert report.sentence == "Could not be run: npm has no pump in the affected range >=1.0.0 <2.0.0."


def test_refused_where_there_is_nothing_to_patch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "install", install(UPSTREAM, "2.0.0"))
    report = proven(tmp_path, exits("1", "0"), Wish(node=node(), version="2.0.0"))
    assert (report.conclusion, report.published) == (Conclusion.REFUSED, None)
    assert "pump 2.0.0 did not get the patch: not-affected" in report.sentence


def test_refused_where_the_patch_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "install", install("function stop(tank) { if (tank) tank.drain(); }\n"))
    report = proven(tmp_path, exits("1", "0"))
    assert report.conclusion is Conclusion.REFUSED
    assert "pump 1.9.0 did not get the patch: refused" in report.sentence


def test_failed_by_the_operating_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "install", raising(OSError(28, "No space left on device", "cache")))
    report = proven(tmp_path, exits("1", "0"))
    assert (report.conclusion, exit_status(report)) == (Conclusion.FAILED, 4)
    assert "No space left on device" in report.sentence


@pytest.mark.parametrize("version", ["latest", "^1.0.0", "1.0", "file:../x", "1.0.0 2.0.0", "-g", "1.0.0\n"])
def test_a_wrong_version(version: str, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="not a version such as"):
        prove(publish(tmp_path, exits("1", "0")), Wish(version=version))


def test_a_plot_that_could_not_be_written_is_known_before(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="must end in"):
        prove(publish(tmp_path, "process.exit(9)"), Wish(node=node(), plot=tmp_path / "plot.jpeg"))


CALLER = """\
import sys
from pathlib import Path
import sio_catalogue
from proof.fakes import ID, PUBLISHED, install
from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.errors import DocumentError
from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.document import read
from sio_patch.documents.errors import DocumentError
from sio_patch.npm import registry
from sio_patch.proof.prove import Wish, prove
sio_catalogue.__path__ = [sys.argv[1]]
registry.versions, registry.install = lambda name, scratch: PUBLISHED, install()
prove(Catalogue.shipped().find(ID), Wish(node=sys.argv[2]), lambda stage, done, total: done and print(done, flush=True))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a polite request"])
def test_interrupted(number: signal.Signals, tmp_path: Path) -> None:
    reading = "say({ reading: { series: 'a', x: 1, y: 1 } });"
    publish(tmp_path, FORKS + f"setTimeout(function () {{ {reading} }}, 300); setInterval(function () {{}}, 1000);")
    path = os.pathsep.join(str(CHECKOUT / folder) for folder in ("codemod", "patches", "tests"))
    caller = subprocess.Popen(
        [sys.executable, "-c", CALLER, str(tmp_path / "catalogue"), node()],
        env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert caller.stdout is not None
    try:
        assert caller.stdout.readline() == b"1\n"
        assert living(tmp_path / "scratch")
        caller.send_signal(number)
        assert caller.wait(30) in (-number, 128 + number)
    finally:
        caller.kill()
        caller.wait()
        caller.stdout.close()
    assert left_of(tmp_path / "scratch") == []
    assert list((tmp_path / "scratch").iterdir()) == []


ENTRY_PAGE = """\
# Set before anything else

It must come first.

```toml patch
id = "early-flag"
title = "Set before anything else"
kind = "mitigation"
target = "entry"
package = "node"
affected = ">=0.10.0"
default = false
scope = "program"
references = ["https://example.org/1"]
proof = { node = "0.10.48", entry = "entry.js", packages = ["pump@1.0.0", "hose@2.0.0"] }

[[runtime]]
node = ">=0.10.0"
effect = "full"
words = "the flag is read"
```

```diff
+global.flag = 7;
 ...
```
"""


def test_a_patch_of_an_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document's own file is patched, beside the packages that it names."""
    home = tmp_path / "catalogue/early-flag"
    home.mkdir(parents=True)
    (home / "README.md").write_text(ENTRY_PAGE, "utf-8")
    (home / "entry.js").write_text("module.exports = require('pump/package.json').name;\n", "utf-8")
    (home / "proof.js").write_text(
        "var pump = require(process.env.SIO_PATCH_TARGET);\n"
        "process.exit(pump !== 'pump' ? 9 : global.flag === 7 ? 0 : 1);\n",
        "utf-8",
    )
    asked: list[str] = []

    def into(specs: list[str], folder: Path) -> None:
        asked.extend(specs)
        install()(specs, folder)

    monkeypatch.setattr(registry, "install", into)
    report = prove(Catalogue.shipped().find("early-flag"), Wish(version="1.2.0", node=node()))
    assert report.conclusion is Conclusion.PROVEN, report.sentence
    assert asked == ["pump@1.2.0", "hose@2.0.0"]
    assert (report.package, report.version) == ("pump", "1.2.0")
    assert (home / "entry.js").read_text("utf-8").startswith("module.exports")


@pytest.mark.parametrize("name", ["patches/my-fix.md", "patches/my-fix/README.md"])
def test_a_document_of_a_projects_own(name: str, tmp_path: Path) -> None:
    """It has no more than it must, and is proven like another; the last of all versions is the one."""
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    text = '```toml patch\npackage = "pump"\nfiles = ["lib/pump.js"]\n```\n\n'
    text += "```diff\n $tank.drain();\n+$tank.close();\n```\n"
    document = read(path, text.encode(), own=True)
    missing = prove(document, Wish(node=node()))
    assert missing.sentence.startswith("Could not be run: the patch my-fix has no proof.js.")
    path.with_name("proof.js").write_text(HEAD + exits("1", "0"), "utf-8")
    report = prove(document, Wish(node=node()))
    assert (report.conclusion, report.patch, report.version) == (Conclusion.PROVEN, "my-fix", "2.0.0"), report.sentence


class Page:
    """As much of a document as `spec_of` reads."""

    def __init__(self, table: dict[str, object]) -> None:
        self.path = Path("/patches/a-leak/README.md")
        self.proof = table


def test_what_a_document_may_say() -> None:
    table = {
        "node": "0.10.48",
        "entry": "entry.js",
        "packages": ["socket.io@0.9.13", "@a/b@1.0.0-rc.1"],
        "time-limit": 9,
    }
    spec = spec_of(Page(table))  # type: ignore[arg-type]
    assert spec.script == Path("/patches/a-leak/proof.js")
    assert spec.entry == Path("/patches/a-leak/entry.js")
    assert spec.packages == (("socket.io", "0.9.13"), ("@a/b", "1.0.0-rc.1"))
    assert (spec.node, spec.limit_s) == ("0.10.48", 9)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"nodes": "0.8.21"}, "there is no key `nodes`; known: node, entry, packages, time-limit"),
        ({"node": "0.8"}, "`node` must be a release"),
        ({"node": 0.8}, "`node` must be a release"),
        ({"entry": "entry.js"}, "belong together"),
        ({"packages": ["a@1.0.0"]}, "belong together"),
        ({"entry": "../entry.js", "packages": ["a@1.0.0"]}, "a file beside the document"),
        ({"entry": "entry.js", "packages": ["socket.io"]}, "'socket.io' must be a package at a version"),
        ({"entry": "entry.js", "packages": [7]}, "7 must be a package at a version"),
        ({"time-limit": 0}, "a number of seconds"),
        ({"time-limit": True}, "a number of seconds"),
    ],
)
def test_what_a_document_may_not_say(table: dict[str, object], message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        spec_of(Page(table))  # type: ignore[arg-type]
    assert message in str(caught.value)
    assert str(caught.value).startswith("/patches/a-leak/README.md:1: `proof`: ")


def test_health_has_three_values() -> None:
    """Adding one means another row in `conclude` and in the tables above."""
    assert [*Health] == ["healthy", "defective", "could not tell"]
