"""The matter as the city handles it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cityloop.business.cases.domain import FINAL_STATES, STATE_NAMES, State
from cityloop.city.places.domain import AreaPath

STATE_CHOICES = [(s.value, f"{zh} {en}") for s, (zh, en) in STATE_NAMES.items()]
OPEN = ~Q(state__in=sorted(s.value for s in FINAL_STATES))
# The same as OPEN (a constraint says so) in the form that both databases recognise in a query
# and answer from an index of the open cases alone.
HAS_CLOCK = Q(due_at__isnull=False)


def area_key() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "places.Area", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )


class Case(models.Model):
    """案卷. Its row always says who owns the present stage and when its timer fires."""

    number = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=12, choices=STATE_CHOICES)
    title = models.CharField(max_length=300)
    channel = models.CharField(max_length=24)
    urgency = models.CharField(max_length=9, default="normal")
    confidential = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    # what it is: the condition pins the catalogue version
    case_class = models.ForeignKey(
        "catalogue.CaseClass", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    condition = models.ForeignKey(
        "catalogue.Condition", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    # where it is
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.CharField(max_length=300, blank=True)
    # exact | edge | address | area | outside | unknown
    located_by = models.CharField(max_length=8, default="unknown")
    city = area_key()
    district = area_key()
    subdistrict = area_key()
    community = area_key()
    cell = area_key()

    # who has it now
    owner_role = models.CharField(max_length=32, blank=True)
    owner_department = models.ForeignKey(
        "accounts.Department", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lead_department = models.ForeignKey(
        "accounts.Department", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    # clocks of the present stage
    stage_started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    timer_at = models.DateTimeField(null=True)
    timer_kind = models.CharField(max_length=10, blank=True)
    # near | late: as marked by the timer; `late_ever` stays (was overdue)
    alert = models.CharField(max_length=4, blank=True)
    late_ever = models.BooleanField(default=False)
    exempt = models.BooleanField(default=False)
    paused_left_s = models.FloatField(null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    suspensions = models.PositiveSmallIntegerField(default=0)
    urged = models.PositiveSmallIntegerField(default=0)

    # the handling clock as a whole: from dispatch to the result
    handle_due_at = models.DateTimeField(null=True)

    # milestones
    received_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    # how it went
    routed_by = models.CharField(max_length=8, blank=True)
    route = models.JSONField(null=True)
    triage = models.JSONField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    reopens = models.PositiveSmallIntegerField(default=0)
    report_count = models.PositiveIntegerField(default=1)
    responded = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    closing_note = models.CharField(max_length=400, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    # Dispatched by the machine, and later found right or wrong by people (None = not known yet)
    auto_dispatched = models.BooleanField(default=False)
    misrouted = models.BooleanField(default=False)

    class Meta:
        verbose_name = "案卷 Case"
        verbose_name_plural = "案卷 Cases"
        indexes = [
            models.Index(F("timer_at"), condition=Q(timer_at__isnull=False), name="case_timer"),
            models.Index(fields=["due_at", "id"], condition=HAS_CLOCK, name="case_desk"),
            models.Index(
                fields=["subdistrict", "due_at", "id"],
                condition=HAS_CLOCK,
                name="case_desk_subdistrict",
            ),
            models.Index(
                fields=["community", "due_at", "id"],
                condition=HAS_CLOCK,
                name="case_desk_community",
            ),
            models.Index(
                fields=["state", "due_at", "id"], condition=HAS_CLOCK, name="case_desk_state"
            ),
            models.Index(fields=["cell", "state"], condition=HAS_CLOCK, name="case_desk_cell"),
            models.Index(
                fields=["owner_department", "due_at"], condition=HAS_CLOCK, name="case_desk_dep"
            ),
            models.Index(
                fields=["lead_department", "due_at", "id"],
                condition=HAS_CLOCK,
                name="case_desk_lead",
            ),
            # Heat: how many reported it and how often it was urged.
            models.Index(
                F("report_count") + F("urged"), "id", condition=HAS_CLOCK, name="case_desk_heat"
            ),
            models.Index(fields=["received_at", "id"], name="case_received"),
            models.Index(fields=["case_class", "received_at", "id"], name="case_recv_class"),
            models.Index(fields=["subdistrict", "received_at", "id"], name="case_recv_subdistrict"),
            models.Index(fields=["community", "received_at", "id"], name="case_recv_community"),
            models.Index(
                fields=["lead_department", "received_at", "id"], name="case_recv_department"
            ),
            # Milestones that figures count by from day to day. Both grow at their right edge.
            models.Index(
                fields=["filed_at"], condition=Q(filed_at__isnull=False), name="case_filed"
            ),
            models.Index(
                fields=["closed_at"], condition=Q(closed_at__isnull=False), name="case_closed"
            ),
        ]
        constraints = [
            # No stuck case: whoever is not final has an owner, a deadline and a timer.
            models.CheckConstraint(
                condition=~OPEN | (~Q(owner_role="") & HAS_CLOCK & Q(timer_at__isnull=False)),
                name="open_case_has_owner_and_timer",
            ),
            models.CheckConstraint(
                condition=OPEN | (~HAS_CLOCK & Q(timer_at__isnull=True)),
                name="ended_case_has_no_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="merged_case_has_target",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def path(self) -> tuple[int, ...]:
        """The areas the case lies in, city first."""
        return AreaPath(
            self.city_id,
            self.district_id,
            self.subdistrict_id,
            self.community_id,
            self.cell_id,
        ).ids()

    @property
    def is_open(self) -> bool:
        return State(self.state) not in FINAL_STATES
