"""Photos: re-encoded pictures, never the files that came in."""

from __future__ import annotations

from django.db import models


class Photo(models.Model):
    """A picture of a case: reported, before, after, check or verify."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="photos")
    report = models.ForeignKey(
        "cases.Report", null=True, on_delete=models.CASCADE, related_name="photos"
    )
    stage = models.CharField(max_length=12)
    image = models.FileField(upload_to="photos/%Y/%m/%d")
    thumbnail = models.FileField(upload_to="photos/%Y/%m/%d")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="of the stored picture")
    original_sha256 = models.CharField(max_length=64)
    # What the file claimed about itself (EXIF), kept as claims only.
    claimed = models.JSONField(default=dict)
    added_by = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = "照片 Photo"
        verbose_name_plural = "照片 Photos"

    def __str__(self) -> str:
        return f"{self.stage} of {self.case_id}"
