import re
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError

ROOT = Path(__file__).resolve().parents[2]
OWN = ("web", "web-local", "worker", "beat", "migrate", "mirror")


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def test_all_parts_are_there(compose):
    parts = {*OWN, "database", "broker", "proxy", "proxy-local", "store"}

    assert set(compose["services"]) == parts
    assert set(compose["volumes"]) == {"database", "broker", "media", "caddy", "store"}


def test_every_variable_is_explained_in_the_example():
    text = (ROOT / "docker-compose.yml").read_text()
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", text))
    example = (ROOT / ".env.example").read_text()

    assert used <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_secrets_have_no_default(services):
    environment = services["web"]["environment"]

    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        assert ":?" in environment[name]
    assert ":?" in services["database"]["environment"]["POSTGRES_PASSWORD"]
    assert ":?" in services["broker"]["environment"]["REDIS_PASSWORD"]


def test_only_the_proxies_open_ports_and_the_plain_one_only_to_this_machine(services):
    published = {name: part["ports"] for name, part in services.items() if "ports" in part}

    assert set(published) == {"proxy", "proxy-local"}
    assert all(port.startswith("127.0.0.1:") for port in published["proxy-local"])


def test_database_and_broker_are_not_reachable_from_outside(compose):
    assert compose["networks"]["inside"] == {"internal": True}
    for name in ("database", "broker", "beat", "migrate", "store"):
        assert compose["services"][name]["networks"] == ["inside"]
    with_ports = {name for name, service in compose["services"].items() if "ports" in service}
    assert with_ports == {"proxy", "proxy-local"}


def test_the_worker_reaches_mail_and_group_chats(compose):
    assert compose["services"]["worker"]["networks"] == ["inside", "outside"]


def test_tls_and_plain_http_never_run_together_unasked(services):
    assert services["web"]["profiles"] == services["proxy"]["profiles"] == ["tls"]
    assert services["web-local"]["profiles"] == services["proxy-local"]["profiles"] == ["local"]
    assert services["web"]["environment"]["HTTPS"] == "1"
    assert services["web-local"]["environment"]["HTTPS"] == "0"


@pytest.mark.parametrize("name", OWN)
def test_our_containers_have_few_rights(services, name):
    part = services[name]

    assert part["read_only"] is True
    assert part["cap_drop"] == ["ALL"]
    assert part["security_opt"] == ["no-new-privileges:true"]


def test_everything_that_stays_up_is_checked(services):
    image = (ROOT / "Dockerfile").read_text()

    assert "HEALTHCHECK" in image  # of both webs
    for name in ("worker", "beat", "database", "broker", "proxy", "store"):
        assert services[name]["healthcheck"]["test"]


def test_nothing_serves_before_the_migration_is_done(services):
    for name in ("web", "web-local", "worker", "beat"):
        waits = services[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}
        assert waits["broker"] == {"condition": "service_healthy"}
    assert services["migrate"]["restart"] == "no"


def test_broker_has_a_password_and_keeps_its_queue(services):
    command = services["broker"]["command"][-1]

    assert "requirepass $$REDIS_PASSWORD" in command
    assert "appendonly yes" in command
    assert "maxmemory-policy noeviction" in command
    assert "exec redis-server" in command


def test_worker_gives_work_back_when_it_is_stopped(services):
    assert services["worker"]["stop_signal"] == "SIGQUIT"
    assert services["worker"]["stop_grace_period"] == "30s"


def test_image_is_pinned_by_hash_and_runs_without_root():
    image = (ROOT / "Dockerfile").read_text()

    assert image.count("--require-hashes") == 2
    assert "USER app" in image
    assert re.findall(r"^FROM (\S+)", image, re.MULTILINE) == ["python:3.11-slim"] * 2


@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.local"])
def test_proxy_overwrites_what_clients_claim_about_themselves(name):
    rules = (ROOT / "deploy" / name).read_text()

    assert "header_up X-Forwarded-For {remote_host}" in rules
    assert "header_up X-Forwarded-Proto {scheme}" in rules
    assert "max_size 40MB" in rules
    assert "request_buffers" in rules


def check(settings, **values: object) -> str:
    """What `prepare` would refuse to go on with."""
    for name, value in values.items():
        setattr(settings, name, value)
    try:
        call_command("check", tags=["security"], fail_level="ERROR")
    except Exception as error:
        return str(error)
    return ""


def test_example_secrets_serve_localhost_only(settings):
    example = {"SECRET_KEY": "change-me-" + "0" * 50}

    assert check(settings, ALLOWED_HOSTS=["localhost", "127.0.0.1"], **example) == ""
    assert "SECRET_KEY: still the example's value" in check(
        settings, ALLOWED_HOSTS=["audits.example", "localhost"], **example
    )


def test_broker_elsewhere_without_a_password_is_refused(settings):
    assert check(settings, CELERY_BROKER_URL="redis://127.0.0.1:6379/0") == ""
    assert check(settings, CELERY_BROKER_URL="redis://:secret@broker:6379/0") == ""
    assert "no password for broker" in check(settings, CELERY_BROKER_URL="redis://broker:6379/0")


@pytest.mark.django_db
def test_alive_fails_until_a_heartbeat_is_seen():
    from config.tasks import heartbeat

    with pytest.raises(CommandError, match="no sign of the worker"):
        call_command("alive", "worker")

    heartbeat()
    call_command("alive", "worker")
