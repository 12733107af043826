"""Patches of other packages than the one that the catalogue is about, on their published files.

The engine knows none of them. Each one here is of another kind, and each comes to the bytes that a person would type.
"""

from __future__ import annotations

import tarfile
from functools import cache
from typing import NamedTuple

import pytest

from engine.checks import node_check
from sio_patch.engine.outcome import Absent, Applied, NeedsPatch
from sio_patch.engine.pattern import SemanticPatch, compile_patch
from sio_patch.engine.rewrite import assess, reverse
from sio_patch.engine.source import Source
from support.ground import Unavailable, missing
from support.registry import tarball


class Real(NamedTuple):
    """``old`` stands once in the published file; ``new`` is what the patch makes of it."""

    id: str
    package: str
    version: str
    file: str
    patch: str
    old: str
    new: str
    equivalent: tuple[str, ...] = ()

    @property
    def compiled(self) -> SemanticPatch:
        return compile_patch(self.patch, equivalent=self.equivalent)


NEXT = "  }\n};\n\n//\n// ### function proxyWebSocketRequest"

REAL = [
    Real(
        "wraps an expression", "engine.io", "1.3.1", "lib/server.js",
        """\
 Server.prototype.handleUpgrade = function ($req, $socket, $head) {
   ...
   this.verify($req, true, function ($error, $success) {
     ...
-    $self.ws.handleUpgrade($req, $socket, $head, $done);
+    $self.ws.handleUpgrade($req, $socket, new Buffer($head), $done);
   });
 };
""",
        "    self.ws.handleUpgrade(req, socket, head, function(conn){\n",
        "    self.ws.handleUpgrade(req, socket, new Buffer(head), function(conn){\n",
    ),
    Real(
        "adds an argument", "express", "3.21.2", "lib/response.js",
        """\
 res.cookie = function ($name, $value, $options) {
   ...
-  if (typeof $value == 'object') $value = 'j:' + JSON.stringify($value);
+  if (typeof $value == 'object') $value = 'j:' + JSON.stringify($value, this.app.get('json replacer'));
   ...
 };
""",
        "  if ('object' == typeof val) val = 'j:' + JSON.stringify(val);\n",
        "  if ('object' == typeof val) val = 'j:' + JSON.stringify(val, this.app.get('json replacer'));\n",
        ("yoda",),
    ),
    Real(
        "removes a property", "engine.io", "1.4.0", "lib/server.js",
        """\
 if ($wanted) {
   this.ws = new WebSocketServer({
     noServer: true,
-    clientTracking: false,
     ...
   });
 }
""",
        "new WebSocketServer({ noServer: true, clientTracking: false });\n",
        "new WebSocketServer({ noServer: true });\n",
    ),
    Real(
        "edits a class method", "ws", "8.18.0", "lib/websocket.js",
        """\
 $WebSocket.prototype.setSocket = function ($socket, $head, $options) {
   ...
+  // Lets go of the slab that the head is a slice of.
+  $head = Buffer.from($head);
   if ($head.length > 0) $socket.unshift($head);
   ...
 };
""",
        "    if (head.length > 0) socket.unshift(head);\n",
        "    // Lets go of the slab that the head is a slice of.\n    head = Buffer.from(head);\n"
        "    if (head.length > 0) socket.unshift(head);\n",
        ("function-forms",),
    ),
    Real(
        "adds a method to a class", "ws", "8.18.0", "lib/limiter.js",
        """\
 class Limiter {
   ...
   add($job) {
     ...
   }
+  get idle() {
+    return this.pending === 0;
+  }
   ...
 }
""",
        "    this.jobs.push(job);\n    this[kRun]();\n  }\n",
        "    this.jobs.push(job);\n    this[kRun]();\n  }\n  get idle() {\n    return this.pending === 0;\n  }\n",
    ),
    Real(
        "replaces statements", "http-proxy", "0.10.0", "lib/node-http-proxy/http-proxy.js",
        """\
 HttpProxy.prototype.proxyRequest = function ($req, $res, $buffer) {
   ...
   if ($buffer) {
-    return !$failed
-      ? $buffer.resume()
-      : $buffer.destroy();
+    if ($failed) return $buffer.destroy();
+    return $buffer.resume();
   }
 };
""",
        "    return !errState\n      ? buffer.resume()\n      : buffer.destroy();\n"
        + NEXT,
        "    if (errState) return buffer.destroy();\n    return buffer.resume();\n"
        + NEXT,
    ),
]  # fmt: skip
ALL = pytest.mark.parametrize("real", REAL, ids=lambda real: real.id)


@cache
def published(real: Real) -> bytes:
    try:
        path = tarball(real.package, real.version)
    except Unavailable as reason:
        missing(str(reason))
    with tarfile.open(path) as archive:
        (member,) = (each for each in archive if each.name.partition("/")[2] == real.file)
        stream = archive.extractfile(member)
        assert stream is not None
        return stream.read()


def by_hand(real: Real, data: bytes) -> bytes:
    assert data.count(real.old.encode()) == 1
    return data.replace(real.old.encode(), real.new.encode())


@ALL
def test_it_is_patched_as_by_hand(real: Real) -> None:
    data = published(real)
    outcome = assess(real.compiled, Source.of(data))
    assert isinstance(outcome, NeedsPatch), outcome
    assert outcome.after.to_bytes() == by_hand(real, data)


@ALL
def test_a_second_run_reads_applied(real: Real) -> None:
    assert isinstance(assess(real.compiled, Source.of(by_hand(real, published(real)))), Applied)


@ALL
def test_the_inverse_edits_restore(real: Real) -> None:
    source = Source.of(published(real))
    outcome = assess(real.compiled, source)
    assert isinstance(outcome, NeedsPatch)
    assert outcome.edits.inverse(source.text).apply(outcome.after.text) == source.text


@ALL
def test_the_other_files_are_left_alone(real: Real) -> None:
    """Each patch is about its own file alone."""
    for other in REAL:
        if (other.package, other.file) != (real.package, real.file):
            assert isinstance(assess(real.compiled, Source.of(published(other))), Absent)


def test_the_reversed_patch_restores() -> None:
    for real in (REAL[0], REAL[1]):
        data = published(real)
        outcome = assess(reverse(real.compiled), Source.of(by_hand(real, data)))
        assert isinstance(outcome, NeedsPatch)
        assert outcome.after.to_bytes() == data


def test_node_reads_every_result() -> None:
    files = {real.id: (by_hand(real, published(real)), False) for real in REAL}
    try:
        assert node_check(files) == {}
    except Unavailable as reason:
        missing(str(reason))
