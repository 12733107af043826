"""Each target is one call with plain values in and out: any executor can make it, and what comes is the same."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.errors import DocumentError, SameIdError, UnknownPatchError
from sio_patch.documents.known import Known
from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.source import Source
from sio_patch.project.commit import HalfDone
from sio_patch.project.files import ChangedSince, NotAFile, OutsideRoot, TooLarge
from sio_patch.project.layout import Copy, copies
from sio_patch.project.receipt import ReceiptError
from sio_patch.run.plan import FilePlan, Rewrite, Selection
from sio_patch.run.targets import Entry, NamedFile
from sio_patch.run.task import Task, plans_of
from sio_patch.run.work import Request, planned, planned_undo, write
from sio_patch.verdict import CallError, Verdict
from support.trees import lay, package, state
from support.world import BROKEN, CURED, DOCUMENTS, FILE, ID, OTHER, UNSAFE

T = TypeVar("T")
CONTENTS = [BROKEN, CURED, OTHER, UNSAFE, b"function (", BROKEN, b"// more\n" + BROKEN, BROKEN.replace(b"\n", b"\r\n")]


def straight(items: Sequence[T], label: str) -> Iterable[T]:
    return items


def spawned() -> Executor:
    """Processes that share nothing with this one."""
    return ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))


@pytest.fixture(params=[lambda: ThreadPoolExecutor(8), spawned], ids=["threads", "processes"])
def pool(request: pytest.FixtureRequest) -> Iterator[Executor]:
    make: Callable[[], Executor] = request.param
    with make() as executor:
        yield executor


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    lay(tmp_path / "documents", {f"{id}/README.md": text for id, text in DOCUMENTS.items()})
    for number, content in enumerate(CONTENTS * 3):
        at = tmp_path / f"app/node_modules/host-{number}/node_modules/pump"
        package(at, {FILE: content}, name="pump", version=f"1.2.{number}")
    lay(tmp_path / "app", {"package.json": b"{}", "mine.js": BROKEN, "yours.js": OTHER})
    paths = tuple(tmp_path / "app" / name for name in ("mine.js", "", "yours.js"))
    return Request([(Known(Catalogue.of(tmp_path / "documents")), paths)], (ID, "count-stops"))


def test_the_same_plans_in_the_same_order(request_: Request, pool: Executor) -> None:
    alone = planned(request_, straight)
    assert planned(request_, straight, pool.map) == alone
    assert {row.verdict for row in alone.results} >= {Verdict.NEEDS_PATCH, Verdict.APPLIED, Verdict.REFUSED}
    assert len(alone.plans) == 3 * len(CONTENTS) + 2


def test_the_same_files_after_apply_and_after_revert(request_: Request, pool: Executor) -> None:
    app = request_.projects[0][1][1]
    before = state(app)
    alone = write(planned(request_, straight), straight)
    after = state(app)
    write(planned_undo(request_, straight), straight)
    assert state(app) != after
    lay(app, {name: data for name, data in before.items() if name.endswith(".js")})  # what revert refused, too
    assert state(app) == before
    assert write(planned(request_, straight, pool.map), straight, pool.map) == alone
    assert state(app) == after
    undone = write(planned_undo(request_, straight, pool.map), straight, pool.map)
    assert Verdict.REVERTED in {row.verdict for row in undone}


def test_tasks_and_plans_pickle(request_: Request) -> None:
    selection = planned(request_, straight)
    assert pickle.loads(pickle.dumps(selection)) == selection
    assert pickle.loads(pickle.dumps(request_)) == request_
    for plan in selection.plans:
        assert pickle.loads(pickle.dumps(plan)) == plan


def test_every_kind_of_target(request_: Request, tmp_path: Path) -> None:
    catalogue = request_.projects[0][0].catalogue
    documents = tuple(map(catalogue.find, request_.ids))
    selection = Selection(catalogue, documents, request_.ids, {"a": "b"})
    app = request_.projects[0][1][1]
    (copy,) = copies(app / "node_modules/host-0/node_modules/pump", ["pump"])
    assert isinstance(copy, Copy)
    for target, verdict in ((copy, Verdict.NEEDS_PATCH), (NamedFile(app / "yours.js"), Verdict.REFUSED)):
        task = Task(target, selection)
        again = pickle.loads(pickle.dumps(task))
        assert again == task
        assert plans_of(again) == plans_of(task)
        assert {row.verdict for plan in plans_of(task) for row in plan.rows} == {verdict}
    assert pickle.loads(pickle.dumps(Task(Entry(app), selection, undo=True))).target == Entry(app)


PROBLEMS = [
    CallError("so"),
    DocumentError(Path("a"), 3, "so"),
    SameIdError("a", Path("b"), Path("c")),
    UnknownPatchError("a", ("b", "c")),
    ReceiptError(Path("a"), "b", "c"),
    HalfDone((Path("a"),), {"a": None}, OSError(28, "no", "a"), OSError(5, "no", "b")),
    ChangedSince(Path("a")),
    NotAFile(Path("a"), "a pipe"),
    OutsideRoot(Path("a"), Path("b"), Path("c")),
    TooLarge(Path("a"), 2, 1),
]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: type(problem).__name__)
def test_problems_come_over_as_they_are(problem: Exception) -> None:
    again = pickle.loads(pickle.dumps(problem))
    assert type(again) is type(problem)
    assert str(again) == str(problem)


def test_a_plan_holds_edits_and_the_text_before_them() -> None:
    rewrite = Rewrite("a.js", Source("abc")).then(Edits([Edit(1, 2, "xy")])).then(Edits([Edit(2, 3, "")]))
    assert (rewrite.edits, rewrite.after) == (Edits([Edit(1, 2, "x")]), Source("axc"))
    assert rewrite.changes
    assert not rewrite.then(Edits([Edit(1, 2, "b")])).changes
    assert not FilePlan(Path("a.js"), ()).writes
