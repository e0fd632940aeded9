"""The whole tool in one command: broker, worker, scheduler and web, on one machine."""

import socket
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config.local import firstrun, place, processes
from config.local.supervisor import Supervisor
from config.models import Heartbeat

ACCOUNTS = (
    ("bureau", "区局"),
    ("supervisor", "观湖街道督导"),
    ("inspector", "检查员"),
    ("inspector2", "检查员"),
    ("station", "站长"),
    ("stranger", "外街道站长"),
    ("sysadmin", "系统管理员"),
    ("auditor", "审计管理员"),
)


class Command(BaseCommand):
    help = "Serves web, worker, scheduler and (without REDIS_URL) a broker, until it is stopped."
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        try:
            with place.reserve_port() as listener, place.claim(settings.DATA_DIR) as lock:
                self.serve(listener, Supervisor(self.say, private=[listener, lock]))
        except place.Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def serve(self, listener: socket.socket, supervisor: Supervisor) -> None:
        with supervisor:
            processes.start_broker(supervisor)
            password = firstrun.prepare(self.say)
            Heartbeat.objects.filter(name="worker").delete()  # left by the last run
            connections.close_all()
            processes.preload()
            processes.start(supervisor, listener)
            states = processes.wait_until_ready(supervisor, listener)
            self.welcome(listener.getsockname(), states, password)
            supervisor.run()

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def welcome(
        self, address: tuple[str, int], states: dict[str, str], password: str | None
    ) -> None:
        wrong = {name: state for name, state in states.items() if state != "ok"}
        if wrong:
            self.say(f"  尚未就绪 not ready: {wrong}; see {settings.DATA_DIR / 'logs'}")
        self.say("\n  服务站标准化检查   http://{}:{}\n".format(*address))
        if password is not None:
            for name, role in ACCOUNTS:
                self.say(f"    {name:<12}{role}")
            self.say(f"\n  密码 password  {password}\n")
        self.say("  Ctrl-C 结束 · stops everything")
