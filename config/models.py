from django.db import models


class Heartbeat(models.Model):
    """When something was last seen alive or last done; also the lease that keeps it to one run."""

    name = models.CharField(max_length=100, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M:%S}"
