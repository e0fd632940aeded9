import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tree(tmp_path):
    """A clone's outline: bootstrap.py, locks of nothing, and a stand-in for the catalogue."""
    shutil.copy(ROOT / "bootstrap.py", tmp_path)
    locks = tmp_path / "requirements"
    locks.mkdir()
    for name in ("base", "dev", "uv"):
        (locks / f"{name}.lock").write_text("")
    words = tmp_path / "config" / "words.py"
    words.parent.mkdir()
    words.write_text("")
    return tmp_path


def bootstrap(tree: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [environment.pop("PYTHON", sys.executable), "bootstrap.py", *arguments],
        cwd=tree,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


def fake_uv(folder: Path) -> str:
    """A uv on PATH that notes how it was called, and makes a `.venv` that can run Python."""
    folder.mkdir()
    uv, python = folder / "uv", folder / "python"
    uv.write_text(
        f'#!/bin/sh\necho "$@" >> "{folder}/calls"\n'
        f'if [ "$1" = venv ]; then mkdir -p .venv/bin && cp "{python}" .venv/bin/python; fi\n'
    )
    python.write_text(
        f'#!/bin/sh\nif [ "$2" = pip ]; then echo "pip $*" >> "{folder}/calls"; '
        f'exit ${{PIP_ENDS:-0}}; fi\nexec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    uv.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def calls(tree: Path) -> list[str]:
    return (tree / "tools" / "calls").read_text().splitlines()


def test_first_run_installs_by_hash_and_the_second_does_nothing(tree):
    path = fake_uv(tree / "tools")

    first, second = (bootstrap(tree, "base", PATH=path) for _ in range(2))

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "installing requirements/base.lock" in first.stdout
    assert second.stdout == ""
    made, filled = calls(tree)
    assert made.startswith("venv ")
    assert "--require-hashes" in filled


def test_a_changed_lock_is_installed(tree):
    path = fake_uv(tree / "tools")
    bootstrap(tree, "base", PATH=path)
    (tree / "requirements" / "base.lock").write_text("# another\n")

    bootstrap(tree, "base", PATH=path)

    assert [call.split()[0] for call in calls(tree)] == ["venv", "pip", "pip"]


def test_the_tools_of_the_tests_stay_when_the_tool_is_run(tree):
    path = fake_uv(tree / "tools")
    bootstrap(tree, "dev", PATH=path)

    again = bootstrap(tree, "base", PATH=path)
    (tree / "requirements" / "dev.lock").write_text("# another\n")
    bootstrap(tree, "base", PATH=path)

    assert again.stdout == ""
    assert calls(tree)[-1].endswith("dev.lock")


def test_a_failed_installation_is_tried_again(tree):
    path = fake_uv(tree / "tools")
    bootstrap(tree, "base", PATH=path)
    uv = tree / "tools" / "uv"
    works = uv.read_text()
    (tree / "requirements" / "base.lock").write_text("# another\n")
    uv.write_text("#!/bin/sh\nexit 1\n")

    failed = bootstrap(tree, "base", PATH=path, PIP_ENDS="1")
    uv.write_text(works)
    mended = bootstrap(tree, "base", PATH=path)

    assert failed.returncode == 1
    assert "this failed" in failed.stderr
    assert "installing" in mended.stdout


def test_pip_does_it_where_uv_cannot(tree):
    path = fake_uv(tree / "tools")
    bootstrap(tree, "base", PATH=path)
    (tree / "requirements" / "base.lock").write_text("# another\n")
    (tree / "tools" / "uv").write_text("#!/bin/sh\nexit 1\n")

    done = bootstrap(tree, "base", PATH=path)

    assert done.returncode == 0
    assert "--require-hashes" in calls(tree)[-1]
    assert calls(tree)[-1].startswith("pip -m pip install")


def test_without_venv_and_uv_the_one_line_that_installs_it_is_said(tree, tmp_path):
    lame = tmp_path / "lame"
    (lame / "ensurepip").mkdir(parents=True)
    (lame / "ensurepip" / "__init__.py").write_text("raise ImportError('no ensurepip')")

    done = bootstrap(tree, "base", PATH="/nowhere", PYTHONPATH=str(lame))

    assert done.returncode == 1
    assert "venv" in done.stderr
    assert done.stderr.strip().count("\n") == 1


def test_the_indexes_of_pip_are_honoured_by_uv(tree):
    path = fake_uv(tree / "tools")
    uv = tree / "tools" / "uv"
    uv.write_text(uv.read_text() + 'echo "index=$UV_DEFAULT_INDEX" >> "$(dirname "$0")/calls"\n')

    bootstrap(tree, "base", PATH=path, PIP_INDEX_URL="http://mirror.example/simple")

    assert "index=http://mirror.example/simple" in calls(tree)


@pytest.mark.parametrize("name", ["base", "dev", "uv"])
def test_locks_are_pinned_by_hash_and_name_no_host(name):
    lock = (ROOT / "requirements" / f"{name}.lock").read_text()
    pins = [line for line in lock.splitlines() if "==" in line]

    assert pins
    assert lock.count("--hash=sha256:") >= len(pins)
    assert "://" not in lock
    assert "index-url" not in lock
