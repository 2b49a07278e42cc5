"""The functions of the platform as people know them, and the calls that mean each was used."""

from __future__ import annotations

from dataclasses import dataclass

from cityloop.city.viewer import ADMINISTRATORS, SUPERVISORS, Role, Viewer

MOVE_ROUTE = "POST cases/{number}/moves/{move}"
DEPARTMENT = frozenset({Role.HANDLER, Role.DEPARTMENT_LEAD})
DESK = frozenset({Role.ACCEPTOR, Role.DISPATCHER, Role.HOTLINE_OPERATOR})
A, D, G = frozenset({Role.ACCEPTOR}), frozenset({Role.DISPATCHER}), frozenset({Role.GRID_WORKER})
LOOP = DESK | DEPARTMENT | SUPERVISORS | G
SYSTEM, SECURITY = frozenset({Role.SYSTEM_ADMIN}), frozenset({Role.SECURITY_ADMIN})
FORECAST = SUPERVISORS | {Role.ANALYST, Role.DISPATCHER, Role.DEPARTMENT_LEAD}
STAFF = frozenset(Role) - {Role.CITIZEN}


@dataclass(frozen=True, slots=True)
class Function:
    """Something the platform can do for somebody.

    Args:
        roles: for whom it was made; used by others it still counts.
        calls: "METHOD path" of the API below /api/v1/, any of which is a use of it.
        moves: moves of the move table, any of which is a use of it.
    """

    key: str
    zh: str
    en: str
    roles: frozenset[Role]
    calls: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()


def _calls(key: str, zh: str, en: str, roles: frozenset[Role], *calls: str) -> Function:
    return Function(key, zh, en, roles, calls=calls)


def _moves(key: str, zh: str, en: str, roles: frozenset[Role], *moves: str) -> Function:
    return Function(key, zh, en, roles, moves=moves)


_ALL = [
    _calls("centre", "运行总览", "Operations centre", SUPERVISORS | {Role.ANALYST},
           "GET overview/centre", "GET overview"),
    _calls("queues", "工作台队列", "Queues of the desk", LOOP, "GET desk"),
    _calls("filters", "常用筛选", "Saved filters", DESK, "POST desk/filters",
           "PUT desk/filters/{filter_id}"),
    _calls("issues", "热点问题", "Hot issues", DESK | SUPERVISORS | {Role.ANALYST}, "GET issues",
           "GET issues/{issue_id}"),
    _calls("issues.decide", "热点确认与合并拆分", "Deciding on hot issues", A | D,
           "POST issues/{issue_id}/{kind}"),
    _calls("issues.cause", "未诉先办", "Solving once for all", A | D,
           "POST issues/{issue_id}/cause/open"),
    _calls("issues.alike", "疑似重复提示", "Probably the same as", DESK,
           "GET issues/alike/{number}"),
    _calls("notices", "提醒", "Notices", D | DEPARTMENT | SUPERVISORS | {Role.ANALYST},
           "POST notices/mine/read"),
    _calls("supervision", "督办台", "Supervision", SUPERVISORS, "GET supervision"),
    _calls("supervision.changes", "增减分析", "What changed", SUPERVISORS | {Role.ANALYST},
           "GET supervision/changes"),
    _calls("forecasts", "诉求预测", "Forecasts", FORECAST, "GET forecasts"),
    _calls("forecasts.decide", "预警决定", "Decisions on warnings", FORECAST,
           "POST forecasts/warnings/{warning_id}/decision"),
    _calls("forecasts.triggers", "触发因素", "Triggers of forecasts", FORECAST,
           "POST forecasts/triggers", "POST forecasts/triggers/{trigger_id}/withdraw"),
    _calls("cases.list", "案卷列表与检索", "Lists and search", LOOP, "GET cases"),
    _calls("cases.page", "案卷详情", "Page of a case", LOOP, "GET cases/{number}",
           "GET cases/{number}/page"),
    _calls("cases.trace", "查看留痕", "Trace of a case", LOOP, "GET cases/{number}/trace"),
    _calls("cases.why", "派遣解释", "Why it went there", DESK, "GET cases/{number}/why"),
    _calls("cases.correct", "一键纠正并教会模型", "Correction that teaches", DESK,
           "POST cases/{number}/correction"),
    _calls("replies", "答复检查与起草", "Replies looked over, drafts", DEPARTMENT | A,
           "GET cases/{number}/reply-draft", "POST replies/check"),
    _calls("cases.near", "附近案卷", "Cases nearby", DESK, "GET cases/{number}/near"),
    _calls("cases.proofs", "存在证明", "Proofs", LOOP, "GET cases/{number}/proofs"),
    _calls("cases.export", "导出案卷", "Export of lists", DESK | {Role.ANALYST},
           "GET cases/export.{kind}"),
    _calls("cases.phone", "按电话查诉求", "Search by phone", DESK, "POST cases/by-phone"),
    _calls("cases.bulk", "批量办理", "Many cases at once", DESK, "POST cases/bulk/{move}"),
    _calls("cases.photos", "上传照片", "Photos", DEPARTMENT | G, "POST cases/{number}/photos",
           "POST worker/photos"),
    _calls("cases.reporter", "查看反映人（留痕）", "Opening the reporter", DESK,
           "POST cases/{number}/reporter"),
    _calls("report", "上报与登记来电", "Reporting", DESK | G, "POST reports",
           "POST worker/reports", "POST calls", "POST calls/said"),
    _calls("worker", "网格员今日", "A worker's day", G, "GET worker/today"),
    _calls("patrol", "巡查", "Patrol", G, "POST worker/patrols", "POST worker/visits"),
    _calls("track", "巡查轨迹", "Track of a patrol", G, "POST worker/tracks"),
    _calls("plans", "巡查计划与覆盖", "Patrol plans, coverage", SUPERVISORS,
           "PUT patrol/plans/{code}", "GET patrol/coverage", "GET patrol/sharing"),
    _calls("tasks", "部门待办", "Tasks of a department", DEPARTMENT, "GET tasks"),
    _calls("approvals", "审批", "Decisions", SUPERVISORS | DESK, "POST approvals/{approval_id}"),
    _moves("file", "立案", "Filing", A, "file"),
    _moves("reject", "不予立案", "Rejecting", A, "reject"),
    _moves("check", "派核实", "Asking for a check", A, "ask_check"),
    Function("on_site", "现场核实与核查", "Checks on site", G | SUPERVISORS,
             calls=("POST worker/moves",), moves=("confirm", "refute", "pass", "fail")),
    _moves("settle", "自办自结", "Handled on the spot", G, "settle"),
    _moves("dispatch", "派遣与改派", "Dispatching", D, "dispatch", "reroute"),
    _moves("add_co", "增派协办", "Adding a co-handler", D, "add_co"),
    _moves("split", "分办", "Splitting", D, "split"),
    _moves("merge", "并案", "Merging", A | D, "merge"),
    _moves("mend", "更正类别与位置", "Correcting class and place", A | D,
           "reclassify", "relocate"),
    _moves("prioritise", "定紧急程度", "Setting the urgency", A | D, "prioritise"),
    _moves("respond", "响应", "Responding", DEPARTMENT, "accept"),
    _moves("return", "回退", "Returning", DEPARTMENT, "return"),
    _moves("feed_back", "反馈", "Feeding back", DEPARTMENT, "feed_back"),
    _moves("finish", "处置完成", "Reporting the result", DEPARTMENT, "finish"),
    _moves("close", "结案与退回返工", "Closing, sending back", A, "close", "send_back"),
    _moves("reopen", "重新办理", "Reopening", DESK | SUPERVISORS, "reopen"),
    _moves("rate", "回访评价", "Calling back", frozenset({Role.HOTLINE_OPERATOR}), "rate"),
    _moves("urge", "督办", "Urging", SUPERVISORS, "urge"),
    _moves("comment", "备注", "Comments", LOOP, "comment"),
    _moves("more_time", "延期、挂账与申诉", "More time, appeals", DEPARTMENT,
           "ask_extension", "ask_suspension", "ask_appeal", "resume"),
    _calls("people", "人员与角色管理", "People and roles", SYSTEM | SECURITY,
           "POST users", "PATCH users/{user_id}", "POST users/{user_id}/roles",
           "POST users/import"),
    _calls("departments", "部门管理", "Departments", SYSTEM, "PUT departments/{key}",
           "POST departments/import"),
    _calls("places.search", "查地址", "Address search", STAFF, "GET places/search",
           "GET places/reverse"),
    _calls("areas", "导入区域", "Importing areas", SYSTEM, "POST places/import"),
    _calls("geography", "导入地理数据", "Importing geography", SYSTEM,
           "POST places/geography/imports", "POST places/geography/imports/confirm"),
    _calls("duty", "责任网格与班次", "Duty grids and shifts", SYSTEM | SUPERVISORS,
           "PUT places/duty/grids/{code}", "PUT places/duty/grids/{code}/workers/{user_id}",
           "POST places/duty/shifts", "POST places/duty/weeks", "POST places/duty/import/{what}",
           "PUT places/division/shares/{community}"),
    _calls("elements", "要素登记", "Registers of elements", STAFF, "GET elements/of/{kind}",
           "GET elements/one/{element_id}"),
    _calls("elements.keep", "维护与导入要素", "Keeping and importing registers", SYSTEM,
           "POST elements/of/{kind}", "PATCH elements/one/{element_id}",
           "POST elements/of/{kind}/import"),
    _calls("inspections", "部件巡检", "Inspecting components", G | SYSTEM,
           "POST elements/one/{element_id}/inspections", "POST worker/inspections",
           "GET elements/inspections/due"),
    _calls("retention", "留存期限", "Retention", SYSTEM, "PUT retention/{key}"),
    _calls("division", "网格划分", "Dividing into cells", SYSTEM, "POST places/division/drafts",
           "POST places/division/drafts/{draft_id}/edit",
           "POST places/division/drafts/{draft_id}/publish"),
    _calls("requests", "角色申请", "Roles asked for", SYSTEM | SECURITY, "POST roles/requests",
           "POST roles/requests/decide"),
    _calls("rules", "派遣规则", "Routing rules", SYSTEM, "PUT routing/rules/{key}"),
    _calls("rules.try", "规则试运行", "Trying a rule", SYSTEM, "POST routing/dry-run"),
    _calls("models", "启用分类模型", "Activating models", SYSTEM,
           "POST triage/models/{model_id}/activate", "GET triage/models/{model_id}/card",
           "POST triage/models/{model_id}/rollout", "POST triage/rollback"),
    _calls("imports", "导入上报文件", "Importing reports", SYSTEM | DESK, "POST imports"),
    _calls("webhooks", "对接其他系统", "Webhooks", SYSTEM, "POST webhooks",
           "PATCH webhooks/{webhook_id}"),
    _calls("tokens", "系统令牌", "Tokens", SECURITY, "POST tokens"),
    _calls("audit", "审计查询", "Reading the ledger", ADMINISTRATORS, "GET ledger/search",
           "GET ledger/entries"),
    _calls("reporter.seen", "谁看过号码", "Who saw a number",
           SECURITY | {Role.AUDIT_ADMIN}, "POST cases/by-phone/seen"),
    _calls("catalogue", "案卷目录", "Catalogue", SYSTEM, "POST catalogue/import",
           "POST catalogue/versions/{number}/activate"),
    _calls("calendar", "节假日与调休", "Calendar", SYSTEM, "PUT catalogue/calendar/{day}",
           "POST catalogue/calendar/import", "POST catalogue/calendar/published"),
    _calls("practice", "练习", "Practice", STAFF, "POST practice/runs"),
    _calls("guide", "使用指南", "Guide", STAFF, "GET help/guide/{role}"),
    _calls("usage", "使用情况", "Usage figures", STAFF, "GET usage"),
]  # fmt: skip

FUNCTIONS: dict[str, Function] = {one.key: one for one in _ALL}
_BY_CALL: dict[str, Function] = {call: one for one in _ALL for call in one.calls}
_BY_MOVE: dict[str, Function] = {move: one for one in _ALL for move in one.moves}


def function_of(method: str, path: str, move: str = "") -> Function | None:
    """The function a call of the API uses; None where it is not counted.

    Args:
        path: below /api/v1/, with names in braces: "cases/{number}/moves/{move}".
        move: the move, where the path names one.
    """
    call = f"{method} {path}"
    return _BY_MOVE.get(move) if call == MOVE_ROUTE else _BY_CALL.get(call)


def post_of(viewer: Viewer, function: Function) -> Role | None:
    """As what somebody used it: the first role held that it was made for, else the first held.

    None for who holds no post (citizens are not counted).
    """
    held = [h.role for h in viewer.holdings if h.role is not Role.CITIZEN]
    return next((r for r in held if r in function.roles), held[0] if held else None)
