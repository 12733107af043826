"""Which files a glob is for."""

from __future__ import annotations

import pytest

from sio_patch.documents.globs import fits, problem

FITS = [
    ("lib/a.js", "lib/a.js"),
    ("lib/*.js", "lib/a.js"),
    ("lib/*.js", "lib/.a.js"),
    ("*/a.js", "lib/a.js"),
    ("**/a.js", "a.js"),
    ("**/a.js", "lib/x/a.js"),
    ("lib/**/*.js", "lib/a.js"),
    ("lib/**/*.js", "lib/x/y/a.js"),
    ("**/x/**/a.js", "lib/x/y/x/a.js"),
    ("lib/[ab].js", "lib/b.js"),
    ("lib/[!c].js", "lib/b.js"),
    ("lib/?.js", "lib/b.js"),
    ("dist/chunk-*.js", "dist/chunk-A1B2.js"),
    ("node_modules/x/a.js", "node_modules/x/a.js"),
    ("**/node_modules/**/a.js", "lib/node_modules/x/a.js"),
    ("lib/a.js", "/home/me/work/lib/a.js"),
    ("lib/*.js", "/lib/a.js"),
    ("a.js", "/home/me/a.js"),
    ("**/a.js", "/a.js"),
]
DOES_NOT = [
    ("lib/a.js", "src/lib/a.js"),
    ("a.js", "lib/a.js"),
    ("lib/*.js", "lib/x/a.js"),
    ("lib/*.js", "lib/a.jsx"),
    ("lib/a.js", "lib/A.js"),
    ("lib/**/a.js", "a.js"),
    ("lib/**/a.js", "libs/a.js"),
    ("**/*.js", "node_modules/x/a.js"),
    ("*/x/a.js", "node_modules/x/a.js"),
    ("lib/a.js", "lib/a.js/b"),
    ("lib/a.js", "/home/me/a.js"),
    ("lib/a.js", "/home/me/mylib/a.js"),
    ("lib/a.js", "/lib/a.js/b"),
]


@pytest.mark.parametrize(("glob", "path"), FITS)
def test_it_fits(glob: str, path: str) -> None:
    assert fits(glob, path)


@pytest.mark.parametrize(("glob", "path"), DOES_NOT)
def test_it_does_not(glob: str, path: str) -> None:
    assert not fits(glob, path)


def test_many_stars_take_no_longer() -> None:
    assert not fits("/".join(["**", "*a*a*a*a*b"] * 20), "/".join(["a" * 60] * 200))


BAD = [
    ("/lib/a.js", "must be a path inside the package: `/` between the names, no `..`"),
    ("lib\\a.js", "must be a path inside the package: `/` between the names, no `..`"),
    ("lib/../a.js", "must be a path inside the package: `/` between the names, no `..`"),
    ("lib//a.js", "must be a path inside the package: `/` between the names, and none of them empty or `.`"),
    ("lib/./a.js", "must be a path inside the package: `/` between the names, and none of them empty or `.`"),
    ("lib/{a,b}.js", "a glob has no braces; write one for each"),
    ("lib/**", "must stand alone between slashes, and a name after it: `**/*.js`"),
    ("lib/**.js", "must stand alone between slashes, and a name after it: `**/*.js`"),
]


@pytest.mark.parametrize(("glob", "message"), BAD)
def test_what_is_no_glob(glob: str, message: str) -> None:
    assert message in (problem(glob) or "")


@pytest.mark.parametrize("glob", ["a.js", "lib/*.js", "**/*.js", "lib/**/a.js", "@x/a.js", "a b.js"])
def test_what_is_one(glob: str) -> None:
    assert problem(glob) is None
