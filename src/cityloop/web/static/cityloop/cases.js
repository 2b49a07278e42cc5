import { CHANNELS, call, choices, left, make, named, t, when } from "./api.js";
import { showSimulator } from "./simulator.js";

const $ = (id) => document.getElementById(id);
const params = new URLSearchParams(location.search);
const FINAL = ["closed", "evaluated", "rejected", "merged", "withdrawn"];
const KEPT = ["state", "alert", "class_key", "department", "area", "channel", "owner_role", "text", "number", "before", "order", "late", "rated", "since", "filed_since", "dispatched_since", "responded_since", "handled_since", "closed_since"];
const FROM_OVERVIEW = KEPT.slice(9);
let offered = null, after = "", shown = 0;

function query() {
  const given = new URLSearchParams();
  for (const name of KEPT) if (params.get(name)) given.set(name, params.get(name));
  const ended = (params.get("state") || "").split(",").some((s) => FINAL.includes(s));
  if (!given.get("order")) given.set("order", ended || FROM_OVERVIEW.some((n) => given.get(n)) ? "received" : "due");
  if (given.get("state") === "any") given.delete("state");
  else if (!given.get("state") && !["text", "number", ...FROM_OVERVIEW].some((n) => given.get(n))) given.set("state", Object.keys(offered.states).filter((s) => !FINAL.includes(s)).join(","));
  given.set("limit", "50");
  if (after) given.set("after", after);
  return given;
}

function filters() {
  const option = (value, words, name) => make("option", { value, selected: (params.get(name) || "") === String(value) }, words);
  const select = (name, zh, en, rows, none = t("全部", "All")) => make("label", {}, t(zh, en), make("select", { name }, option("", none, name), rows.map(([value, words]) => option(value, words, name))));
  const areas = offered.areas.filter((a) => a.level === "community" || a.level === "subdistrict");
  $("filters").replaceChildren(
    select("state", "状态", "State", [["any", t("全部状态", "Any state")], ...Object.entries(offered.states).map(([s, n]) => [s, named(n)])], t("在办", "Open")),
    select("alert", "预警", "Alert", [["near", t("即将超时", "Nearly due")], ["late", t("已超时", "Overdue")]]),
    select("area", "区域", "Area", areas.map((a) => [a.id, named(a)])),
    select("department", "主办部门", "Department", offered.departments.map((d) => [d.id, named(d)])),
    select("class_key", "类别", "Class", offered.classes.map((c) => [c.key, `${c.key} ${named(c)}`])),
    select("channel", "渠道", "Channel", Object.entries(CHANNELS).map(([k, n]) => [k, named(n)])),
    make("label", {}, t("标题或地址", "Title or address"), make("input", { name: "text", type: "search", value: params.get("text") || "" })),
    make("button", { class: "main" }, t("查询", "Search")));
  if (origin()) $("filters").append(make("span", { class: "chip" }, origin()), make("a", { class: "plain", href: "/cases/" }, t("清除", "Clear")));
}

function origin() {
  const names = { since: ["收到", "received"], filed_since: ["立案", "filed"], dispatched_since: ["派遣", "dispatched"], responded_since: ["响应", "responded"], handled_since: ["处置", "handled"], closed_since: ["结案", "closed"] };
  const found = Object.keys(names).filter((n) => params.get(n)).map((n) => t(`${named(names[n])} ≥ ${when(params.get(n))}`, `${named(names[n])} since ${when(params.get(n))}`));
  if (params.get("rated")) found.push(t("已评价", "rated"));
  if (params.get("late")) found.push(t("曾超时", "was overdue"));
  if ((params.get("state") || "").includes(",")) found.push(t("在办各状态", "all open states"));
  return found.join(" · ");
}

function row(item) {
  const department = offered.departments.find((d) => d.id === item.lead_department_id);
  const alert = item.alert === "late" ? make("span", { class: "chip late" }, t("超时", "Overdue")) : item.alert === "near" ? make("span", { class: "chip near" }, t("将超时", "Nearly due")) : item.late_ever ? make("span", { class: "chip" }, t("曾超时", "Was overdue")) : null;
  const due = item.due_at && !FINAL.includes(item.state) ? left(item.due_at) : "";
  return make("tr", {},
    make("td", { class: "title" }, make("a", { href: `/cases/${item.number}/` }, item.title), make("small", {}, [item.number, item.address].filter(Boolean).join(" · "))),
    make("td", {}, make("span", { class: "chip state" }, named(offered.states[item.state])), " ", alert),
    make("td", {}, item.case_class__key ? named({ zh: item.case_class__name_zh, en: item.case_class__name_en }) : make("span", { class: "quiet" }, t("待定", "not yet classed"))),
    make("td", {}, named(department) || (item.owner_role ? named(offered.roles[item.owner_role]) : "")),
    make("td", {}, named(CHANNELS[item.channel]) || item.channel),
    make("td", { class: "n" }, when(item.received_at)), make("td", { class: `n ${item.alert}` }, due));
}

async function load() {
  try {
    const page = await call(`/api/v1/cases?${query()}`);
    after = page.after || "";
    shown += page.items.length;
    const head = [t("案卷", "Case"), t("状态", "State"), t("类别", "Class"), t("在谁手上", "With"), t("渠道", "Channel"), t("收到", "Received"), t("本环节时限", "Due")];
    if (!$("list").tBodies.length) $("list").append(make("thead", {}, make("tr", {}, head.map((h, i) => make("th", { scope: "col", class: i > 4 ? "n" : "" }, h)))), make("tbody", {}));
    $("list").tBodies[0].append(...page.items.map(row));
    $("more").hidden = !after;
    $("count").textContent = shown ? t(`显示 ${shown} 件${after ? "，还有更多" : ""}`, `${shown} shown${after ? ", there are more" : ""}`) : t("没有符合条件的案卷", "No case matches");
  } catch (problem) { $("problem").textContent = problem.message; $("problem").hidden = false; }
}

$("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  const given = new URLSearchParams(new FormData($("filters")));
  for (const name of FROM_OVERVIEW) if (params.get(name)) given.set(name, params.get(name));
  for (const [name, value] of [...given]) if (!value) given.delete(name);
  location.search = given.toString();
});
$("more").addEventListener("click", load);
showSimulator($("simulator"));
choices().then((found) => { offered = found; filters(); return load(); }).catch((problem) => { $("problem").textContent = problem.message; $("problem").hidden = false; });
