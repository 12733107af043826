"""Which file a package.json's start script runs node on, read from the script's text: nothing is run or looked up.

Understood are chains (``&&``, ``;``, new lines) in which one part runs node on a file: with options, variables set in
front of it, ``exec``, ``env`` or ``cross-env``; ``cd`` to a directory before it; and ``npm run`` of another script
that is like this. Everything else is `Unclear`, with what was seen. ``shlex`` does not serve here: it takes the
backslashes out of Windows paths, and does not tell a quoted ``&&`` from a real one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_LONGEST = 4096
_DEEPEST = 20
_TOKEN = re.compile(
    r"""[^\S\n]*(?:(?P<chain>&&|[;\n])|(?P<operator>\|\|?|[&<>()])|(?P<word>(?:"[^"]*"|'[^']*'|[^\s"';&|<>()])+)|$)"""
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ESCAPE = re.compile(r"\\(?![\w.@-])")  # a backslash that does not separate the parts of a Windows path
_VARIABLE = re.compile(r"\$|%\w+%")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=", re.ASCII)
_OPERATORS = {
    "|": "a pipe",
    "||": "an alternative",
    "&": "a process in the background",
    "<": "a redirection",
    ">": "a redirection",
    "(": "a subshell",
    ")": "a subshell",
}


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NODE = _set("node nodejs iojs")
_MANAGERS = _set("npm yarn pnpm")
_LAUNCHERS = _set(
    "forever nodemon supervisor node-supervisor pm2 pm2-runtime pm2-docker naught respawn always slc sl-run node-dev "
    "node-debug node-inspector coffee iced lsc livescript babel-node ts-node ts-node-dev tsx foreman nf npx"
)
_SHELL = _set("if then elif else fi for while until do done case esac function select { } ! eval pushd popd alias trap")
_HARMLESS = _set("echo printf true : exit")  # may follow node: they start nothing

_NO_FILE = _set("-e -p -pe --eval --print -i --interactive -c --check -v --version -h --help --v8-options --test --run")
_VALUED = _set(
    "-r --require --import --loader --experimental-loader -C --conditions --title --icu-data-dir --openssl-config "
    "--redirect-warnings --trace-event-categories --unhandled-rejections --inspect-port --debug-port "
    "--tls-cipher-list --max-http-header-size --diagnostic-dir --dns-result-order"
)
_SWITCH = re.compile(
    r"--(?:no[-_]?|harmony|expose|debug|inspect|trace|use[-_]strict|es[-_]staging|prof$|abort|throw|preserve|pending|"
    r"enable|gc|always|optimize|experimental|insecure|watch$|nolazy|lazy$|crankshaft$|warnings$)"
)


class Runs(NamedTuple):
    """node on a file. Slashes are forward ones."""

    file: str  # as the script says it
    directory: str  # where it has changed to, as it says it; '' is the project
    by_way_of: tuple[str, ...]  # the other scripts that led there

    @property
    def path(self) -> str:
        return posixpath.join(self.directory, self.file)


class Unclear(NamedTuple):
    """Not understood. ``seen`` is a clause about the script called ``script``."""

    script: str
    seen: str
    words: tuple[str, ...] = ()  # of the script: the file that it runs may be among them
    command: str = ""  # the program that is not understood, where that is it


class _Odd(NamedTuple):
    """A part of a chain that does not run node on a file. With ``stops`` it makes the whole unclear."""

    seen: str
    command: str = ""
    stops: bool = False


class _Directory(NamedTuple):
    path: str


class _Word(NamedTuple):
    raw: str  # with its quotes

    @property
    def text(self) -> str:
        return _QUOTED.sub(lambda quoted: quoted[0][1:-1], self.raw)

    @property
    def path(self) -> str:
        return self.text.replace("\\", "/")


_Step = Runs | Unclear | _Odd | _Directory


def read(scripts: Mapping[str, object], name: str = "start") -> Runs | Unclear:
    """What the script ``name`` comes to. Never raises; the scripts that it runs are followed."""
    return _Reader(scripts).script(name, 0)


class _Reader:
    def __init__(self, scripts: Mapping[str, object]) -> None:
        self._scripts = scripts
        self._known: dict[str, Runs | Unclear] = {}

    def script(self, name: str, depth: int) -> Runs | Unclear:
        if name not in self._known:
            self._known[name] = Unclear(name, "it leads back to itself")  # as long as it is being read
            text = self._scripts.get(name)
            parts = _parts(text) if isinstance(text, str) else "it is not text"
            if isinstance(parts, str):
                words = _words(text) if isinstance(text, str) else ()
                self._known[name] = Unclear(name, parts, words)
            else:
                self._known[name] = self._chain(name, parts, depth)
        return self._known[name]

    def _chain(self, name: str, parts: Sequence[Sequence[_Word]], depth: int) -> Runs | Unclear:
        """The one part that runs node on a file. The parts before it do not matter; after it, nothing may start."""
        words = tuple(word.path for part in parts for word in part)
        found: list[Runs] = []
        odd: _Odd | Unclear = _Odd("it starts nothing")
        odd_after = False
        directory = ""
        for part in parts:
            step = self._step(part, directory, depth)
            if isinstance(step, _Directory):
                directory = step.path
            elif isinstance(step, Runs):
                found.append(step)
                odd_after = False
            elif isinstance(step, _Odd) and step.stops:
                return Unclear(name, step.seen, words, step.command)
            elif isinstance(step, Unclear) and step.command in _LAUNCHERS:
                return step
            elif step.command not in _HARMLESS:
                odd, odd_after = step, True
        files = list(dict.fromkeys(posixpath.normpath(run.path) for run in found))
        if len(files) > 1:
            listed = ", ".join(files[:-1]) + " and " + files[-1]
            return Unclear(name, f"it runs node on more than one file, {listed}", tuple(files[::-1]))
        if not files:
            return odd if isinstance(odd, Unclear) else Unclear(name, odd.seen, words, odd.command)
        if odd_after:
            return Unclear(name, f"more follows after node on {files[0]}: {odd.seen}", words)
        return found[0]

    def _step(self, part: Sequence[_Word], directory: str, depth: int) -> _Step:
        words = _unwrapped(part)
        if not words:
            return _Odd("it sets variables only")
        if words[0].text[:1] in ("", "#", "-"):
            return _Odd(f"{words[0].raw} is not understood where a command stands", stops=True)
        if _VARIABLE.search(words[0].raw):
            return _Odd(f"what {words[0].text} stands for is known only when it runs", stops=True)
        command = _command(words[0])
        if command in _NODE:
            return _node(words[1:], directory)
        if command in _MANAGERS:
            return self._run(command, [word.text for word in words[1:]], directory, depth)
        if command == "cd":
            return _cd(words[1:], directory)
        if command in _SHELL:
            return _Odd(f"it holds {command}, which is not followed", stops=True)
        if command in _LAUNCHERS:
            return _Odd(f"{command} starts the program, and what that ends up running is not guessed", command, True)
        return _Odd(f"it runs {words[0].path}, not node itself", command)

    def _run(self, manager: str, words: Sequence[str], directory: str, depth: int) -> _Step:
        """``npm run x`` and its like: what the script x comes to."""
        rest = [word for word in words if word not in ("-s", "--silent", "-q", "--quiet")]
        explicit = rest[:1] in (["run"], ["run-script"])
        name = rest[1] if explicit and len(rest) > 1 else "" if explicit or not rest else rest[0]
        called = " ".join([manager, *rest[: 2 if explicit else 1]])
        if not explicit and (name not in ("start", "stop", "test") if manager == "npm" else name not in self._scripts):
            return _Odd(f"it runs {called}, not node itself", manager)
        if directory:
            return _Odd(f"it runs {called} in {directory}, which is not followed", stops=True)
        if not isinstance(self._scripts.get(name), str):
            return _Odd(f"it runs {called}, and package.json has no such script", stops=True)
        if depth == _DEEPEST:
            return _Odd(f"more than {_DEEPEST} scripts run one another", stops=True)
        step = self.script(name, depth + 1)
        return step._replace(by_way_of=(name, *step.by_way_of)) if isinstance(step, Runs) else step


def _parts(text: str) -> list[list[_Word]] | str:
    """The parts of a chain; or in words, what in the script is not understood."""
    if len(text) > _LONGEST:
        return f"it is longer than {_LONGEST:,} characters"
    if not all(char.isprintable() or char in "\t\r\n" for char in text):
        return "it holds characters that cannot be printed"
    if "`" in text or "$(" in text:
        return "it holds a command substitution, which is known only when it runs"
    if _ESCAPE.search(text):
        return "it holds a backslash that separates no parts of a path"
    parts: list[list[_Word]] = [[]]
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return "a quotation in it does not end"
        if token["operator"]:
            return f"it holds {_OPERATORS[token['operator']]} `{token['operator']}`, which is not followed"
        if token["word"] and not token["word"].isprintable():
            return "a quotation in it runs on over tabs or lines"
        if token["word"]:
            parts[-1].append(_Word(token["word"]))
        else:
            parts.append([])
        position = token.end()
    return [part for part in parts if part]


def _words(text: str) -> tuple[str, ...]:
    """Roughly the words of a script that is not understood."""
    return tuple(re.findall(r"[^\s\"'`;&|<>()]+", text[:_LONGEST].replace("\\", "/")))


def _unwrapped(words: Sequence[_Word]) -> Sequence[_Word]:
    """Without the variables and the wrappers in front."""
    while words and (_ASSIGNMENT.match(words[0].raw) or _command(words[0]) in ("exec", "env", "cross-env")):
        words = words[1:]
    return words


def _command(word: _Word) -> str:
    return re.sub(r"\.(?:exe|cmd)$", "", posixpath.basename(word.path), flags=re.IGNORECASE)


def _cd(words: Sequence[_Word], directory: str) -> _Directory | _Odd:
    if len(words) != 1 or words[0].text[:1] in ("", "-", "~") or _VARIABLE.search(words[0].raw):
        return _Odd(f"where {' '.join(['cd', *(word.text for word in words)])} leads is not known", stops=True)
    return _Directory(posixpath.join(directory, words[0].path))


def _node(words: Sequence[_Word], directory: str) -> Runs | _Odd:
    """node's own command line, up to the file."""
    position = 0
    while position < len(words) and words[position].text.startswith("-") and words[position].text != "-":
        option, equals, _ = words[position].text.partition("=")
        position += 1
        if option == "--":
            break
        if option in _NO_FILE:
            return _Odd(f"node {option} runs no file", "node")
        if option in _VALUED and not equals:
            position += 1
        elif not equals and not _SWITCH.match(option):
            return _Odd(f"whether node's option {option} takes the word after it is not known", stops=True)
    if position >= len(words) or words[position].text == "-":
        return _Odd("node is given no file", "node")
    file = words[position]
    if _VARIABLE.search(file.raw) or file.text[:1] in ("", "~", "#") or re.search(r"[*?\[]", file.raw):
        return _Odd(f"which file {file.raw} stands for is known only when it runs", stops=True)
    if file.text in ("debug", "inspect"):
        return _Odd(f"node {file.text} starts the debugger", stops=True)
    return Runs(file.path, directory, ())
