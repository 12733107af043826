"""The file that a project starts with: which one, and by which rule; or why that cannot be said.

In this order: ``scripts.start`` in package.json, its ``main``, ``server.js``, ``app.js``, ``index.js``, its only
``bin``. The first three are in the order that was asked for, not npm's: without a start script, ``npm start`` runs
``server.js`` even where there is a ``main``, so the rule's words say it where both are there.

A start script that is there decides alone: where it is not understood, or its file is missing, that is the answer.
A ``main`` or a ``bin`` that names nothing is passed over, with a note in the rule's words: ``npm init`` writes
``"main": "index.js"`` whether or not there is one. So is a package.json that is missing or cannot be read.
Files are found as node finds them: ``lib`` may be ``lib.js`` or ``lib/index.js``.
"""

from __future__ import annotations

import os
import posixpath
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sio_patch.engine.source import PARSE_LIMIT_BYTES, Source
from sio_patch.project import files, manifest, start_script
from sio_patch.verdict import Reason

_DEFAULTS = ("server.js", "app.js", "index.js")
_NODE_EXTENSIONS = (".js", ".json", ".node")
_COFFEE = (".coffee", ".litcoffee", ".coffee.md")
_OTHER = {
    ".ts": "TypeScript",
    ".tsx": "TypeScript",
    ".mts": "TypeScript",
    ".cts": "TypeScript",
    ".jsx": "JSX",
    ".ls": "LiveScript",
    ".iced": "IcedCoffeeScript",
    ".json": "JSON, not a program",
    ".node": "a compiled add-on",
    ".wasm": "a compiled module",
}
_MODULE_WORD = re.compile(rb"\b(?:import|export)\b")


class Entry(NamedTuple):
    """``file`` is relative to the project, with forward slashes; ``rule`` says in words what decided."""

    file: str
    rule: str


class NoEntry(NamedTuple):
    """``message`` is whole sentences for a person; ``hint`` a line of code to add by hand, where that is the way."""

    reason: Reason
    message: str
    hint: str | None = None


def entry(project: Path, *, patch: str = "ID", coffee: str | None = None) -> Entry | NoEntry:
    """What ``project`` starts with. Never raises for what a project may hold.

    ``patch`` goes into the command that a refusal names; ``coffee`` is the line to add to a CoffeeScript entry.
    """
    return _Search(project, _Words(project, patch, coffee)).first()


def unfit(file: Path, *, patch: str = "ID", coffee: str | None = None) -> NoEntry | None:
    """Why a file that the user named cannot be an entry: another language, or an ES module."""
    return _unfit(_Words(file.parent, patch, coffee), file.name, f"The file named is {file.name}")


class _Words(NamedTuple):
    """Words that every refusal shares."""

    project: Path
    patch: str
    coffee: str | None

    def command(self, file: str = "") -> str:
        return f"`sio-patch apply -p {self.patch} {shlex.quote(str(self.project / file)) if file else 'FILE'}`"

    def refusal(self, what: str, guess: str = "", reason: Reason = Reason.UNSUPPORTED_LAYOUT) -> NoEntry:
        step = f"If node runs {guess} in the end, name it" if guess else "Name the file that node runs"
        return NoEntry(reason, f"{what}. {step}: {self.command(guess)}.")

    def module(self, subject: str, why: str) -> NoEntry:
        what = f"{subject}, an ES module ({why}), and no Node that has this setting runs one"
        step = f"If the program starts with another file, name that: {self.command()}."
        return NoEntry(Reason.UNSUPPORTED_LAYOUT, f"{what}. {step}")

    def in_coffee(self, what: str) -> NoEntry:
        step = "Add the line by hand, before any other, and compile again where node runs the compiled file."
        if self.coffee is None:
            step = f"Where node runs the JavaScript that it is compiled to, name that: {self.command()}."
        message = f"{what}, which is CoffeeScript; only JavaScript is changed here. {step}"
        return NoEntry(Reason.UNSUPPORTED_LAYOUT, message, self.coffee)


class _Search:
    def __init__(self, project: Path, words: _Words) -> None:
        self._root = project
        self._words = words
        value, said = manifest.contents(manifest.load(os.fspath(project)))
        self._package = value or {}
        self._notes = list(said)

    def first(self) -> Entry | NoEntry:
        for rule in (self._start, self._main, self._default, self._bin, self._in_another_language):
            if (found := rule()) is not None:
                return found
        looked_for = f"no start script, no main, no {_listed(_DEFAULTS, 'or')}"
        what = "; ".join(
            [
                f"No entry was found in {'this directory' if self._root == Path() else self._root}: {looked_for}",
                *self._notes,
            ]
        )
        return self._words.refusal(what, reason=Reason.MISSING_FILE)

    def _start(self) -> Entry | NoEntry | None:
        scripts = self._object("scripts")
        start = scripts.get("start")
        if not isinstance(start, str) or not start.strip():
            if start is not None and not isinstance(start, str):
                self._notes.append("scripts.start in package.json is not text")
            return None
        match start_script.read(scripts):
            case start_script.Unclear() as unclear:
                return self._unclear(unclear, str(scripts.get(unclear.script)))
            case start_script.Runs() as run:
                rule = "scripts.start in package.json"
                rule += "".join(f", by way of scripts.{name}" for name in run.by_way_of)
                found = self._found(run.path, rule, as_command=True)
                if found is not None:
                    return found
                what = f"By {rule} node runs {run.path}, and no file is found for that"
                return self._words.refusal(what, reason=Reason.MISSING_FILE)

    def _main(self) -> Entry | NoEntry | None:
        main = self._named("main", self._package.get("main"))
        if main is None:
            return None
        rule = "main in package.json"
        found = self._found(main, rule)
        if found is None:
            self._notes.append(f"main in package.json names {main}, which is not there")
        elif isinstance(found, Entry) and found.file != "server.js" and self._is_file("server.js"):
            return found._replace(rule=f"{found.rule} (npm start would run server.js, which is there too)")
        return found

    def _default(self) -> Entry | NoEntry | None:
        return next((self._accepted(name, name) for name in _DEFAULTS if self._is_file(name)), None)

    def _bin(self) -> Entry | NoEntry | None:
        value = self._package.get("bin")
        values = list(value.values()) if isinstance(value, dict) else [value]
        named = [path for item in values if (path := self._named("bin", item)) is not None]
        programs = list(dict.fromkeys(posixpath.normpath(path) for path in named))
        if len(programs) > 1:
            what = f"There is no start script and no main, and bin in package.json names {len(programs)} programs"
            return self._words.refusal(f"{what}: {', '.join(programs[:5])}{' and more' * (len(programs) > 5)}")
        found = self._found(programs[0], "bin in package.json") if programs else None
        if programs and found is None:
            self._notes.append(f"bin in package.json names {programs[0]}, which is not there")
        return found

    def _in_another_language(self) -> NoEntry | None:
        stems = (name.removesuffix(".js") for name in _DEFAULTS)
        return next((found for stem in stems if (found := self._sibling(stem, stem + ".js")) is not None), None)

    def _sibling(self, path: str, rule: str) -> NoEntry | None:
        """The refusal of what stands where ``path`` would be a JavaScript file, in another language."""
        stem = path.removesuffix(".js")
        others = (stem + extension for extension in (*_COFFEE, ".ts", ".mjs", ".iced", ".ls"))
        other = next((name for name in others if self._is_file(name)), None)
        if other is None:
            return None
        accepted = self._accepted(other, other if rule in (path, stem + ".js") else rule)
        return accepted if isinstance(accepted, NoEntry) else None

    def _found(self, path: str, rule: str, *, as_command: bool = False) -> Entry | NoEntry | None:
        """The file that node finds for ``path``; ``as_command`` where it stands on node's command line."""
        try:
            local = self._local(path)
        except files.OutsideRoot:
            return self._outside(f"By {rule} the entry would be {path}, outside the project")
        file = self._resolved(local, as_command=as_command)
        return self._sibling(local, rule) if file is None else self._accepted(file, rule)

    def _local(self, path: str) -> str:
        """``path`` relative to the project, normalised. Raises OutsideRoot."""
        if re.match(r"[A-Za-z]:/", path):
            raise files.OutsideRoot(self._root / path, Path(path), self._root)
        local = posixpath.normpath(path)
        if local.startswith(("/", "../")) or local == "..":
            target = files.resolve(self._root, local)
            local = Path(os.path.relpath(target, os.path.realpath(self._root))).as_posix()
        return local

    def _resolved(self, path: str, *, as_command: bool) -> str | None:
        candidates = [path, *(path + extension for extension in _NODE_EXTENSIONS)]
        if as_command:
            inner, _ = manifest.contents(manifest.load(os.fspath(self._root / path)))
            main = (inner or {}).get("main")
            if isinstance(main, str) and main and main.isprintable():
                target = posixpath.normpath(posixpath.join(path, main.replace("\\", "/")))
                candidates += [target, *(target + end + ext for end in ("", "/index") for ext in _NODE_EXTENSIONS)]
        candidates += [f"{path}/index{extension}" for extension in _NODE_EXTENSIONS]
        return next((posixpath.normpath(name) for name in candidates if self._is_file(name)), None)

    def _accepted(self, file: str, rule: str) -> Entry | NoEntry:
        """``file`` is there; whether it may be the entry is said here."""
        subject = f"The entry would be {file}" if rule == file else f"By {rule} the entry would be {file}"
        try:
            target = files.resolve(self._root, file)
        except files.OutsideRoot:
            return self._outside(f"{subject}, a link to outside the project")
        real = target.relative_to(os.path.realpath(self._root))
        if "node_modules" in (*Path(file).parts, *real.parts):
            return self._words.refusal(f"{subject}, a program of an installed package, not the project's own")
        return _unfit(self._words, file, subject) or Entry(file, rule + self._remarks())

    def _unclear(self, unclear: start_script.Unclear, text: str) -> NoEntry:
        way = "" if unclear.script == "start" else ", to which scripts.start leads,"
        what = f"The script {unclear.script} in package.json{way} is {_quoted(text)}: {unclear.seen}"
        guess = next(self._guesses(unclear), "")
        if guess.endswith(_COFFEE):
            return self._words.in_coffee(f"{what}. It may run {guess}")
        return self._words.refusal(what, guess)

    def _guesses(self, unclear: start_script.Unclear) -> Iterator[str]:
        """Files of the project that words of the script may stand for."""
        extensions = ("", ".coffee", ".js") if unclear.command == "coffee" else ("", ".js", ".coffee")
        for word in unclear.words:
            for extension in extensions:
                path = posixpath.normpath(word + extension)
                plain = not path.startswith(("/", "../", "-")) and "node_modules" not in path.split("/")
                if (
                    plain
                    and path.isprintable()
                    and (path.endswith((".js", *_COFFEE)) or "/" in word)
                    and self._is_file(path)
                ):
                    yield path

    def _outside(self, what: str) -> NoEntry:
        return self._words.refusal(f"{what}; nothing there is changed", reason=Reason.OUTSIDE_ROOT)

    def _object(self, key: str) -> dict[str, object]:
        value = self._package.get(key)
        if value is not None and not isinstance(value, dict):
            self._notes.append(f"{key} in package.json is not an object")
        return value if isinstance(value, dict) else {}

    def _named(self, key: str, value: object) -> str | None:
        """The path that package.json gives, with forward slashes."""
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.isprintable() and len(value) <= 1024:
            return value.replace("\\", "/")
        self._notes.append(f"{key} in package.json is not a path")
        return None

    def _remarks(self) -> str:
        return f" ({'; '.join(self._notes)})" if self._notes else ""

    def _is_file(self, path: str) -> bool:
        return os.path.isfile(self._root / path)  # noqa: PTH113  (says False where the system will not say)


def _unfit(words: _Words, file: str, subject: str) -> NoEntry | None:
    if file.endswith(_COFFEE):
        return words.in_coffee(subject)
    extension = posixpath.splitext(file)[1].lower()
    if extension in _OTHER:
        return words.refusal(f"{subject}, which is {_OTHER[extension]}")
    if (why := _module(words.project / file, extension)) is not None:
        return words.module(subject, why)
    return None


def _module(path: Path, extension: str) -> str | None:
    """Why node takes the file for an ES module, or None."""
    if extension == ".mjs":
        return "its name ends in .mjs"
    if extension == ".cjs":
        return None
    for directory in Path(os.path.realpath(path)).parents:
        package, _ = manifest.contents(manifest.load(os.fspath(directory)))
        if package is not None:
            if package.get("type") == "module":
                return 'package.json says "type": "module"'
            break
    return _module_statement(path)


def _module_statement(path: Path) -> str | None:
    """The first import or export statement. What cannot be read or parsed is for the patch itself to say."""
    real = Path(os.path.realpath(path))
    try:
        data = files.read(real.parent, real.name, PARSE_LIMIT_BYTES)
    except (files.FileProblem, OSError):
        return None
    if not _MODULE_WORD.search(data):
        return None
    from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse  # late: most entries need no parser here

    source = Source.of(data)
    try:
        statements = parse(source).fields["body"]
    except (SyntaxProblem, TooDeep):
        return None
    for statement in statements:
        if statement.kind.startswith(("Import", "Export")):
            return f"line {source.place(statement.start).line} is an {statement.kind[:6].lower()} statement"
    return None


def _listed(names: tuple[str, ...], joint: str) -> str:
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


def _quoted(text: str) -> str:
    """A script shall not write to the terminal, nor fill it."""
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return f'"{shown}"' if len(shown) <= 120 else f'"{shown[:117]}..."'
