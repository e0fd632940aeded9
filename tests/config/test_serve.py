import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.serving import Serving

pytestmark = [
    pytest.mark.service,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]
PEOPLE = "bureau supervisor inspector inspector2 station stranger sysadmin auditor"
ALL_WELL = dict.fromkeys(("database", "broker", "worker", "storage", "disk"), "ok")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder that has been served from once."""
    place = tmp_path_factory.mktemp("serve")
    with Serving(place) as serving:
        serving.wait_until_ready()
    return place


def state(place: Path) -> tuple[object, ...]:
    with sqlite3.connect(place / "data" / "db.sqlite3") as database:
        first_run = database.execute(
            "SELECT seen_at FROM config_heartbeat WHERE name = 'first-run'"
        ).fetchone()
        stations = database.execute("SELECT count(*) FROM stations_station").fetchone()
    manifest = place / "data" / "static" / "staticfiles.json"
    return first_run, stations, manifest.stat().st_mtime_ns


def test_first_start_serves_and_sigterm_ends_everything(tmp_path):
    with Serving(tmp_path) as serving:
        serving.wait_until_ready()
        health, readiness = serving.get("/healthz"), serving.readiness()
        serving.process.send_signal(signal.SIGTERM)
        code = serving.process.wait(timeout=15)

        assert health == (200, "ok")
        assert readiness == ALL_WELL
        assert code == 0
        assert serving.pids() == []


def test_second_start_creates_nothing_again(place):
    """That it is quick is measured by `BENCH=start make bench`."""
    before = state(place)

    with Serving(place) as serving:
        serving.wait_until_ready()
        assert serving.readiness() == ALL_WELL
        assert "…" not in serving.printed
    assert state(place) == before


@pytest.mark.timeout(300)
def test_demonstration_is_made_once_and_its_accounts_are_printed_each_time(tmp_path):
    with Serving(tmp_path, DEMO="1") as serving:
        serving.wait_until_ready(seconds=240)  # it draws two thousand pictures
        first = printed_password(serving)
        assert [serving.sign_in(name, first) for name in PEOPLE.split()] == [200] * 8
        assert "ended" not in serving.printed  # nobody had to be started twice
    made = rounds(tmp_path)
    assert pictures(tmp_path) == known_pictures(tmp_path)  # drawn for days to come is none

    with Serving(tmp_path, DEMO="1") as serving:
        serving.wait_until_ready()
        assert printed_password(serving) == first
        assert "…" not in serving.printed

    with Serving(tmp_path, DEMO="1", DEMO_PASSWORD="another-word-7") as serving:
        serving.wait_until_ready()
        assert printed_password(serving) == "another-word-7"
        assert serving.sign_in("bureau", "another-word-7") == 200
        assert serving.sign_in("bureau", first) != 200
    assert rounds(tmp_path) == made


def printed_password(serving: Serving) -> str:
    (line,) = (line for line in serving.printed.splitlines() if "password" in line)
    return line.split()[-1]


def rounds(place: Path) -> list[object]:
    with sqlite3.connect(place / "data" / "db.sqlite3") as database:
        return database.execute("SELECT id, name FROM audits_round ORDER BY id").fetchall()


def pictures(place: Path) -> set[str]:
    media = place / "media"
    return {path.relative_to(media).as_posix() for path in (media / "evidence").rglob("*.jpg")}


def known_pictures(place: Path) -> set[str]:
    with sqlite3.connect(place / "data" / "db.sqlite3") as database:
        return {path for (path,) in database.execute("SELECT path FROM audits_evidencephoto")}


def test_ctrl_c_in_the_terminal_ends_everything_with_code_0(place):
    with Serving(place) as serving:
        serving.wait_until_ready()

        for pid in serving.pids():  # a terminal sends it to the whole group
            os.kill(pid, signal.SIGINT)
        code = serving.process.wait(timeout=15)

        assert code == 0
        assert serving.pids() == []


def test_kill_9_of_the_supervisor_leaves_no_orphans_and_the_next_start_works(place):
    with Serving(place) as serving:
        serving.wait_until_ready()
        serving.process.kill()
        serving.process.wait()

        serving.wait_for(lambda: serving.pids() == [], seconds=10)

    with Serving(place) as serving:
        serving.wait_until_ready()
        assert serving.readiness() == ALL_WELL


@pytest.mark.parametrize("name", ["web", "worker", "beat", "broker"])
def test_a_killed_child_is_started_again(place, name):
    with Serving(place) as serving:
        serving.wait_until_ready()
        comm = Path(broker_binary()).name if name == "broker" else name
        victim = min(serving.pids(comm))
        os.kill(victim, signal.SIGKILL)

        serving.wait_for(lambda: f"{name} ended (-9), again in" in serving.printed, seconds=10)
        serving.wait_for(lambda: set(serving.pids(comm)) - {victim} != set(), seconds=10)
        serving.wait_for(lambda: recovered(serving), seconds=30)


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
def test_worker_and_scheduler_go_on_after_the_broker_was_away(place, fault):
    with Serving(place) as serving:
        serving.wait_until_ready()
        broker = min(serving.pids(Path(broker_binary()).name))
        os.kill(broker, fault)
        time.sleep(5)  # long enough for both to notice
        if fault is signal.SIGSTOP:
            os.kill(broker, signal.SIGCONT)
        seen = last_heartbeat(place)

        serving.wait_for(lambda: last_heartbeat(place) > seen, seconds=60)


def last_heartbeat(place: Path) -> str:
    with sqlite3.connect(place / "data" / "db.sqlite3") as database:
        row = database.execute(
            "SELECT seen_at FROM config_heartbeat WHERE name = 'worker'"
        ).fetchone()
    return str(row[0])


def recovered(serving: Serving) -> bool:
    try:
        return serving.readiness() == ALL_WELL
    except OSError:
        return False


def test_busy_port_is_said_in_one_line_before_anything_is_done(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with Serving(tmp_path, PORT=str(port)) as serving:
            code = serving.process.wait(timeout=30)

            assert code == 1
            assert serving.printed.count("\n") == 1
            assert f"端口 {port} 已被占用" in serving.printed
            assert f"port {port} is busy" in serving.printed
            assert not (serving.data_dir / "db.sqlite3").exists()


def test_one_folder_is_served_by_one_only(place):
    with Serving(place) as first:
        first.wait_until_ready()
        with Serving(place) as second:
            code = second.process.wait(timeout=30)

            assert code == 1
            assert "is in use by another `serve`" in second.printed


def test_a_given_redis_is_used_and_none_is_started(place, tmp_path):
    own = subprocess.Popen(
        [broker_binary(), "--port", "0", "--unixsocket", str(tmp_path / "own.sock")],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    try:
        with Serving(place, REDIS_URL=f"redis+socket://{tmp_path / 'own.sock'}") as serving:
            serving.wait_until_ready()

            assert serving.readiness() == ALL_WELL
            assert serving.pids(Path(broker_binary()).name) == []
    finally:
        own.terminate()
        own.wait()


def broker_binary() -> str:
    from config.local import embedded

    return str(embedded.server())


def test_a_folder_too_deep_for_a_socket_still_serves(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)

    with Serving(deep) as serving:
        serving.wait_until_ready()

        assert serving.readiness() == ALL_WELL
