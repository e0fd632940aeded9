"""Who: one account per person, one role, and the places it reaches."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stations import access
from stations.models.places import Region, Station


class AccountQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> AccountQuerySet:
        return self.filter(access.account_scope(user)).distinct()

    def matching(self, word: str) -> AccountQuerySet:
        return self.filter(Q(username__icontains=word) | Q(display_name__icontains=word))


class Accounts(UserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class User(AbstractUser):
    """Scope: `regions` (with all below them) for bureau and supervisors, `stations` for heads.
    An inspector's scope is the stations assigned, so it is never typed in."""

    class Role(models.TextChoices):
        INSPECTOR = "inspector", _("检查员")
        STATION_HEAD = "station_head", _("站长")
        SUPERVISOR = "supervisor", _("街道督导")
        BUREAU = "bureau", _("区局")
        SYSADMIN = "sysadmin", _("系统管理员")
        AUDITOR = "auditor", _("审计管理员")

    role = models.CharField(_("角色"), max_length=12, choices=Role, default=Role.STATION_HEAD)
    display_name = models.CharField(_("显示名"), max_length=40, blank=True)
    regions = models.ManyToManyField(Region, blank=True, related_name="users", verbose_name="区划")
    stations = models.ManyToManyField(
        Station, blank=True, related_name="heads", verbose_name=_("服务站")
    )
    must_change_password = models.BooleanField(_("须改密码"), default=False)
    is_demo = models.BooleanField(_("演示账号"), default=False, editable=False)

    objects: ClassVar[Accounts] = Accounts()

    class Meta:
        verbose_name = verbose_name_plural = _("用户")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "inspector", "station_head", "supervisor", "bureau", "sysadmin", "auditor"
                    ]
                ),
                name="user_role_known",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.display_name or self.username


class FormerPassword(models.Model):
    """What a person's password was, hashed. Written by `passwords.NotUsedBefore` alone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} {self.set_at:%Y-%m-%d}"
