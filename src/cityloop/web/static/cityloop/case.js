import { CHANNELS, bar, call, choices, left, make, named, percent, t, when } from "./api.js";
import { kindName } from "./live.js";
import { moveForm } from "./moves.js";
import { showSimulator } from "./simulator.js";

const box = document.getElementById("case");
const number = box.dataset.number;
let offered = null, moves = null, seen = null;

const head = (zh, en, ...inside) => make("section", { class: "card" }, make("h2", {}, t(zh, en)), ...inside);
const fact = (zh, en, value) => (value === null || value === undefined || value === "" ? [] : [make("div", {}, make("dt", {}, t(zh, en)), make("dd", {}, value))]);

export async function show() {
  const [item, trace] = await Promise.all([call(`/api/v1/cases/${number}`), call(`/api/v1/cases/${number}/trace`)]);
  seen = item;
  document.title = `${item.title} · ${number}`;
  const openForm = box.querySelector(".move-form");
  if (openForm && box.contains(document.activeElement)) return;
  box.replaceChildren(make("div", { class: "case" }, header(item), make("div", {}, facts(item), reports(item), tasks(item), photos(item), why(item), traceOf(trace)), make("aside", {}, actions(item))));
}

function header(item) {
  const alert = item.alert === "late" ? make("span", { class: "chip late" }, t("超时", "Overdue")) : item.alert === "near" ? make("span", { class: "chip near" }, t("即将超时", "Nearly due")) : null;
  return make("header", {}, make("h1", {}, item.title), make("div", { class: "chips" },
    make("span", { class: "chip state", id: "state", "data-state": item.state }, named(offered.states[item.state])), alert,
    item.late_ever && item.alert !== "late" ? make("span", { class: "chip" }, item.exempt ? t("曾超时（申诉成立）", "was overdue (appeal granted)") : t("曾超时", "was overdue")) : null,
    item.confidential ? make("span", { class: "chip" }, t("保密件", "confidential")) : null,
    make("span", { class: "quiet" }, `${number} · ${named(CHANNELS[item.channel]) || item.channel}`),
    item.merged_into ? make("a", { href: `/cases/${item.merged_into}/` }, t(`已并入 ${item.merged_into}`, `merged into ${item.merged_into}`)) : null,
    item.parent ? make("a", { href: `/cases/${item.parent}/` }, t("主案卷", "parent case")) : null,
    item.children.map((c) => make("a", { href: `/cases/${c}/` }, t(`分办 ${c.slice(-2)}`, `part ${c.slice(-2)}`))),
    item.merged.map((c) => make("a", { href: `/cases/${c}/` }, t(`并入的 …${c.slice(-5)}`, `joined …${c.slice(-5)}`)))));
}

function facts(item) {
  const steps = [["收到", "Received", item.received_at], ["立案", "Filed", item.filed_at], ["派遣", "Dispatched", item.dispatched_at], ["响应", "Accepted", item.responded_at], ["处置", "Handled", item.handled_at], ["结案", "Closed", item.closed_at]];
  const lead = offered.departments.find((d) => d.id === item.lead_department_id);
  const ended = Boolean(item.ended_at);
  return head("情况与时限", "Facts and clocks",
    make("ol", { class: "steps" }, steps.map(([zh, en, at]) => make("li", { class: at ? "done" : "" }, t(zh, en), make("small", {}, at ? when(at) : "—")))),
    make("dl", { class: "facts" },
      fact("类别", "Class", item.case_class__key ? `${item.case_class__key} ${named({ zh: item.case_class__name_zh, en: item.case_class__name_en })}` : t("待定", "open")),
      fact("立案条件", "Condition", named({ zh: item.condition_zh, en: item.condition_en })),
      fact("结案条件", "Closing condition", named({ zh: item.closing_zh, en: item.closing_en })),
      fact("地址", "Address", item.address), fact("定位", "Located by", located(item)),
      fact("主办部门", "Lead department", named(lead)),
      fact("本环节由", "Now with", ended ? null : named(offered.roles[item.owner_role])),
      fact("本环节时限", "This stage is due", item.due_at && !ended ? `${when(item.due_at)}（${left(item.due_at)}）` : null),
      fact("处置时限", "Handling is due", item.handle_due_at ? when(item.handle_due_at) : null),
      fact("督办", "Urged", item.urged || null), fact("延期", "Extensions", item.extensions || null),
      fact("回退 / 返工 / 重办", "Returns / rework / reopened", item.returns + item.reworks + item.reopens ? `${item.returns} / ${item.reworks} / ${item.reopens}` : null),
      fact("评价", "Rating", item.solved === null ? null : `${item.solved ? t("已解决", "solved") : t("未解决", "not solved")}，${item.satisfied ? t("满意", "satisfied") : t("不满意", "not satisfied")}`),
      fact("结案说明", "Closing note", item.closing_note)));
}

function located(item) {
  const names = { exact: ["坐标落格", "by coordinates"], edge: ["坐标在网格边界", "on a border of cells"], area: ["指定区域", "by area"], address: ["按地址词定位", "by address words"], outside: ["在辖区外", "outside the area"], unknown: ["位置不明", "unknown"] };
  return named(names[item.located_by]);
}

function reports(item) {
  return head(`诉求（${item.reports.length}）`, `Reports (${item.reports.length})`, ...item.reports.map((r) => make("div", {}, make("blockquote", {}, r.text || r.title),
    make("p", { class: "quiet" }, [named(CHANNELS[r.channel]) || r.channel, when(r.received_at), r.reporter && !r.reporter.erased && (r.reporter.name || r.reporter.phone) ? t(`反映人 ${r.reporter.name || ""} ${r.reporter.phone || ""}`, `reporter ${r.reporter.name || ""} ${r.reporter.phone || ""}`) : ""].filter(Boolean).join(" · ")))));
}

function tasks(item) {
  if (!item.tasks.length) return null;
  const rounds = Math.max(...item.tasks.map((x) => x.round));
  return head("任务：主办与协办并联", "Tasks, side by side", make("div", { class: "tasks" }, item.tasks.map((x) => make("div", { class: ["returned", "cancelled"].includes(x.state) ? "over" : "" },
    make("p", {}, make("b", {}, x.department), " ", make("span", { class: "chip" }, x.part === "lead" ? t("主办", "lead") : t("协办", "co-handler")), " ", make("span", { class: "chip state" }, named(offered.task_states[x.state])), rounds > 1 ? make("span", { class: "quiet" }, t(` 第${x.round}轮`, ` round ${x.round}`)) : null),
    clockLine(t("响应", "Respond"), x.respond_due_at, x.responded_at, x.late_response), x.feedback_due_at ? clockLine(t("反馈", "Feed back"), x.feedback_due_at, x.fed_back_at, x.late_feedback) : null, clockLine(t("处置", "Handle"), x.handle_due_at, x.done_at, x.late_handling),
    x.result ? make("blockquote", {}, x.result) : null))));
}

function clockLine(words, due, done, late) {
  return make("p", { class: late ? "late" : "quiet" }, `${words} ${done ? `✓ ${when(done)}` : t(`限 ${when(due)}`, `due ${when(due)}`)}${late ? t(" 超时", " late") : ""}`);
}

function photos(item) {
  if (!item.photos.length) return null;
  const stage = { report: ["上报", "reported"], before: ["处置前", "before"], after: ["处置后", "after"], check: ["核实", "check"], verify: ["核查", "verify"] };
  return head("照片", "Photos", make("div", { class: "photos" }, item.photos.map((p) => make("figure", {}, make("a", { href: p.url }, make("img", { src: p.thumbnail_url, alt: t(`${named(stage[p.stage])}照片`, `photo: ${named(stage[p.stage])}`), loading: "lazy" })), make("figcaption", {}, `${named(stage[p.stage])} ${when(p.added_at)}`)))));
}

function why(item) {
  const name = (key) => { const c = offered.classes.find((x) => x.key === key); return c ? `${key} ${named(c)}` : key; };
  const lines = [];
  if (item.triage?.by === "model") {
    lines.push(make("p", {}, t(`模型 ${item.triage.model} 建议 ${name(item.triage.class)}，把握 ${percent(item.triage.confidence)}，${item.triage.accepted ? "达到阈值，自动采纳" : "未达阈值，交人判断"}。`, `Model ${item.triage.model} suggests ${name(item.triage.class)}, ${percent(item.triage.confidence)} sure: ${item.triage.accepted ? "accepted" : "left to a person"}.`)));
    lines.push(make("ol", { class: "bars wide" }, (item.triage.top || []).map(([key, p]) => make("li", {}, make("a", {}, make("span", { class: "name" }, name(key)), bar(p, 1), make("b", {}, percent(p)))))));
  } else if (item.triage?.by === "given") lines.push(make("p", {}, t(`上报人选定类别 ${name(item.triage.class)}。`, `The sender chose ${name(item.triage.class)}.`)));
  if (item.route) lines.push(make("p", {}, named({ zh: item.route.zh || item.route.reason_zh || routed(item), en: item.route.en || item.route.reason_en || routed(item) })), make("details", {}, make("summary", {}, t("决策依据（原文）", "Decision as recorded")), make("pre", { class: "scroll" }, JSON.stringify(item.route, null, 1))));
  else if (item.routed_by) lines.push(make("p", {}, routed(item)));
  return lines.length ? head("为何这样分类与派遣", "Why this class and department", ...lines) : null;
}

function routed(item) {
  const by = { rule: ["硬规则", "a hard rule"], duty: ["权责清单", "the duty table"], model: ["模型", "the model"], area: ["属地兜底", "the area's fallback"], person: ["派遣员", "a dispatcher"], self: ["网格员自办", "the grid worker"] };
  return t(`派遣依据：${named(by[item.routed_by]) || "待人工派遣"}。`, `Routed by: ${named(by[item.routed_by]) || "a person will decide"}.`);
}

function traceOf(rows) {
  return head(`留痕（${rows.length}）`, `Trace (${rows.length})`, make("ol", { class: "trace" }, [...rows].reverse().map((row) => make("li", {}, make("time", { datetime: row.at }, when(row.at)),
    make("div", {}, make("b", {}, kindName(row.kind)), make("span", { class: "quiet" }, ` ${row.actor_kind === "system" ? t("系统", "system") : row.actor_kind === "public" ? t("市民", "citizen") : row.actor_name || t("反映人", "reporter")}`), row.private?.reason || row.private?.text ? make("p", {}, [row.private.reason, row.private.text].filter(Boolean).join(" / ")) : null),
    row.position === null ? make("span", { class: "quiet" }, t("待入账", "to be sealed")) : make("a", { href: `/api/v1/ledger/proof/${row.id}` }, t(`存证 #${row.position}`, `proof #${row.position}`))))));
}

function actions(item) {
  const may = moves.filter((m) => item.moves.includes(m.name));
  const slot = make("div", {});
  const buttons = may.map((move) => make("button", { type: "button", "data-move": move.name, "aria-expanded": "false", onclick: (event) => {
    for (const other of event.target.parentNode.children) other.setAttribute("aria-expanded", String(other === event.target));
    slot.replaceChildren(moveForm(move, item, offered, show));
    slot.querySelector("select, textarea, input, button")?.focus();
  } }, named(move)));
  const card = make("section", { class: "card" }, make("h2", {}, t("可以办理", "What you may do")), buttons.length ? make("div", { class: "moves" }, buttons) : make("p", { class: "quiet" }, t("本环节由其他岗位办理。", "Others act at this stage.")), slot);
  return [card, approvals(item)];
}

function approvals(item) {
  const open = item.approvals.filter((a) => ["asked", "first"].includes(a.state));
  if (!open.length) return null;
  const kinds = { extension: ["延期", "Extension"], suspension: ["挂账", "Suspension"], appeal: ["申诉", "Appeal"] };
  return head("待审批", "Waiting for a decision", ...open.map((a) => {
    const form = make("form", { class: "fields" }, make("p", {}, `${named(kinds[a.kind])} · ${a.state === "asked" ? t("待一级", "first level") : t("待二级", "second level")} · ${when(a.asked_at)}`),
      make("label", {}, t("意见", "Reason"), make("input", { name: "reason", required: true })), make("p", { class: "problem", role: "alert", hidden: true }),
      make("div", { class: "moves" }, make("button", { class: "main", value: "1" }, t("同意", "Grant")), make("button", { value: "" }, t("不同意", "Refuse"))));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try { await call(`/api/v1/approvals/${a.id}`, { method: "POST", body: { grant: Boolean(event.submitter.value), reason: form.elements.reason.value } }); document.activeElement.blur(); await show(); } catch (problem) { const p = form.querySelector(".problem"); p.textContent = problem.message; p.hidden = false; }
    });
    return form;
  }));
}

function fail(problem) { box.replaceChildren(make("p", { class: "problem", role: "alert" }, problem.message)); }

showSimulator(document.getElementById("simulator"));
Promise.all([choices(), call("/api/v1/moves")]).then(([found, table]) => { offered = found; moves = table; return show(); }).catch(fail);
const stream = new EventSource("/api/v1/live");
let waiting = null;
stream.addEventListener("case", (event) => { const said = JSON.parse(event.data); if (said.number === number || (seen && said.case === seen.id)) waiting ??= setTimeout(() => { waiting = null; show().catch(() => {}); }, 400); });
