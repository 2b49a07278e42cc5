"""Departments, users, the roles they hold, and tokens of machines."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cityloop.city.accounts.domain import ADMINISTRATORS, ROLE_NAMES, Role

ROLE_CHOICES = [(role.value, f"{zh} {en}") for role, (zh, en) in ROLE_NAMES.items()]


class Department(models.Model):
    """Who handles: 处置部门. Found by its key, which catalogues and rules name."""

    key = models.SlugField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    skills = models.CharField(max_length=400, blank=True)
    is_fallback = models.BooleanField(default=False, help_text="owner unknown: handles by area")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["key"]
        verbose_name = "部门 Department"
        verbose_name_plural = "部门 Departments"

    def __str__(self) -> str:
        return self.name_zh


class User(AbstractUser):
    """A person who logs in. Roles are held apart, each in an area."""

    display_name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, default="zh")
    # A password somebody else knows opens nothing but the change of the password.
    must_change_password = models.BooleanField(default=False)

    class Meta(AbstractUser.Meta):
        verbose_name = "用户 User"
        verbose_name_plural = "用户 Users"

    def __str__(self) -> str:
        return self.display_name or self.username


class HoldingRows(models.QuerySet["RoleHolding"]):
    """Rows of holdings."""

    def live(self) -> HoldingRows:
        """Those that hold now: not ended, and their period, where they have one, not over."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=Now()), ended_at__isnull=True)


class RoleHolding(models.Model):
    """A role held by a user in an area (empty = whole city), for a department."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_holdings")
    role = models.CharField(max_length=32, choices=ROLE_CHOICES)
    area = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.PROTECT)
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    # The last moment it is meant to hold; a task ends it then, the queries know it before.
    until = models.DateTimeField(null=True, blank=True)

    objects = HoldingRows.as_manager()

    class Meta:
        verbose_name = "任职 Role holding"
        verbose_name_plural = "任职 Role holdings"
        constraints = [
            models.CheckConstraint(
                condition=~Q(role__in=["handler", "department_lead"]) | Q(department__isnull=False),
                name="department_role_has_department",
            ),
            # The three administrators are three persons: at most one live such role a user.
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(role__in=[r.value for r in sorted(ADMINISTRATORS)])
                & Q(ended_at__isnull=True),
                name="one_administrator_role_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {Role(self.role).value}"


class RoleRequest(models.Model):
    """A role asked for by the system administrator, granted or refused by the security one."""

    ASKED, GRANTED, REFUSED = "asked", "granted", "refused"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_requests")
    role = models.CharField(max_length=32, choices=ROLE_CHOICES)
    area = models.ForeignKey("places.Area", null=True, on_delete=models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, null=True, on_delete=models.CASCADE)
    until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, default=ASKED)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    # Why it could not be granted, in both languages.
    problem = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="role_request_state")]
        verbose_name = "任职申请 Role request"
        verbose_name_plural = "任职申请 Role requests"

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role} {self.state}"


class LoginSession(models.Model):
    """One log-in of a person. The cookie names it; a row that ended opens nothing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="logins")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    # When the password was last given: acts of weight ask for it again.
    confirmed_at = models.DateTimeField()
    idle_s = models.PositiveIntegerField()
    ends_at = models.DateTimeField()
    source = models.CharField(max_length=45)
    agent = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=12, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "ended_at"], name="login_of_user")]
        verbose_name = "登录会话 Log-in"
        verbose_name_plural = "登录会话 Log-ins"

    def __str__(self) -> str:
        return f"{self.user_id} {self.opened_at:%m-%d %H:%M}"


class ApiToken(models.Model):
    """A machine's key. Only its hash is kept; it acts as its user, within its scopes."""

    name = models.CharField(max_length=80)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "令牌 API token"
        verbose_name_plural = "令牌 API tokens"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class LoginAttempt(models.Model):
    """One try to log in. The name typed is kept as a keyed hash only."""

    WRONG, OK, REFUSED = "wrong", "ok", "refused"

    at = models.DateTimeField()
    account_key = models.CharField(max_length=64)
    source = models.CharField(max_length=45)
    outcome = models.CharField(max_length=8, default=WRONG)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["account_key", "at"], name="login_account"),
            models.Index(fields=["source", "at"], name="login_source"),
        ]
        verbose_name = "登录尝试 Login attempt"
        verbose_name_plural = "登录尝试 Login attempts"

    def __str__(self) -> str:
        return f"{self.at:%m-%d %H:%M} {self.source} {self.outcome}"
