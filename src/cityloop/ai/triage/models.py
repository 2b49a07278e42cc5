"""Trained models, each with the figures it was judged by, and what people corrected."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

KINDS = [("class", "类别 class"), ("department", "部门 department")]


class ModelVersion(models.Model):
    """One trained model. At most one of a kind is active; none is ever changed."""

    kind = models.CharField(max_length=12, choices=KINDS, default="class")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    trained_on = models.PositiveIntegerField(help_text="labelled texts")
    catalogue_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="number of the catalogue whose classes it knows"
    )
    # Of the texts, labels, phrases and wanted accuracy: the same input has the same fingerprint.
    fingerprint = models.CharField(max_length=64)
    report = models.JSONField(default=dict, help_text="figures on texts it was not trained on")
    threshold = models.FloatField(help_text="accepted without a person from here on; > 1 = never")
    accuracy = models.FloatField(help_text="what the threshold was chosen for")
    active = models.BooleanField(default=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["kind", "-number"]
        verbose_name = "模型版本 Model version"
        verbose_name_plural = "模型版本 Model versions"
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="model_number_once_a_kind"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(active=True), name="one_active_model_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How a decision names the model that made it."""
        return f"{self.kind}-{self.number}"


class ModelFile(models.Model):
    """The trained arrays (.npz, nothing in it can run), so that every process finds them."""

    fingerprint = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.fingerprint[:12]


class TrainingSet(models.Model):
    """The labelled texts a model was given by its operator (gzipped JSON, numbers masked).

    What people corrected is not in it: that has its own rows and its own retention. A model is
    trained again on its set and the corrections there are then.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.fingerprint[:12]


class Correction(models.Model):
    """What a person made of the model's suggestion: the label of one more text to learn from."""

    case_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=KINDS, default="class")
    # As the classifier reads them: numbers and place codes are masked, so phone and ID numbers
    # never enter. Emptied when the case's personal data is deleted.
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    suggested = models.CharField(max_length=64, blank=True)
    chosen = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    used_in = models.ForeignKey(
        ModelVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="corrections"
    )

    class Meta:
        ordering = ["-at"]
        verbose_name = "更正 Correction"
        verbose_name_plural = "更正 Corrections"
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "kind"], name="one_correction_of_a_kind_a_case"
            )
        ]
        indexes = [
            models.Index(
                fields=["kind", "at"], condition=Q(used_in__isnull=True), name="correction_new"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.suggested} → {self.chosen}"


class OpinionDay(models.Model):
    """What second opinions took on one day, for the limits the site has set."""

    on = models.DateField(unique=True)
    calls = models.PositiveIntegerField(default=0)
    tokens = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=6, default=0)

    class Meta:
        ordering = ["-on"]
        verbose_name = "第二意见用量 Opinions of a day"
        verbose_name_plural = "第二意见用量 Opinions of a day"

    def __str__(self) -> str:
        return f"{self.on}: {self.calls}"
