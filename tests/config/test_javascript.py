"""The pages' JavaScript: its unit tests under Node, its size as it is served."""

import gzip
import json
import os
import random
import subprocess
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage
from django.test import Client

from audits import scoring
from audits.models import Assignment
from audits.pages import shell
from config.modules import joined, uncommented
from config.statics import JOINED, HashedFiles

ROOT = Path(__file__).resolve().parents[2]
KB = 1024
GRADES = [{"code": "a", "floor": "90"}, {"code": "b", "floor": "80"}, {"code": "c", "floor": "70"},
          {"code": "d", "floor": "0"}]  # fmt: skip


def node(*arguments: str, **options: str) -> subprocess.CompletedProcess[str]:
    if not (ROOT / "node_modules" / "fake-indexeddb").exists():
        pytest.skip("npm's tools are not installed (node_modules)")
    env = os.environ | {"PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["node", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=100,
        **options,  # type: ignore[call-overload]
    )  # fmt: skip


def test_modules_pass_their_own_tests() -> None:
    files = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.js"))

    ran = node("--test", "--test-force-exit", *files)

    assert ran.returncode == 0, ran.stdout[-6000:]


def test_score_on_the_phone_is_the_servers_on_random_sheets() -> None:
    chance = random.Random(7)
    sheets = [_sheet(chance) for _ in range(300)]
    script = (
        'import { score, printed, gradeOf } from "./audits/static/audits/js/form/score.js";'
        'let text = ""; for await (const part of process.stdin) text += part;'
        "const { sheets, grades } = JSON.parse(text);"
        "console.log(JSON.stringify(sheets.map((lines) => { const found = score(lines);"
        "return [printed(found.total, grades), gradeOf(found.total, grades, found.isCriticalFailed),"
        "Object.fromEntries([...found.sections].map(([code, part]) => [code, printed(part, grades)]))]; })));"
    )
    ran = node(
        "--input-type=module", "-e", script, input=json.dumps({"sheets": sheets, "grades": GRADES})
    )

    assert json.loads(ran.stdout or "null") == [_told(lines) for lines in sheets], ran.stderr


def _sheet(chance: random.Random) -> list[dict[str, object]]:
    results = ("pass", "partial", "fail", "na", "unable")
    return [
        {
            "section": chance.choice("ABC"),
            "points": str(chance.choice(["1", "2", "0.5", "7", "1.25"])),
            "partial_ratio": chance.choice(["0.5", "0.333", "0.75"]),
            "is_critical": chance.random() < 0.1,
            "result": chance.choice(results),
        }
        for _ in range(chance.randrange(1, 44))
    ]


def _told(lines: list[dict[str, object]]) -> list[object]:
    found = scoring.score(
        scoring.Line(
            section=str(line["section"]),
            code=str(n),
            points=Decimal(str(line["points"])),
            ratio=scoring.ratio_of(str(line["result"]), Decimal(str(line["partial_ratio"]))),
            is_critical=bool(line["is_critical"]),
            is_pass=line["result"] == "pass",
        )
        for n, line in enumerate(lines)
    )
    floors: list[Fraction | int] = list(scoring.grade_lines(GRADES))
    grade = scoring.grade(found.total.value, GRADES, critical=found.critical_failed)
    sections = {code: scoring.printed(part.value, floors) for code, part in found.sections.items()}
    return [scoring.printed(found.total.value, floors), grade, sections]


def test_only_comments_are_left_out_of_what_is_served() -> None:
    """The compiler's own idea of the program is the same with them and without them."""
    script = (
        'import ts from "typescript"; let text = "";'
        "for await (const part of process.stdin) text += part;"
        "const plain = (source) => ts.transpileModule(source, { compilerOptions:"
        " { removeComments: true, target: ts.ScriptTarget.ESNext } }).outputText;"
        "console.log(JSON.stringify(JSON.parse(text).map(plain)));"
    )
    own = [path for path in ROOT.glob("*/static/**/*.js") if path.parts[len(ROOT.parts)] != "var"]
    sources = [path.read_text() for path in sorted(own)]
    assert len(sources) > 40
    served = [uncommented(source) for source in sources]

    ran = node("--input-type=module", "-e", script, input=json.dumps([*sources, *served]))

    plain = json.loads(ran.stdout or "null")
    assert plain[: len(sources)] == plain[len(sources) :], ran.stderr
    assert sum(map(len, served)) < 0.9 * sum(map(len, sources))


def entry() -> Path:
    return Path(str(finders.find(shell.ENTRY)))


@pytest.mark.parametrize("name", JOINED)
def test_joined_modules_are_one_program_without_imports(tmp_path: Path, name: str) -> None:
    program = tmp_path / "form.mjs"
    program.write_text(joined(Path(str(finders.find(name)))))

    ran = node("--check", str(program))

    assert ran.returncode == 0, ran.stderr
    assert program.read_text().count("= (() => {\n") >= len(shell.modules(name))


@pytest.mark.parametrize(
    "line",
    ['import * as dom from "./beside.js";', 'export * from "./beside.js";', 'await import("./x.js");',
     'import words from "./beside.js";', "export default 1;", "export let n = 1;"],
)  # fmt: skip
def test_what_cannot_be_joined_is_refused_at_home(tmp_path: Path, line: str) -> None:
    (tmp_path / "beside.js").write_text("export const n = 1;\n")
    (tmp_path / "app.js").write_text(f'import {{ n }} from "./beside.js";\n{line}\n')

    with pytest.raises(ValueError, match="cannot be joined"):
        joined(tmp_path / "app.js")


def test_a_ring_of_imports_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport const a = 1;\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\nexport const b = 1;\n')

    with pytest.raises(ValueError, match="imports itself"):
        joined(tmp_path / "a.js")


def test_joined_modules_do_what_they_did(tmp_path: Path) -> None:
    (tmp_path / "n.js").write_text("// counts\nexport const n = 1;\nconst own = 5;\n"
                                   "export function plus(m) {\n  return m + own;\n}\n")  # fmt: skip
    (tmp_path / "app.js").write_text('import {\n  n as one,\n  plus,\n} from "./n.js";\n'
                                     "const own = 7;\nconsole.log(one, plus(own));\n")  # fmt: skip
    program = tmp_path / "joined.mjs"
    program.write_text(joined(tmp_path / "app.js"))

    assert node(str(program)).stdout == "1 12\n"


def test_form_is_small(client: Client, task: Assignment) -> None:
    def packed(content: bytes) -> int:
        return len(gzip.compress(content, 6))

    own = packed(joined(entry()).encode())
    beside = [Path(str(finders.find(name))) for name in shell.BESIDE]
    own += sum(
        packed(uncommented(one.read_text()).encode()) for one in beside if one.suffix == ".js"
    )
    looks = sum(packed(one.read_bytes()) for one in beside if one.suffix == ".css")
    page = packed(client.get("/m/").content)

    heads = packed(joined(Path(str(finders.find("audits/js/form/head.js")))).encode())

    assert heads < own <= 60 * KB
    assert own + looks + page <= 120 * KB


def test_what_is_collected_is_what_was_measured(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    name, source = "js/look.js", Path(str(finders.find("js/look.js"))).read_text()
    storage = HashedFiles(location=str(tmp_path), base_url="/static/")
    (tmp_path / "js").mkdir()
    (tmp_path / name).write_text(source)

    list(storage.post_process({name: (FileSystemStorage(tmp_path), name)}))

    hashed = tmp_path / "js" / Path(storage.stored_name(name)).name
    assert hashed.read_text() == uncommented(source) != source
