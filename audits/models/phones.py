"""What the server knows of phones: each person's key, and the photos a phone said it holds."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audits.models.audits import Audit


class PhoneKey(models.Model):
    """What lies unsent on a phone is sealed with its owner's key; given to the owner only."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="phone_key")
    secret = models.CharField(max_length=64, editable=False)  # base64 of 32 random bytes
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("手机密钥")

    def __str__(self) -> str:
        return f"{self.user_id}"


class ExpectedPhoto(models.Model):
    """A photo a phone has taken and announced. The bytes, once here, are an EvidencePhoto."""

    id = models.UUIDField(primary_key=True)
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="expected")
    item_code = models.CharField(max_length=12, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    device = models.CharField(max_length=40)
    announced_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("手机报告的照片")
        indexes = [models.Index(fields=["audit"], name="expected_audit")]

    def __str__(self) -> str:
        return f"{self.id}"
