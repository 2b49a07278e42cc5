"""Reading figures: sums over a few rows, whatever the number of cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from cityloop.business.appraisal.domain import EPOCH
from cityloop.business.appraisal.models import Figure
from cityloop.business.appraisal.past import summed


def flows(area_id: int, since: date, until: date) -> dict[str, int]:
    """Every flow of an area from `since` to `until`, both included."""
    return added_up(flows_by_day(area_id, since, until).values())


def flows_by_day(area_id: int, since: date, until: date) -> dict[date, dict[str, int]]:
    """Every flow of an area, day by day; a day without any is missing."""

    def read(first: date, last: date) -> Counter[tuple[date, str]]:
        rows = Figure.objects.filter(
            area_id=area_id, day__range=(first, last), class_key="", department_id=0
        )
        return Counter({(d, m): n for d, m, n in rows.values_list("day", "measure", "n")})

    found: dict[date, dict[str, int]] = {}
    for (day, measure), n in summed(("days", area_id), since, until, read).items():
        found.setdefault(day, {})[measure] = n
    return found


def added_up(days: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The flows of several days as one."""
    total: Counter[str] = Counter()
    for day in days:
        total.update(day)
    return {measure: n for measure, n in total.items() if n}


def stocks(area_id: int, measures: Iterable[str]) -> dict[str, int]:
    """What there is now of these: "state:<state>", "alert:<near|late>"."""
    return stocks_of_areas([area_id], measures).get(area_id, {})


def stocks_of_areas(area_ids: Iterable[int], measures: Iterable[str]) -> dict[int, dict[str, int]]:
    """The same for many areas at once: the colours of a map."""
    rows = Figure.objects.filter(
        area_id__in=list(area_ids),
        class_key="",
        department_id=0,
        measure__in=list(measures),
        day=EPOCH,
    )
    found: dict[int, dict[str, int]] = {}
    for area_id, measure, n in rows.values_list("area_id", "measure", "n"):
        found.setdefault(area_id, {})[measure] = n
    return found


NETS = ("open", "late", "near")


def grown(area_id: int, since: Iterable[date], until: date) -> list[dict[str, int] | None]:
    """By how much open, late and near cases grew from the beginning of each of these days to now.

    What there was then is what there is now less this. None where the area was not counted
    before that day: nothing is known to compare with.
    """
    days = list(since)
    rows = Figure.objects.filter(area_id=area_id, class_key="", department_id=0)
    first = rows.filter(measure="net:open").order_by("day").values_list("day", flat=True).first()
    nets = rows.filter(
        measure__in=[f"net:{name}" for name in NETS], day__range=(min(days), until)
    ).values_list("day", "measure", "n")
    found = [dict.fromkeys(NETS, 0) for _ in days]
    for day, measure, n in nets:
        for sums, begun in zip(found, days, strict=True):
            sums[measure.removeprefix("net:")] += n if day >= begun else 0
    known = [first is not None and first < day for day in days]
    return [sums if is_known else None for sums, is_known in zip(found, known, strict=True)]


def by_class(
    area_id: int, since: date, until: date, measure: str, *, class_keys: Iterable[str], top: int
) -> dict[str, int]:
    """A flow by class, the largest first, of these classes."""
    keys = tuple(class_keys)

    def read(first: date, last: date) -> Counter[str]:
        rows = Figure.objects.filter(
            area_id=area_id,
            class_key__in=keys,
            department_id=0,
            measure=measure,
            day__range=(first, last),
        )
        return Counter(dict(rows.values_list("class_key").annotate(total=Sum("n"))))

    total = summed(("classes", area_id, measure, keys), since, until, read)
    ranked = sorted(total.items(), key=lambda found: (-found[1], found[0]))
    return dict(ranked[:top])


def by_department(
    area_id: int, since: date, until: date, department_ids: Iterable[int], measures: Iterable[str]
) -> dict[int, dict[str, int]]:
    """These flows of an area by department, of these departments."""
    departments, wanted = tuple(department_ids), tuple(measures)

    def read(first: date, last: date) -> Counter[tuple[int, str]]:
        rows = Figure.objects.filter(
            area_id=area_id,
            class_key="",
            department_id__in=departments,
            measure__in=wanted,
            day__range=(first, last),
        )
        sums = rows.values_list("department_id", "measure").annotate(total=Sum("n"))
        return Counter({(d, m): n for d, m, n in sums})

    name = ("departments", area_id, departments, wanted)
    return _nested(summed(name, since, until, read))


def by_area(
    area_ids: Iterable[int], since: date, until: date, measures: Iterable[str]
) -> dict[int, dict[str, int]]:
    """These flows of several areas (the children of one)."""
    areas, wanted = tuple(area_ids), tuple(measures)

    def read(first: date, last: date) -> Counter[tuple[int, str]]:
        rows = Figure.objects.filter(
            area_id__in=areas,
            day__range=(first, last),
            class_key="",
            department_id=0,
            measure__in=wanted,
        )
        sums = rows.values_list("area_id", "measure").annotate(total=Sum("n"))
        return Counter({(a, m): n for a, m, n in sums})

    return _nested(summed(("areas", areas, wanted), since, until, read))


def _nested(sums: Mapping[tuple[int, str], int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for (key, measure), n in sums.items():
        found.setdefault(key, {})[measure] = n
    return found


@dataclass(frozen=True, slots=True)
class Indicator:
    """One rate: what it counts over what. value is None where there was nothing to count."""

    key: str
    zh: str
    en: str
    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return round(self.part / self.whole, 4) if self.whole else None


RATES: tuple[tuple[str, str, str, str, str], ...] = (
    ("filing_rate", "立案率", "Filing rate", "filed", "reported"),
    (
        "auto_dispatch_share",
        "自动派遣占比",
        "Dispatched automatically",
        "auto_dispatched",
        "dispatched",
    ),
    ("response_on_time", "按时响应率", "Responded on time", "responded_on_time", "responded"),
    ("feedback_on_time", "按时反馈率", "Fed back on time", "fed_back_on_time", "fed_back"),
    ("handling_on_time", "按时处置率", "Handled on time", "handled_on_time", "handled"),
    ("closing_on_time", "按时结案率", "Closed on time", "closed_on_time", "closed"),
    ("rework_rate", "返工率", "Rework rate", "reworked", "handled"),
    ("return_rate", "回退率", "Return rate", "returned", "dispatched"),
    ("accept_on_time", "按时立案率", "Desk filed on time", "post_accept_on_time", "post_accept"),
    ("verify_on_time", "按时核查率", "Verified on time", "post_verify_on_time", "post_verify"),
    # the three rates 三率: of the citizens who answered
    ("response_rate", "响应率", "Response rate", "rated_responded", "asked_responded"),
    ("solving_rate", "解决率", "Solving rate", "rated_solved", "asked_solved"),
    ("satisfaction_rate", "满意率", "Satisfaction rate", "rated_satisfied", "asked_satisfied"),
)


def indicators(sums: dict[str, int]) -> list[Indicator]:
    """The rates of case-loop practice from the sums of a period."""
    found = [
        Indicator(key, zh, en, sums.get(part, 0), sums.get(whole, 0))
        for key, zh, en, part, whole in RATES
    ]
    auto, wrong = sums.get("auto_dispatched", 0), sums.get("misrouted_auto", 0)
    found.append(
        Indicator(
            "auto_dispatch_accuracy",
            "自动派遣准确率",
            "Accuracy of automatic dispatch",
            max(auto - wrong, 0),
            auto,
        )
    )
    return found
