"""Whether an answer is what an experienced colleague would do, by which rule, what is better."""

from __future__ import annotations

from collections.abc import Callable

from cityloop.business.cases.domain import MOVES
from cityloop.hub.practice.domain.items import Answer, Item, Verdict
from cityloop.hub.practice.domain.stock import Two

Judge = Callable[[Item, Answer], tuple[str, Two]]


def judge(item: Item, answer: Answer) -> Verdict:
    """The verdict on an answer that the platform would have taken."""
    mark, why = JUDGES[f"{item.role}/{item.story}"](item, answer)
    return Verdict(mark, why, better(item))


def better(item: Item) -> Two:
    """The good answer, in words."""
    move = MOVES[GOOD[f"{item.role}/{item.story}"]]
    zh, en = [move.zh], [move.en]
    match move.name:
        case "file":
            zh.append(f"立案条件：{item.condition[0]}，时限 {item.limit[0]}")
            en.append(f"condition: {item.condition[1]}, limit {item.limit[1]}")
        case "merge":
            zh.append(f"并入 {item.target}")
            en.append(f"into {item.target}")
        case "dispatch":
            zh.append(f"主办：{item.lead_names[0]}" + ("，并加协办" if item.co else ""))
            en.append(f"lead: {item.lead_names[1]}" + (", with co-handlers" if item.co else ""))
        case _ if item.reason:
            zh.append(f"理由：{item.reason_text[0]}")
            en.append(f"reason: {item.reason_text[1]}")
    if item.story == "no_place":
        zh.insert(0, "先回访问清位置")
        en.insert(0, "call back for the place first")
    return "；".join(zh), "; ".join(en)


def _move_only(why_good: Two, why_not: Two) -> Judge:
    def found(item: Item, answer: Answer) -> tuple[str, Two]:
        right = answer.move == GOOD[f"{item.role}/{item.story}"]
        return ("good", why_good) if right else ("wrong", why_not)

    return found


def _with_reason(why: Two, why_not: Two) -> Judge:
    """The right move; fair when another template was taken than the one that fits."""

    def found(item: Item, answer: Answer) -> tuple[str, Two]:
        if answer.move != GOOD[f"{item.role}/{item.story}"]:
            return "wrong", why_not
        if answer.reason_key and item.reason and answer.reason_key != item.reason:
            return "fair", (
                "办法对，但所选理由与情况不符；理由会原样告知对方，也会用于统计。",
                "The right move, but the reason does not fit. It is told to the other side as it "
                "stands, and counted.",
            )
        return "good", why

    return found


def _filing(item: Item, answer: Answer) -> tuple[str, Two]:
    if answer.move != "file":
        return "wrong", (
            "有具体问题、有位置，属目录内事项，应立案；拖延或拒绝都会计入受理超时或误拒。",
            "A matter of the catalogue with a place is filed; waiting or refusing counts as late "
            "or wrong acceptance.",
        )
    if answer.condition_id == item.condition_id:
        return "good", (
            f"类别与立案条件都对。时限由立案条件决定：{item.limit[0]}。",
            f"Class and condition are right. The condition gives the limit: {item.limit[1]}.",
        )
    if item.story == "danger":
        return "wrong", (
            f"有人可能受伤：应按“{item.condition[0]}”立案，时限 {item.limit[0]}；"
            "选了宽的条件，处置会晚到。",
            f"Somebody may be hurt: file as '{item.condition[1]}', limit {item.limit[1]}. Under a "
            "wider condition help comes late.",
        )
    return "fair", (
        f"应当立案，但立案条件不对：时限会按错误的条件起算（应为 {item.limit[0]}）。",
        f"Filing is right, the condition is not: the clock would run on the wrong limit (it is "
        f"{item.limit[1]}).",
    )


def _without_place(item: Item, answer: Answer) -> tuple[str, Two]:
    if answer.move == "file" and item.called:
        return _filing(item, answer)
    return "wrong", (
        "没有位置不等于不受理：留有电话，应先回访问清位置再立案。只有联系不上才以位置不明不予立案。",
        "No place is no ground for refusal while there is a telephone: call back, then file. Only "
        "when nobody answers it is rejected for want of a place.",
    )


def _duplicate(item: Item, answer: Answer) -> tuple[str, Two]:
    if answer.move == "merge" and answer.target == item.target:
        return "good", (
            "同一处、同一问题：并案，两位反映人都会收到结果，部门只跑一趟。",
            "Same place, same matter: merged. Both reporters hear of the result, the department "
            "goes once.",
        )
    if answer.move == "merge":
        return "wrong", (
            "位置相近，但不是同一个问题；并错了，这位反映人会收到别人的结果。",
            "Close by, but another matter; this reporter would get somebody else's result.",
        )
    return "wrong", (
        "附近已有同一问题的案卷，应并案：再立一件会重复派遣，拒绝则反映人得不到结果。",
        "A case of the same matter stands beside it: merge. A second one sends the department "
        "twice, a refusal leaves the reporter without the result.",
    )


def _dispatch(item: Item, answer: Answer) -> tuple[str, Two]:
    if answer.move != "dispatch":
        return "wrong", (
            "附近没有同一问题的案卷，无从并案；立案后的下一步是派遣。",
            "There is no case of the same matter to merge into; after filing comes dispatching.",
        )
    source = {"rule": ("派遣规则", "a routing rule"), "duty": ("权责清单", "the duty table")}
    zh, en = source.get(item.decided_by, ("责任区划分", "who answers for the area"))
    if answer.lead != item.lead:
        again = item.story == "returned"
        return "wrong", (
            f"依据{zh}，主办应为{item.lead_names[0]}。"
            + ("回退理由已说明问题出在哪里；回退后必须重新派遣。" if again else ""),
            f"By {en} the lead is: {item.lead_names[1]}."
            + (" The reason of the return says what was wrong; it is dispatched anew." if again
               else ""),
        )  # fmt: skip
    if set(answer.co) != set(item.co):
        return "fair", (
            "主办正确，协办不对：该协办的没有任务，不该协办的白跑一趟。",
            "The lead is right, the co-handlers are not: who is needed has no task, or somebody "
            "goes for nothing.",
        )
    return "good", (f"依据{zh}，主办与协办都对。", f"By {en}, lead and co-handlers are right.")


JUDGES: dict[str, Judge] = {
    "acceptor/plain": _filing,
    "acceptor/danger": _filing,
    "acceptor/no_place": _without_place,
    "acceptor/duplicate": _duplicate,
    "acceptor/not_ours": _with_reason(
        ("不属受理范围，说明理由并告知去处。", "Not for us; the reason says where to go."),
        ("平台不裁决民事纠纷和诉讼中的事项，立案后部门也无法处置。",
         "The platform decides neither civil disputes nor matters before a court; no department "
         "could act."),
    ),
    "acceptor/doubtful": _move_only(
        ("没有人亲眼看见：先派网格员核实，属实再立案。",
         "Nobody saw it: a grid worker looks first, then it is filed."),
        ("传闻既不能直接立案，也不能直接拒绝：先派核实。",
         "Hearsay is neither filed nor refused: ask for a check."),
    ),
    "dispatcher/clear": _dispatch,
    "dispatcher/together": _dispatch,
    "dispatcher/returned": _dispatch,
    "handler/ours": _move_only(
        ("属本单位：响应，处置时限从此开始。", "Ours: respond; the handling clock starts."),
        ("属本单位职责，应先响应。不响应两小时后即为响应超时。",
         "It is the department's duty: respond. After two hours without response it is late."),
    ),
    "handler/not_ours": _with_reason(
        ("不属本单位：尽早回退并写明依据，派遣员据此重新派遣。",
         "Not ours: return early with the ground; the dispatcher sends it on by it."),
        ("明知不属本单位却响应或结束，只会返工；应说明理由回退。",
         "Responding or finishing what is not ours ends in rework; return it with a reason."),
    ),
    "handler/ready": _move_only(
        ("已办完：写明做了什么，附处置后照片，转核查。",
         "Done: say what was done, add the photo of the result; verification follows."),
        ("已经办完，应报处置完成；申请延期或回退都与事实不符。",
         "It is done: report the result; asking for time or returning it is not true."),
    ),
    "handler/long": _with_reason(
        ("超期之前申请延期，说明原因与措施；超期后不能再申请。",
         "More time is asked for before the limit, with ground and measures; afterwards it is too "
         "late."),
        ("还没有办完：不能报完成，也不是挂账（三天内可办）。应在超期前申请延期。",
         "It is not done, and three days are no suspension: ask for an extension in time."),
    ),
    "grid_worker/done": _move_only(
        ("现场所见与反馈一致：核查通过。", "What you see fits what was reported: passed."),
        ("现场已经解决，没有理由要求返工。", "It is solved on site; rework has no ground."),
    ),
    "grid_worker/half": _with_reason(
        ("只完成一部分就不能通过；写明还差什么，部门才好返工。",
         "Partly done does not pass; say what remains, so that rework is possible."),
        ("还有一处没有解决。通过了，案卷就会结案，反映人会再次投诉。",
         "One is still open. If it passes the case is closed and the reporter complains again."),
    ),
    "grid_worker/still": _with_reason(
        ("白天的照片证明不了灯亮；以现场为准，不通过。",
         "A photo by day proves no light; what you see counts: failed."),
        ("灯仍不亮，不能通过。照片与现场不一致时以现场为准。",
         "The lamp is out. Where photo and site differ, the site counts."),
    ),
    "grid_worker/so": _move_only(
        ("现场属实：确认后由受理员立案。", "It is so: confirmed, the acceptor files it."),
        ("现场确有问题，应确认属实。", "The problem is there: confirm it."),
    ),
    "grid_worker/not_so": _with_reason(
        ("到场未见：不属实，并写明看过哪里。", "Not there: refuted, saying where you looked."),
        ("没有看到问题就不能确认属实。", "What you did not see you cannot confirm."),
    ),
}  # fmt: skip
GOOD: dict[str, str] = {
    "acceptor/plain": "file",
    "acceptor/danger": "file",
    "acceptor/no_place": "file",
    "acceptor/duplicate": "merge",
    "acceptor/not_ours": "reject",
    "acceptor/doubtful": "ask_check",
    "dispatcher/clear": "dispatch",
    "dispatcher/together": "dispatch",
    "dispatcher/returned": "dispatch",
    "handler/ours": "accept",
    "handler/not_ours": "return",
    "handler/ready": "finish",
    "handler/long": "ask_extension",
    "grid_worker/done": "pass",
    "grid_worker/half": "fail",
    "grid_worker/still": "fail",
    "grid_worker/so": "confirm",
    "grid_worker/not_so": "refute",
}
