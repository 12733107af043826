"""Which file a project starts with: every rule, every refusal with its words, and no crash on anything."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sio_patch.project import start_script
from sio_patch.project.entry import Entry, NoEntry, entry, unfit
from sio_patch.verdict import Reason

START = "scripts.start in package.json"
MAIN = "main in package.json"
LINE = "require('tls').SLAB_BUFFER_SIZE = 102400"
NAME_IT = "Name the file that node runs: `sio-patch apply -p tls-slab-size FILE`."


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "srv").mkdir()
    monkeypatch.chdir(tmp_path)
    return Path("srv")


def lay(project: Path, *names: str, package: object = None, **scripts: str) -> None:
    """Empty files, and a package.json: ``scripts`` and what ``package`` adds to them."""
    for name in names:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("")
    if isinstance(package, (str, bytes)):
        (project / "package.json").write_bytes(package.encode() if isinstance(package, str) else package)
    else:
        assert package is None or isinstance(package, dict)
        (project / "package.json").write_text(json.dumps({"scripts": scripts} | (package or {})))


def refused(project: Path) -> NoEntry:
    found = entry(project, patch="tls-slab-size", coffee=LINE)
    assert isinstance(found, NoEntry)
    return found


# --- the start script ------------------------------------------------------------------------------------------------

UNDERSTOOD = [
    ("node app.js", "app.js"),
    ("node app", "app.js"),
    ("  node   ./app.js  ", "app.js"),
    ("nodejs app.js", "app.js"),
    ("iojs app.js", "app.js"),
    ("/usr/local/bin/node app.js", "app.js"),
    ("./node_modules/.bin/node app.js", "app.js"),
    ("C:\\nodejs\\node.exe app.js", "app.js"),
    ("exec node app.js", "app.js"),
    ("NODE_ENV=production node app", "app.js"),
    ("NODE_ENV=production PORT=$PORT node app.js --port $PORT", "app.js"),
    ("env A=b node app.js", "app.js"),
    ("exec env A=b C='d e' node app.js", "app.js"),
    ("cross-env NODE_ENV=production node app.js", "app.js"),
    ("./node_modules/.bin/cross-env A=b node app.js", "app.js"),
    ("A='b && c' node app.js", "app.js"),
    ("node --harmony app.js", "app.js"),
    ("node --expose-gc --max-old-space-size=2000 --stack_size=9 app.js", "app.js"),
    ("node --nouse-idle-notification --trace-deprecation --debug=5858 app.js", "app.js"),
    ("node -r newrelic app.js", "app.js"),
    ("node --require newrelic --require=other app.js", "app.js"),
    ("node -r coffee-script/register ./lib/other.js", "lib/other.js"),
    ("node -- app.js", "app.js"),
    ("node app.js -e x --eval y", "app.js"),
    ("node .", "lib/main.js"),
    ("node ./", "lib/main.js"),
    ("node ./lib", "lib/index.js"),
    ("node lib/", "lib/index.js"),
    ("node inner", "inner/src/go.js"),
    ("node ./bin/www", "bin/www"),
    ("node bin\\www", "bin/www"),
    ("node .\\lib\\main.js", "lib/main.js"),
    ("node 'my app.js'", "my app.js"),
    ('node "my app.js"', "my app.js"),
    ('node my" "app.js', "my app.js"),
    ('node app.js "&&" "|" "a > b"', "app.js"),
    ("node lib/../app.js", "app.js"),
    ("node ../srv/app.js", "app.js"),
    ("make assets && node app.js", "app.js"),
    ("mkdir -p logs; node app.js", "app.js"),
    ("sh setup.sh\nnode app.js\n", "app.js"),
    ("export A=b && node app.js", "app.js"),
    ("set NODE_ENV=production && node app", "app.js"),
    ("NODE_ENV=production; node app.js", "app.js"),
    ("echo hi && node app.js && echo bye", "app.js"),
    ("node app.js; exit", "app.js"),
    ("node app.js && node ./app.js", "app.js"),
    ("node -e 'console.log(1)' && node app.js", "app.js"),
    ("npm install && npm prune --production && node app.js", "app.js"),
    ("npm run build && node app.js", "app.js"),
    ("npm test && node app.js", "app.js"),
    ("cd lib && node main", "lib/main.js"),
    ("cd inner; cd src && node go.js", "inner/src/go.js"),
    ("cd lib && node .", "lib/index.js"),
    ("cd lib && node ../app", "app.js"),
]

FILES = ("app.js", "lib/main.js", "lib/index.js", "lib/other.js", "inner/src/go.js", "bin/www", "my app.js")


@pytest.mark.parametrize(("script", "file"), UNDERSTOOD)
def test_a_start_script_that_is_understood(script: str, file: str, project: Path) -> None:
    # server.js is what a wrong turn would find.
    lay(
        project,
        *FILES,
        "server.js",
        package={"main": "lib/main"},
        start=script,
        build="grunt && webpack | tee log",
        test="mocha",
    )
    (project / "inner/package.json").write_text('{"main": "./src/go"}')
    assert entry(project) == Entry(file, START)


@pytest.mark.parametrize("script", ["node 'app.js\n'", "'\n'", "npm run 'a\tb'"])
def test_what_is_quoted_stays_on_a_line(script: str) -> None:
    found = start_script.read({"start": script, "a\tb": "node app.js"})
    assert isinstance(found, start_script.Unclear)
    assert found.seen == "a quotation in it runs on over tabs or lines"


@pytest.mark.parametrize("script", ["npm run web", "npm run-script -s web -- --port 3000", "yarn web", "yarn run web"])
def test_other_scripts_are_followed(script: str, project: Path) -> None:
    lay(project, "app.js", start=script, web="npm run go", go="NODE_ENV=x node app")
    assert entry(project) == Entry("app.js", f"{START}, by way of scripts.web, by way of scripts.go")


NOT_UNDERSTOOD = [
    ("node app.js | bunyan", "it holds a pipe `|`, which is not followed", "app.js"),
    ("node app.js || node lib/main.js", "it holds an alternative `||`, which is not followed", "app.js"),
    ("node app.js &", "it holds a process in the background `&`, which is not followed", "app.js"),
    ("node app.js >> log", "it holds a redirection `>`, which is not followed", "app.js"),
    ("node < app.js", "it holds a redirection `<`, which is not followed", "app.js"),
    ("(node app.js)", "it holds a subshell `(`, which is not followed", "app.js"),
    ("node $(cat which)", "it holds a command substitution, which is known only when it runs", None),
    ("node `cat which`", "it holds a command substitution, which is known only when it runs", None),
    ("node my\\ app.js", "it holds a backslash that separates no parts of a path", "app.js"),
    ("node 'app.js", "a quotation in it does not end", "app.js"),
    ("node \x1b[31m app.js", "it holds characters that cannot be printed", "app.js"),
    ("node " + 5000 * "a", "it is longer than 4,096 characters", None),
    ("node $ENTRY", "which file $ENTRY stands for is known only when it runs", None),
    ("node %ENTRY%", "which file %ENTRY% stands for is known only when it runs", None),
    ("node lib/*.js", "which file lib/*.js stands for is known only when it runs", None),
    ("node ~/app.js", "which file ~/app.js stands for is known only when it runs", None),
    ("$NODE app.js", "what $NODE stands for is known only when it runs", "app.js"),
    ("node", "node is given no file", None),
    ("node -", "node is given no file", None),
    ("node -r newrelic", "node is given no file", None),
    ("node -e 'require(\"./app.js\")'", "node -e runs no file", None),
    ("node -p 1", "node -p runs no file", None),
    ("node --eval=1", "node --eval runs no file", None),
    ("node --check app.js", "node --check runs no file", "app.js"),
    ("node debug app.js", "node debug starts the debugger", "app.js"),
    (
        "node --max-old-space-size 2000 app.js",
        "whether node's option --max-old-space-size takes the word after it is not known",
        "app.js",
    ),
    ("node lib/main.js && node app.js", "it runs node on more than one file, lib/main.js and app.js", "app.js"),
    (
        "node a.js; node b.js; node app",
        "it runs node on more than one file, a.js, b.js and app",
        "app.js",
    ),
    (
        "node lib/main && npm run build",
        "more follows after node on lib/main: it runs gulp, not node itself",
        "lib/main.js",
    ),
    ("node app.js && make watch", "more follows after node on app.js: it runs make, not node itself", "app.js"),
    ("forever start app.js", "forever starts the program, and what that ends up running is not guessed", "app.js"),
    (
        "./node_modules/.bin/nodemon app",
        "nodemon starts the program, and what that ends up running is not guessed",
        "app.js",
    ),
    (
        "supervisor -w lib app.js",
        "supervisor starts the program, and what that ends up running is not guessed",
        "app.js",
    ),
    ("pm2 start app.js -i 4", "pm2 starts the program, and what that ends up running is not guessed", "app.js"),
    (
        "forever app.js && node lib/main",
        "forever starts the program, and what that ends up running is not guessed",
        "app.js",
    ),
    ("ts-node src/app.ts", "ts-node starts the program, and what that ends up running is not guessed", None),
    ("make", "it runs make, not node itself", None),
    ("make; echo done", "it runs make, not node itself", None),
    ("echo app.js", "it starts nothing", "app.js"),
    ("A=b", "it sets variables only", None),
    ("sh start.sh", "it runs sh, not node itself", None),
    ("sudo node app.js", "it runs sudo, not node itself", "app.js"),
    ("env -i node app.js", "-i is not understood where a command stands", "app.js"),
    ("# node app.js", "# is not understood where a command stands", "app.js"),
    ("./bin/www", "it runs ./bin/www, not node itself", "bin/www"),
    ("if true; then node app.js; fi", "it holds if, which is not followed", "app.js"),
    ("cd && node app.js", "where cd leads is not known", "app.js"),
    ("cd ~/x && node app.js", "where cd ~/x leads is not known", "app.js"),
    ("cd lib && npm run build", "it runs npm run build in lib, which is not followed", None),
    ("npm install", "it runs npm install, not node itself", None),
    ("yarn", "it runs yarn, not node itself", None),
    ("npm run nope", "it runs npm run nope, and package.json has no such script", None),
    ("npm run", "it runs npm run, and package.json has no such script", None),
    ("npm start", "it leads back to itself", None),
]


@pytest.mark.parametrize(("script", "seen", "guess"), NOT_UNDERSTOOD)
def test_a_start_script_that_is_not_understood(script: str, seen: str, guess: str | None, project: Path) -> None:
    lay(project, *FILES, "server.js", start=script, build="gulp")
    found = refused(project)
    assert (found.reason, found.hint) == (Reason.UNSUPPORTED_LAYOUT, None)
    shown = script.replace("\x1b", "?")
    shown = shown if len(shown) <= 120 else shown[:117] + "..."
    begin = f'The script start in package.json is "{shown}": {seen}. '
    step = NAME_IT
    if guess is not None:
        step = f"If node runs {guess} in the end, name it: `sio-patch apply -p tls-slab-size srv/{guess}`."
    assert found.message == begin + step


def test_the_command_to_type_is_quoted(project: Path) -> None:
    lay(project, "app/it's mine.js", start='forever "app/it\'s mine.js"')
    assert "name it: `sio-patch apply -p tls-slab-size 'srv/app/it'\"'\"'s mine.js'`." in refused(project).message


def test_a_refusal_names_the_script_that_it_is_about(project: Path) -> None:
    lay(project, start="npm run a", a="npm run b", b="nodemon")
    assert refused(project).message.startswith(
        'The script b in package.json, to which scripts.start leads, is "nodemon": nodemon starts the program'
    )
    lay(project, start="npm run a", a="npm run b", b="npm run a")
    assert refused(project).message.startswith(
        'The script a in package.json, to which scripts.start leads, is "npm run b": it leads back to itself. '
    )


def test_scripts_that_multiply_are_read_once_and_a_long_row_of_them_is_refused(project: Path) -> None:
    steps = {f"s{number}": f"npm run s{number + 1} && npm run s{number + 1}" for number in range(15)}
    lay(project, "app.js", start="npm run s0", s15="node app.js", **steps)
    assert isinstance(entry(project), Entry)
    steps = {f"s{number}": f"npm run s{number + 1}" for number in range(3000)}
    lay(project, "app.js", start="npm run s0", **steps)
    assert "more than 20 scripts run one another" in refused(project).message


def test_a_start_script_whose_file_is_missing_decides_all_the_same(project: Path) -> None:
    lay(project, "server.js", start="node dist/app.js")
    assert refused(project) == NoEntry(
        Reason.MISSING_FILE,
        f"By {START} node runs dist/app.js, and no file is found for that. {NAME_IT}",
    )


def test_the_program_of_an_installed_package_is_not_the_entry(project: Path) -> None:
    lay(project, "node_modules/forever/bin/forever", "app.js", start="node node_modules/forever/bin/forever app.js")
    assert refused(project) == NoEntry(
        Reason.UNSUPPORTED_LAYOUT,
        f"By {START} the entry would be node_modules/forever/bin/forever, a program of an installed package, "
        f"not the project's own. {NAME_IT}",
    )
    (project / "run.js").symlink_to("node_modules/forever/bin/forever")
    lay(project, start="node run.js")
    assert "By scripts.start in package.json the entry would be run.js, a program of" in refused(project).message


# --- main, the usual names, bin --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("main", "names", "file"),
    [
        ("lib/start.js", ["lib/start.js"], "lib/start.js"),
        ("./lib/start", ["lib/start.js"], "lib/start.js"),
        ("lib/start", ["lib/start", "lib/start.js"], "lib/start"),
        ("lib", ["lib/index.js"], "lib/index.js"),
        ("./lib/", ["lib/index.js"], "lib/index.js"),
        ("lib", ["lib.js", "lib/index.js"], "lib.js"),
        ("lib\\start.js", ["lib/start.js"], "lib/start.js"),
        (".", ["index.js"], "index.js"),
        ("../srv/x", ["x.js"], "x.js"),
        ("x.cjs", ["x.cjs"], "x.cjs"),
    ],
)
def test_main_is_found_as_node_finds_it(main: str, names: list[str], file: str, project: Path) -> None:
    lay(project, *names, "app.js", package={"main": main})
    assert entry(project) == Entry(file, MAIN)


def test_the_order_of_the_rules(project: Path) -> None:
    lay(project, "a.js", "b.js", "server.js", "app.js", "index.js", package={"main": "b.js"}, start="node a.js")
    assert entry(project) == Entry("a.js", START)
    lay(project, package={"main": "b.js"})
    assert entry(project) == Entry("b.js", f"{MAIN} (npm start would run server.js, which is there too)")
    lay(project, package={"main": "server"})
    assert entry(project) == Entry("server.js", MAIN)
    lay(project, package={"bin": "a.js"})
    for name in ("server.js", "app.js", "index.js"):
        assert entry(project) == Entry(name, name)
        (project / name).unlink()
    assert entry(project) == Entry("a.js", "bin in package.json")


@pytest.mark.parametrize("start", ["", "  ", None])
def test_an_empty_start_script_is_none(start: str | None, project: Path) -> None:
    lay(project, "server.js", package={"scripts": {"start": start}})
    assert entry(project) == Entry("server.js", "server.js")


@pytest.mark.parametrize(
    ("package", "remark"),
    [
        ({"main": "index.js"}, "main in package.json names index.js, which is not there"),
        ({"main": "lib"}, "main in package.json names lib, which is not there"),
        ({"main": 7}, "main in package.json is not a path"),
        ({"main": "a\x1b[0m"}, "main in package.json is not a path"),
        ({"main": "a\ud800"}, "main in package.json is not a path"),
        ({"scripts": []}, "scripts in package.json is not an object"),
        ({"scripts": {"start": ["node", "x"]}}, "scripts.start in package.json is not text"),
        ("", "package.json is empty"),
        ("{", "package.json is not JSON: Expecting property name enclosed in double quotes (line 1)"),
        ("[]", "package.json does not hold an object"),
        (b'{"a": "\xff"}', "package.json is not UTF-8 text (byte 7)"),
        ("\ufeff{}", "package.json begins with a byte order mark"),
        ("{}".encode("utf-16"), "package.json is UTF-16 text, not UTF-8"),
        ("[" * 100_000, "package.json is not JSON that can be read"),
    ],
)
def test_what_says_nothing_is_passed_over_with_a_remark(package: object, remark: str, project: Path) -> None:
    lay(project, "server.js", "lib/x", package=package)
    assert entry(project) == Entry("server.js", f"server.js ({remark})")


def test_no_package_json(project: Path) -> None:
    (project / "app.js").write_text("")
    assert entry(project) == Entry("app.js", "app.js (package.json is missing)")
    (project / "package.json").mkdir()
    assert entry(project) == Entry("app.js", "app.js (package.json is a directory)")


def test_an_oddly_encoded_package_json_is_still_read(project: Path) -> None:
    lay(project, "a.js", package='\ufeff{"main": "a.js"}')
    assert entry(project) == Entry("a.js", f"{MAIN} (package.json begins with a byte order mark)")


@pytest.mark.parametrize("bin_", ["./cli.js", {"x": "cli.js"}, {"x": "cli.js", "y": "./cli.js", "z": ""}])
def test_one_bin_is_the_entry(bin_: object, project: Path) -> None:
    lay(project, "cli.js", package={"bin": bin_})
    assert entry(project) == Entry("cli.js", "bin in package.json")


def test_several_bins(project: Path) -> None:
    lay(project, "a.js", "b.js", package={"bin": {"a": "a.js", "b": "./b.js"}})
    what = "There is no start script and no main, and bin in package.json names 2 programs: a.js, b.js. "
    assert refused(project) == NoEntry(Reason.UNSUPPORTED_LAYOUT, what + NAME_IT)
    lay(project, package={"bin": {str(number): f"{number}.js" for number in range(9)}})
    assert "names 9 programs: 0.js, 1.js, 2.js, 3.js, 4.js and more. " in refused(project).message


def test_no_entry(project: Path) -> None:
    lay(project, "lib/app.js", package={"main": "x", "bin": "y"})
    assert refused(project) == NoEntry(
        Reason.MISSING_FILE,
        "No entry was found in srv: no start script, no main, no server.js, app.js or index.js; "
        "main in package.json names x, which is not there; bin in package.json names y, which is not there. " + NAME_IT,
    )
    assert refused(Path("nowhere")).reason is Reason.MISSING_FILE


# --- outside the project ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["../app.js", "/etc/hosts", "..", "lib/../../app.js", "C:\\app.js", "../nowhere"])
def test_a_path_out_of_the_project(path: str, project: Path) -> None:
    Path("app.js").write_text("")
    for package, rule in (({"scripts": {"start": f"node {path}"}}, START), ({"main": path}, MAIN)):
        lay(project, "server.js", package=package)
        shown = path.replace("\\", "/")
        assert refused(project) == NoEntry(
            Reason.OUTSIDE_ROOT,
            f"By {rule} the entry would be {shown}, outside the project; nothing there is changed. {NAME_IT}",
        )


def test_a_link_out_of_the_project(project: Path) -> None:
    Path("elsewhere").mkdir()
    Path("elsewhere/app.js").write_text("")
    lay(project, start="node app")
    (project / "app.js").symlink_to("../elsewhere/app.js")
    end = f", a link to outside the project; nothing there is changed. {NAME_IT}"
    assert refused(project) == NoEntry(Reason.OUTSIDE_ROOT, f"By {START} the entry would be app.js{end}")
    lay(project)
    assert refused(project) == NoEntry(Reason.OUTSIDE_ROOT, f"The entry would be app.js{end}")
    (project / "app.js").unlink()
    (project / "lib").symlink_to("../elsewhere")
    lay(project, package={"main": "lib/app"})
    assert refused(project).reason is Reason.OUTSIDE_ROOT
    (project / "server.js").symlink_to("server.js")
    assert refused(project).reason is Reason.OUTSIDE_ROOT


def test_links_inside_the_project_are_followed(project: Path) -> None:
    lay(project, "src/app.js", start="node app")
    (project / "app.js").symlink_to("src/app.js")
    assert entry(project) == Entry("app.js", START)
    absolute = os.path.realpath(project / "src/app")
    lay(project, start=f"node {absolute}")
    assert entry(project) == Entry("src/app.js", START)
    Path("link").symlink_to(project)
    assert entry(Path("link")) == Entry("src/app.js", START)


# --- other languages -------------------------------------------------------------------------------------------------

IN_COFFEE = (
    ", which is CoffeeScript; only JavaScript is changed here. "
    "Add the line by hand, before any other, and compile again where node runs the compiled file."
)


@pytest.mark.parametrize(
    ("names", "package", "subject"),
    [
        (["app.coffee"], {"scripts": {"start": "node app.coffee"}}, f"By {START} the entry would be app.coffee"),
        (["app.coffee"], {"scripts": {"start": "node app"}}, f"By {START} the entry would be app.coffee"),
        (["app.litcoffee"], {"scripts": {"start": "node app.js"}}, f"By {START} the entry would be app.litcoffee"),
        (["app.coffee"], {"main": "app.coffee"}, f"By {MAIN} the entry would be app.coffee"),
        (["app.coffee"], {"main": "./app"}, f"By {MAIN} the entry would be app.coffee"),
        (["server.coffee"], {}, "The entry would be server.coffee"),
        (
            ["app.coffee", "app.js"],
            {"scripts": {"start": "coffee app"}},
            'The script start in package.json is "coffee app": coffee starts the program, and what that ends up '
            "running is not guessed. It may run app.coffee",
        ),
    ],
)
def test_coffeescript(names: list[str], package: dict[str, object], subject: str, project: Path) -> None:
    lay(project, *names, package=package)
    assert refused(project) == NoEntry(Reason.UNSUPPORTED_LAYOUT, subject + IN_COFFEE, LINE)


def test_coffeescript_without_a_line_to_add(project: Path) -> None:
    lay(project, "app.coffee")
    assert entry(project) == NoEntry(
        Reason.UNSUPPORTED_LAYOUT,
        "The entry would be app.coffee, which is CoffeeScript; only JavaScript is changed here. "
        "Where node runs the JavaScript that it is compiled to, name that: `sio-patch apply -p ID FILE`.",
    )


def test_compiled_javascript_beside_coffeescript_is_the_entry(project: Path) -> None:
    lay(project, "server.coffee", "server.js", start="node server")
    assert entry(project) == Entry("server.js", START)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("app.ts", "which is TypeScript"),
        ("app.json", "which is JSON, not a program"),
        ("app.node", "which is a compiled add-on"),
        ("app.ls", "which is LiveScript"),
        ("app.jsx", "which is JSX"),
    ],
)
def test_not_javascript(name: str, what: str, project: Path) -> None:
    lay(project, name, package={"main": name})
    message = f"By {MAIN} the entry would be {name}, {what}. {NAME_IT}"
    assert refused(project) == NoEntry(Reason.UNSUPPORTED_LAYOUT, message)


def test_typescript_that_was_not_built(project: Path) -> None:
    lay(project, "index.ts", package={"main": "index.js"})
    assert "the entry would be index.ts, which is TypeScript" in refused(project).message


# --- ES modules ------------------------------------------------------------------------------------------------------


def as_module(subject: str, why: str) -> NoEntry:
    return NoEntry(
        Reason.UNSUPPORTED_LAYOUT,
        f"{subject}, an ES module ({why}), and no Node that has this setting runs one. "
        "If the program starts with another file, name that: `sio-patch apply -p tls-slab-size FILE`.",
    )


def test_modules_by_name_and_type(project: Path) -> None:
    lay(project, "app.mjs", start="node app.mjs")
    assert refused(project) == as_module(f"By {START} the entry would be app.mjs", "its name ends in .mjs")
    (project / "app.mjs").rename(project / "server.mjs")
    lay(project)
    assert refused(project) == as_module("The entry would be server.mjs", "its name ends in .mjs")
    lay(project, "app.js", package={"type": "module"})
    assert refused(project) == as_module("The entry would be app.js", 'package.json says "type": "module"')


def test_the_nearest_package_json_has_the_type(project: Path) -> None:
    lay(project, "lib/app.js", "app.cjs", package={"type": "module", "main": "lib/app"})
    (project / "lib/package.json").write_text("{}")
    assert entry(project) == Entry("lib/app.js", MAIN)
    lay(project, package={"type": "commonjs", "main": "lib/app"})
    (project / "lib/package.json").write_text('{"type": "module"}')
    assert refused(project).message.startswith(f"By {MAIN} the entry would be lib/app.js, an ES module")
    lay(project, package={"type": "module", "main": "app.cjs"})
    assert entry(project) == Entry("app.cjs", MAIN)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("// hi\nimport http from 'http';\n", "line 2 is an import statement"),
        ("'use strict'\nvar a = 1\nexport default a\n", "line 3 is an export statement"),
        ("\ufeffimport 'tls'", "line 1 is an import statement"),
        ("var x; export { x };", "line 1 is an export statement"),
    ],
)
def test_module_statements(text: str, why: str, project: Path) -> None:
    lay(project, start="node app.js")
    (project / "app.js").write_text(text)
    assert refused(project) == as_module(f"By {START} the entry would be app.js", why)


@pytest.mark.parametrize(
    "text",
    [
        "exports.a = 1; // import and export",
        "var s = 'import x from y';",
        "import('./x.js')",
        "/*\nimport x from 'y'\n*/",
        "import is not JavaScript",
        "return module.export",
    ],
)
def test_what_is_no_module_statement(text: str, project: Path) -> None:
    lay(project)
    (project / "app.js").write_text(text)
    assert entry(project) == Entry("app.js", "app.js")


def test_a_file_that_the_user_named(project: Path) -> None:
    lay(project, "a.js", "a.mjs", "a.coffee")
    assert unfit(project / "a.js") is None
    assert unfit(project / "nowhere.js") is None
    found = unfit(project / "a.mjs", patch="tls-slab-size")
    assert found == as_module("The file named is a.mjs", "its name ends in .mjs")
    found = unfit(project / "a.coffee", patch="x", coffee=LINE)
    assert found == NoEntry(Reason.UNSUPPORTED_LAYOUT, "The file named is a.coffee" + IN_COFFEE, LINE)
    (project / "link.js").symlink_to("b.js")
    (project / "b.js").write_text("export default 1")
    assert unfit(project / "link.js") is not None


# --- anything at all -------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *("node", "nodejs", "npm", "run", "yarn", "start", "web", "cd", "exec", "env", "cross-env", "A=b", "$X", "-r"),
        *("-e", "--harmony", "--max-old-space-size=1", "--", "-", ".", "..", "app.js", "app", "lib", "../x", "/", "&&"),
        *("||", "|", "&", ";", "\n", " ", "'", '"', "\\", "(", ")", ">", "$(", "`", "#", "forever", "coffee", "~", "*"),
        *("{}", "echo", "if", "\x00", "\ud800"),
    ]
)
SCRIPTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=9).map(" ".join), st.lists(WORDS).map("".join))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | SCRIPTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(scripts=st.fixed_dictionaries({"start": SCRIPTS}, optional={"web": SCRIPTS}))
def test_any_script_is_read_or_refused(scripts: dict[str, str]) -> None:
    found = start_script.read(scripts)
    if isinstance(found, start_script.Runs):
        assert found.file.isprintable()
        assert "node" in "".join(scripts.values()) or "iojs" in "".join(scripts.values())
    else:
        assert found.seen.isprintable()
        assert found.script in scripts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(
    package=st.fixed_dictionaries(
        {},
        optional={
            "scripts": JSON | st.fixed_dictionaries({"start": SCRIPTS}, optional={"web": SCRIPTS}),
            "main": JSON,
            "bin": JSON,
            "type": JSON,
        },
    )
)
def test_any_package_json_has_an_entry_or_a_refusal(package: dict[str, object], project: Path) -> None:
    lay(project, "app.js", "lib/index.js", package=package)
    found = entry(project, coffee=LINE)
    if isinstance(found, Entry):
        real = Path(os.path.realpath(project / found.file))
        assert real.is_file()
        assert real.is_relative_to(os.path.realpath(project))
        assert found.rule.isprintable()
    else:
        assert found.message.isprintable()
        assert found.message.endswith(".")


@given(data=st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_for_a_package_json(data: bytes, project: Path) -> None:
    lay(project, "server.js", package=data)
    assert isinstance(entry(project), Entry)
