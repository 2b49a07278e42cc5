"""From a report to its evaluation, and every way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityloop.business.cases import commands
from cityloop.business.cases.models import Case, Task
from cityloop.business.cases.queries import case_file
from cityloop.city.accounts.domain import PUBLIC
from cityloop.city.audit.models import Event
from cityloop.kernel.errors import Conflict, DomainError, NotAllowed
from tests.business.cases.stories import Walk, default_condition, received, unclassed
from tests.world import World

pytestmark = pytest.mark.django_db


def kinds(case: Case) -> list[str]:
    rows = Event.objects.filter(subject_type="case", subject_id=case.pk).order_by("id")
    return [k.removeprefix("case.") for k in rows.values_list("kind", flat=True)]


def test_a_case_walks_the_whole_loop(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_closed()
    case = walk.step("operator", "rate", solved=True, satisfied=True)
    assert (case.state, case.solved, case.satisfied, case.owner_role) == (
        "evaluated",
        True,
        True,
        "",
    )
    assert kinds(case) == [
        "receive", "file", "dispatch", "accept", "photo", "finish", "pass", "close", "rate",
    ]  # fmt: skip


def test_a_report_with_class_and_place_is_filed_and_dispatched_by_rule(world: World) -> None:
    answer = received(world)
    case = Case.objects.get(pk=answer.case_id)
    assert (case.state, case.auto_dispatched) == ("dispatched", True)
    assert case.lead_department_id is not None
    assert case.route["by"] in {"rule", "duty"}
    assert kinds(case) == ["receive", "file", "dispatch"]
    assert Task.objects.filter(case=case, part="lead").count() == 1


def test_a_report_nobody_can_classify_waits_for_the_acceptor(world: World) -> None:
    case = unclassed(world)
    assert (case.state, case.owner_role, case.condition_id) == ("reported", "acceptor", None)
    assert case.timer_at is not None


def test_a_return_needs_a_reason_and_takes_the_assignment_away(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    with pytest.raises(DomainError) as refused:
        walk.step("handler", "return")
    assert (refused.value.code, refused.value.where) == ("move.needs", "reason")
    case = walk.step("handler", "return", reason="不属于本部门职责")
    assert (case.state, case.lead_department_id, case.returns) == ("filed", None, 1)
    assert not Task.objects.filter(case=case, timer_at__isnull=False).exists()
    with pytest.raises(Conflict):
        walk.step("acceptor", "close", closing="不办了")


def test_failed_verification_sends_the_case_back_to_the_same_department(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    walk.finish()
    case = walk.step("worker", "fail", reason="还剩一半没清")
    live = Task.objects.get(case=case, state="accepted")
    assert (case.state, case.reworks) == ("handling", 1)
    assert live.department_id == case.lead_department_id
    assert live.handle_due_at == case.handle_due_at > walk.at
    walk.finish()
    assert walk.case.state == "verifying"


def test_the_clock_stands_while_others_verify(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    due = walk.case.handle_due_at
    walk.finish()
    assert due is not None
    case = walk.step("worker", "fail", reason="没清完", minutes=24 * 60)
    assert case.handle_due_at is not None
    assert case.handle_due_at > due


def test_lead_and_co_handler_work_side_by_side(world: World) -> None:
    walk = Walk(world, unclassed(world))
    walk.file()
    walk.dispatch(co=("sanitation",))
    walk.accept()
    walk.finish()
    assert walk.case.state == "handling"
    walk.step("sanitation", "accept")
    case = walk.step("sanitation", "finish", text="已协助清扫")
    assert case.state == "verifying"


def test_not_solved_says_the_citizen_and_the_case_goes_back(world: World) -> None:
    answer = received(world, class_key="", title="嗯", text="嗯嗯")
    walk = Walk(world, Case.objects.get(pk=answer.case_id)).to_closed()
    key = answer.follow_key or ""
    case = walk.step("public", "rate", solved=False, satisfied=False, follow_key=key)
    assert (case.state, case.reopens, case.closed_at) == ("handling", 1, None)


def test_a_stranger_with_a_wrong_key_may_not_answer(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_closed()
    with pytest.raises(NotAllowed):
        walk.step("public", "rate", solved=True, follow_key="wrong")


def test_merging_informs_and_keeps_every_reporter(world: World) -> None:
    first, second = unclassed(world), unclassed(world)
    walk = Walk(world, second)
    case = walk.step("acceptor", "merge", target=first.number, reason="同一堆垃圾")
    first.refresh_from_db()
    assert (case.state, case.merged_into_id, first.report_count) == ("merged", first.pk, 2)
    viewer = world.viewer("acceptor")
    assert len(case_file(viewer, first).reports) == 2
    assert kinds(first)[-1] == "absorb"


def test_a_case_cannot_be_merged_into_itself(world: World) -> None:
    case = unclassed(world)
    with pytest.raises(Conflict) as refused:
        Walk(world, case).step("acceptor", "merge", target=case.number, reason="试")
    assert refused.value.code == "merge.bad_target"


def test_splitting_waits_for_every_child(world: World) -> None:
    from cityloop.business.cases.domain.values import Part

    walk = Walk(world, unclassed(world))
    walk.file()
    condition = default_condition()
    parts = (Part("垃圾", condition, "urban"), Part("积水", condition, "urban"))
    parent = walk.step("dispatcher", "split", parts=parts)
    children = list(Case.objects.filter(parent=parent).order_by("pk"))
    assert (parent.state, [c.state for c in children]) == ("split", ["dispatched"] * 2)
    for n, child in enumerate(children):
        each = Walk(world, child)
        each.at = walk.at
        each.accept()
        each.finish()
        each.verify()
        each.close()
        parent.refresh_from_db()
        assert parent.state == ("split" if n == 0 else "verified")


def test_extension_takes_two_levels_and_adds_one_limit(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    due = walk.case.handle_due_at
    walk.step("handler", "ask_extension", reason="等待设备")
    approval = walk.case.approvals.get()
    at = walk.at + timedelta(minutes=1)
    commands.decide(approval.pk, True, reason="同意", actor=world.viewer("dispatcher"), now=at)
    walk.case.refresh_from_db()
    assert walk.case.handle_due_at == due
    commands.decide(approval.pk, True, reason="同意", actor=world.viewer("district"), now=at)
    walk.case.refresh_from_db()
    assert (walk.case.extensions, walk.case.state) == (1, "handling")
    assert walk.case.handle_due_at is not None
    assert due is not None
    assert walk.case.handle_due_at > due


def test_suspension_stops_the_clock_and_resumes_by_itself(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    until = walk.at + timedelta(days=30)
    walk.step("handler", "ask_suspension", reason="等待拆迁", until=until)
    approval = walk.case.approvals.get()
    for who in ("dispatcher", "district"):
        commands.decide(approval.pk, True, reason="同意", actor=world.viewer(who), now=walk.at)
    walk.case.refresh_from_db()
    assert (walk.case.state, walk.case.due_at) == ("suspended", until)
    commands.ring_due(now=until + timedelta(seconds=1))
    walk.case.refresh_from_db()
    assert walk.case.state == "handling"
    assert walk.case.handle_due_at is not None
    assert walk.case.handle_due_at > until


def test_an_appeal_granted_by_two_leaves_the_mark_visible_but_exempt(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    commands.ring_due(now=walk.at + timedelta(days=40))
    commands.ring_due(now=walk.at + timedelta(days=40))
    walk.at += timedelta(days=40)
    walk.case.refresh_from_db()
    assert walk.case.late_ever
    walk.finish()
    walk.verify()
    walk.close()
    walk.step("handler", "ask_appeal", reason="暴雨停工")
    approval = walk.case.approvals.get()
    for who in ("dispatcher", "district"):
        commands.decide(approval.pk, True, reason="属实", actor=world.viewer(who), now=walk.at)
    walk.case.refresh_from_db()
    assert (walk.case.exempt, walk.case.late_ever) == (True, True)


def test_the_same_person_cannot_decide_at_both_levels(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_handling()
    walk.step("handler", "ask_extension", reason="等待设备")
    approval = walk.case.approvals.get()
    with pytest.raises(NotAllowed):
        commands.decide(
            approval.pk, True, reason="同意", actor=world.viewer("handler"), now=walk.at
        )


def test_a_grid_worker_settles_a_small_matter_on_the_spot(world: World) -> None:
    from tests.business.cases.stories import jpeg

    case = unclassed(world)
    worker = world.viewer("worker")
    photo = commands.add_photo(case.pk, jpeg(), stage="after", actor=worker, now=world.now)
    done = Walk(world, case).step(
        "worker",
        "settle",
        condition_id=default_condition(),
        text="已当场清走",
        photo_ids=(photo.pk,),
    )
    assert (done.state, done.routed_by) == ("verified", "self")


def test_the_window_passes_without_an_answer_and_no_rate_is_made_up(world: World) -> None:
    walk = Walk(world, unclassed(world)).to_closed()
    commands.ring_due(now=walk.at + timedelta(days=4))
    walk.case.refresh_from_db()
    assert (walk.case.state, walk.case.solved, walk.case.satisfied) == ("evaluated", None, None)


def test_a_move_seen_with_an_old_version_is_refused(world: World) -> None:
    walk = Walk(world, unclassed(world))
    with pytest.raises(Conflict) as refused:
        walk.step(
            "acceptor", "file", condition_id=default_condition(), version=walk.case.version + 7
        )
    assert refused.value.code == "case.changed"


def test_the_reporter_is_sealed_and_opened_only_with_a_purpose_on_record(world: World) -> None:
    answer = received(world)
    case = Case.objects.get(pk=answer.case_id)
    row = case.reports.get().reporter
    assert "13800000000" not in row.phone
    with pytest.raises(NotAllowed):
        commands.open_reporter(
            case, purpose="看一看吧", actor=world.viewer("handler"), now=world.now
        )
    shown = commands.open_reporter(
        case, purpose="回访核实情况", actor=world.viewer("operator"), now=world.now
    )
    assert shown[0]["phone"] == "13800000000"
    assert Event.objects.filter(kind="reporter.opened", subject_id=case.pk).count() == 1


def test_erasing_reporters_leaves_the_case_and_its_trace(world: World) -> None:
    answer = received(world)
    before = kinds(Case.objects.get(pk=answer.case_id))
    assert commands.erase_reporters(now=world.now + timedelta(days=731)) >= 1
    case = Case.objects.get(pk=answer.case_id)
    row = case.reports.get().reporter
    assert (row.phone, row.name, row.follow_digest) == ("", "", "")
    assert kinds(case) == before


def test_public_cannot_move_a_case_of_others(world: World) -> None:
    case = unclassed(world)
    with pytest.raises(NotAllowed):
        commands.move(
            case.pk, "file", actor=PUBLIC, now=world.now, condition_id=default_condition()
        )
