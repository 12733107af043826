"""`prove`: fetch what is needed, run the patch's proof as published and patched, and compare."""

from __future__ import annotations

import platform
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.head import README
from sio_patch.documents.known import Known
from sio_patch.npm import cache, process, registry
from sio_patch.npm.ranges import covers
from sio_patch.proof import plot, runtimes
from sio_patch.proof.refused import Refused
from sio_patch.proof.report import Conclusion, Health, ProofReport, Run, conclude
from sio_patch.proof.runner import run_proof
from sio_patch.proof.runtimes import Runtime
from sio_patch.proof.spec import Spec, spec_of
from sio_patch.run import work
from sio_patch.verdict import CallError, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.document import Document

T = TypeVar("T")

PHASES = ("published", "patched")
_DOING = {"published": "as published", "patched": "with the patch"}
_VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?\Z", re.ASCII)
_RELEASE = re.compile(r"\d+\.\d+\.\d+\Z", re.ASCII)


class Watcher(Protocol):
    """Is told how far it has got. ``total`` is 0 where nobody knows; a new ``stage`` begins at 0."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def unwatched(stage: str, done: int, total: int) -> None:
    """A Watcher for where nobody looks."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for; None is the patch's own choice."""

    version: str | None = None
    node: str | None = None  # a release, or a path
    rounds: int | None = None
    limit_s: float | None = None  # for one run
    plot: Path | None = None  # .svg or .png


def prove(document: Document, wish: Wish | None = None, progress: Watcher = unwatched) -> ProofReport:
    """Runs the proof of a patch of the catalogue. Nothing that it started is left when it returns or raises.

    Raises CallError where the call is wrong, and DocumentError where the document is. All else is in the report.
    """
    wish = wish or Wish()
    if wish.version is not None and not _VERSION.match(wish.version):
        raise CallError(f"--version {wish.version}: not a version such as 0.9.13.")
    spec = spec_of(document)
    attempt = _Attempt(document, spec, wish, progress)
    try:
        with process.ended_by_signals():
            attempt.run()
    except Refused as error:
        attempt.stop(Conclusion.REFUSED, f"Could not be run: {error}")
    except OSError as error:
        attempt.stop(Conclusion.FAILED, f"Failed: {error}")
    return attempt.report


class _Attempt:
    """The steps, one after the other; ``report`` is as far as they got."""

    def __init__(self, document: Document, spec: Spec, wish: Wish, progress: Watcher) -> None:
        self.document = document
        self.spec = spec
        self.wish = wish
        self.progress = progress
        package = spec.packages[0][0] if spec.packages else document.package
        here = f"{platform.system()} {platform.machine()}"
        self.report = ProofReport(document.id, package, None, None, here, None, None, Conclusion.REFUSED, "")

    def run(self) -> None:
        if not self.spec.script.is_file():
            alone = self.document.path.name != README
            where = f" It belongs into {self.spec.script.parent}, beside the document." if alone else ""
            raise Refused(f"the patch {self.document.id} has no {self.spec.script.name}.{where}")
        if self.wish.plot is not None:
            plot.require(self.wish.plot)
        node = self._node()
        self.report = replace(self.report, node=node.version)
        packages = self._packages()
        self.report = replace(self.report, version=packages[0][1])
        installed = self._installed(packages)
        with tempfile.TemporaryDirectory(prefix="sio-patch-prove-", ignore_cleanup_errors=True) as scratch:
            targets = [_laid(self.spec, self.report.package, installed, Path(scratch) / phase) for phase in PHASES]
            _patch(self.document, targets[1], f"{self.report.package} {self.report.version}")
            self._runs(node, targets)

    def stop(self, conclusion: Conclusion, sentence: str) -> None:
        self.report = replace(self.report, conclusion=conclusion, sentence=sentence)

    def _node(self) -> Runtime:
        wanted = self.wish.node or self.spec.node
        self.progress(f"Fetching Node {wanted}" if runtimes.VERSION.match(wanted) else f"Looking at {wanted}", 0, 0)
        return runtimes.resolve(wanted)

    def _packages(self) -> tuple[tuple[str, str], ...]:
        if self.spec.packages:
            first, *others = self.spec.packages
            return ((first[0], self.wish.version or first[1]), *others)
        return ((self.document.package, self.wish.version or self._last_affected()),)

    def _last_affected(self) -> str:
        name = self.document.package
        self.progress(f"Asking for the versions of {name}", 0, 0)
        try:
            with tempfile.TemporaryDirectory() as scratch:
                known = registry.versions(name, Path(scratch))
        except registry.NpmError as error:
            raise Refused(f"the versions of {name} are not known. {error}. Or name one: --version V") from None
        affected = [version for version in known if _RELEASE.match(version) and self.document.covers(version)]
        if not affected:
            raise Refused(f"npm has no {name} in the affected range {self.document.affected}.")
        return max(affected, key=lambda version: tuple(map(int, version.split("."))))

    def _installed(self, packages: Sequence[tuple[str, str]]) -> Path:
        specs = [f"{name}@{version}" for name, version in packages]
        self.progress(f"Fetching {' and '.join(specs)}", 0, 0)
        try:
            return cache.entry("packages", "+".join(specs), lambda into: registry.install(specs, into))
        except registry.NpmError as error:
            raise Refused(f"{' and '.join(specs)} could not be installed. {error}.") from None

    def _runs(self, node: Runtime, targets: Sequence[Path]) -> None:
        published = self._run(node, "published", targets[0])
        self.report = replace(self.report, published=published)
        patched = None if published.health is Health.UNCLEAR else self._run(node, "patched", targets[1])
        conclusion, sentence = conclude(published, patched)
        if conclusion in (Conclusion.NO_EFFECT, Conclusion.NOT_SHOWN):
            sentence += self._expected(node)
        self.report = replace(self.report, patched=patched, conclusion=conclusion, sentence=sentence)
        if self.wish.plot is not None and published.readings:
            plot.draw(self.report, self.wish.plot)
            self.report = replace(self.report, plot=str(self.wish.plot))

    def _expected(self, node: Runtime) -> str:
        """What the document says of this Node, where it says anything."""
        rows = (row for row in self.document.runtimes if node.version and covers(row.node, node.version))
        return "".join(f" That is as the document says of Node {row.node}: {row.words}." for row in rows)

    def _run(self, node: Runtime, phase: str, target: Path) -> Run:
        stage = f"{self.report.package} {self.report.version} {_DOING[phase]}"
        self.progress(stage, 0, 0)
        return run_proof(
            [str(node.program), "--expose-gc", str(self.spec.script.resolve())],
            phase,
            target,
            rounds=self.wish.rounds,
            limit_s=self.wish.limit_s or self.spec.limit_s,
            on_reading=lambda done, total: self.progress(stage, done, total),
        )


def _laid(spec: Spec, package: str, installed: Path, folder: Path) -> Path:
    """A fresh installation; returns what the patch is for: the package's directory, or the entry beside it."""
    shutil.copytree(installed, folder, symlinks=True)
    if spec.entry is None:
        return folder / "node_modules" / package
    return Path(shutil.copy(spec.entry, folder))


def _patch(document: Document, target: Path, name: str) -> None:
    """As `apply` does it. Raises Refused where there is nothing to patch, or it is refused."""
    found = work.planned(work.Request([(Known(Catalogue.only(document)), (target,))], (document.id,)), _straight)
    results = work.write(found, _straight)
    bad = [result for result in results if result.verdict in (Verdict.REFUSED, Verdict.FAILED)]
    if bad or not any(result.verdict is Verdict.PATCHED for result in results):
        said = "; ".join(dict.fromkeys(f"{row.verdict}. {row.note or ''}".strip() for row in bad or results))
        raise Refused(f"there is nothing to compare, because {name} did not get the patch: {said or found.sentences}")


def _straight(items: Sequence[T], label: str) -> Iterable[T]:
    return items
