"""What a reply lacks; likeness of texts; drafts that take over nothing that is not true here."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityloop.engines.replies import CODES, GAP, Likeness, Solved, Stage, check, draft

WHOLE = (
    "您好！您反映的路灯不亮问题已收悉。经现场核实，该处三盏路灯线路老化。"
    "我局已于5月12日更换线路并恢复照明。如有疑问，请致电城管热线022-88880000。"
)


def codes(text: str, question: str = "", stage: Stage = Stage.FINAL) -> set[str]:
    return {f.code for f in check(text, question, stage)}


def test_a_whole_reply_has_no_finding() -> None:
    assert codes(WHOLE, "路灯不亮") == set()


@pytest.mark.parametrize(
    ("without", "code"),
    [
        ("您好！", "no_greeting"),
        ("经现场核实，该处三盏路灯线路老化。", "no_finding"),
        ("我局已于5月12日更换线路并恢复照明。", "no_action"),
        ("于5月12日", "no_time"),
        ("如有疑问，请致电城管热线022-88880000。", "no_contact"),
    ],
)
def test_each_part_left_out_is_missed(without: str, code: str) -> None:
    assert without in WHOLE
    assert code in codes(WHOLE.replace(without, "").replace("您反映的", ""), "路灯不亮")


@pytest.mark.parametrize(
    "text",
    [
        "网友：您好！您反映的问题已转相关部门处理。",
        "您好，您反映的问题已转市交警支队调查核处。2018年11月13日",
        "您好，您的建议收悉，我们将认真研究。",
        "Dear citizen, your report has been forwarded to the department in charge.",
    ],
)
def test_a_mere_formula_is_named_with_its_place(text: str) -> None:
    found = next(f for f in check(text) if f.code == "mere_formula")
    assert found.start is not None and found.end is not None
    assert text[found.start : found.end].strip(" ，,。") in found.zh


def test_a_formula_beside_a_real_answer_is_none() -> None:
    assert "mere_formula" not in codes("您好，已转城管局办理。" + WHOLE)


def test_a_vague_time_is_shown_where_it_stands() -> None:
    text = WHOLE.replace("已于5月12日更换", "将尽快更换")
    found = next(f for f in check(text) if f.code == "vague_time")
    assert text[found.start : found.end] == "尽快"


def test_the_date_below_the_letter_is_no_time() -> None:
    text = WHOLE.replace("于5月12日", "") + "2026年5月13日"
    assert "no_time" in codes(text)


def test_blame_and_third_persons_are_found_in_place() -> None:
    text = WHOLE + "该户村民蒋银月手机13800138000，请不要重复投诉。"
    found = {f.code: text[f.start : f.end] for f in check(text) if f.start is not None}
    assert found["blames"] == "请不要重复投诉"[1:] or "不要重复投诉" in found["blames"]
    spans = [text[f.start : f.end] for f in check(text) if f.code == "personal_data"]
    assert "13800138000" in spans and "蒋银月" in spans


def test_an_office_phone_is_no_personal_data() -> None:
    assert "personal_data" not in codes(WHOLE)


def test_the_matter_that_got_no_answer_is_named() -> None:
    question = "1、小区门口路灯不亮，线路老化。2、健身器材螺丝松动，老人锻炼容易摔倒。"
    missed = [f for f in check(WHOLE, question) if f.code == "matter_unanswered"]
    assert len(missed) == 1 and "健身器材" in missed[0].zh
    whole = WHOLE + "健身器材已紧固螺丝。"
    assert "matter_unanswered" not in codes(whole, question)


def test_progress_needs_no_contact_but_a_time() -> None:
    text = "您好，我局已安排维修，尚待配件。"
    assert codes(text, stage=Stage.PROGRESS) == {"too_short", "no_time"}
    assert "no_contact" in codes(text)


def test_an_explanation_of_a_rule_needs_no_action() -> None:
    text = "您好！根据《居住证暂行条例》，居住满半年可以申领。请携带身份证到派出所户籍窗口办理。"
    assert codes(text, "请问居住证如何申领？") == set()


@given(st.text(max_size=300), st.text(max_size=120))
@settings(max_examples=80, deadline=None)
def test_any_text_gets_known_findings_within_it(text: str, question: str) -> None:
    for found in check(text, question):
        assert found.code in CODES and found.zh and found.en
        if found.start is not None and found.end is not None:
            assert 0 <= found.start < found.end <= len(text)


def test_the_same_text_is_most_like_itself() -> None:
    texts = ["路灯不亮没人修", "垃圾堆了三天", "Street lamp broken", ""]
    asked = Likeness(texts)
    for index, text in enumerate(texts[:3]):
        best = asked.most_like(text)[0]
        assert best.index == index and best.likeness == pytest.approx(1.0)
    assert asked.most_like("") == [] and Likeness([]).most_like("路灯") == []


LAMP = Solved(
    "A1",
    "永宁小区门口路灯不亮，晚上很黑",
    "您好！经核实，永宁小区路灯线路老化。2025年3月4日已更换线路，联系人：王小明，电话13800138000。"
    "我局将每10米巡查一次路灯。感谢您的支持！",
    places=("永宁小区",),
)
WASTE = Solved("A2", "楼下垃圾堆了三天没人清", "您好！经核实垃圾未及时清运，已组织清运。")


def test_a_draft_takes_from_the_like_case_and_names_it() -> None:
    made = draft("春和社区路灯不亮，请尽快修", [WASTE, LAMP])
    assert "线路老化" in made.text and "清运" not in made.text
    assert [number for number, _ in made.sources] == ["A1"]
    assert {p.source for p in made.pieces} == {"", "A1"}


def test_a_draft_holds_no_date_place_or_person_of_the_other_case() -> None:
    made = draft("春和社区路灯不亮，请尽快修", [LAMP])
    for word in ("2025", "3月4日", "永宁小区", "王小明", "13800138000", "感谢"):
        assert word not in made.text
    assert GAP in made.text and "10米" in made.text


def test_a_draft_is_not_made_where_nothing_is_like_enough() -> None:
    assert draft("孩子上学的学区怎么划分", [LAMP, WASTE]).pieces == ()
    assert draft("路灯不亮", []).pieces == ()


def test_a_draft_is_not_longer_than_the_field() -> None:
    many = [Solved(f"B{n}", LAMP.question, LAMP.reply.replace("10", f"{n}1")) for n in range(9)]
    assert 0 < len(draft("路灯不亮", many, most_length=120).text) <= 120


@given(st.lists(st.text(max_size=80), max_size=5), st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_draft_says_no_number_that_stands_in_no_source(replies: list[str], question: str) -> None:
    solved = [Solved(str(n), question, f"经核实，{r}") for n, r in enumerate(replies)]
    written = "".join(c for c in draft(question, solved, least=0.0).text if c.isdigit())
    known = "".join(s.reply for s in solved)
    assert all(c in known for c in written)
