from django.db import models


class Worker(models.Model):
    """A process that does background work, and when it last said that it lives."""

    name = models.CharField(max_length=64, primary_key=True)
    host = models.CharField(max_length=255)
    process = models.PositiveBigIntegerField()
    seen = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.process} on {self.host}"
