import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stations.models import User
from stations.refusals import Refusal
from stations.services import accounts


class Command(BaseCommand):
    help = "Makes the first system administrator, who makes all other accounts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the first password from standard input; else a random one is printed once",
        )

    def handle(self, *, username: str, password_stdin: bool, **options: Any) -> None:
        if User.objects.filter(role=User.Role.SYSADMIN).exists():
            raise CommandError("已有系统管理员 · there is a system administrator already")
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
        try:
            made = accounts.create_account(
                username=username,
                role=User.Role.SYSADMIN,
                display_name="",
                regions=[],
                stations=[],
                by=None,
                now=timezone.now(),
                password=password,
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{username} 已建立，首次登录须改密码 · made; change it at first sign-in")
        if password is None:
            self.stdout.write(f"密码 password (shown once): {made.password}")
