import { atClock, bar, call, dayStart, make, named, percent, t, when } from "./api.js";
import { kindName, listen } from "./live.js";
import { drawMap } from "./map.js";
import { showSimulator } from "./simulator.js";

const $ = (id) => document.getElementById(id);
const MEASURES = { reported: ["上报", "Reported", "received"], filed: ["立案", "Filed", "filed"], dispatched: ["派遣", "Dispatched", "dispatched"], handled: ["处置", "Handled", "handled"], closed: ["结案", "Closed", "closed"], overdue: ["新增超时", "Became overdue", "late"] };
const RATES = { response_rate: "closed", solving_rate: "closed", satisfaction_rate: "closed" };
const MORE = { auto_dispatch_share: "dispatched", auto_dispatch_accuracy: "dispatched", response_on_time: "responded", handling_on_time: "handled", closing_on_time: "closed", rework_rate: "handled", verify_on_time: "handled" };
let area = null, map = null, names = new Map(), timer = null;

const list = (given) => `/cases/?${new URLSearchParams({ ...(area ? { area: area.id } : {}), ...given })}`;
const since = (by, back) => (by === "late" ? { late: "true", order: "received" } : { [by === "received" ? "since" : `${by}_since`]: dayStart(back), order: "received" });

async function refresh() {
  let seen = await call(`/api/v1/overview${area ? `?area=${area.id}` : ""}`);
  while (!area && seen.areas.length === 1) seen = await call(`/api/v1/overview?area=${seen.areas[0].id}`);
  area = seen.area;
  $("area-name").textContent = t(`${named(seen.area)} 运行总览`, `${named(seen.area)}: overview`);
  $("as-of").textContent = t(`截至 ${when(seen.as_of)}`, `As of ${when(seen.as_of)}`);
  today(seen.today); open(seen.open); rates(seen.rates); departments(seen.departments); hot(seen.hot_classes); trend(seen.trend); load(seen.areas);
}

function today(rows) {
  $("today").replaceChildren(...rows.map((row) => {
    const [zh, en, by] = MEASURES[row.measure];
    return make("a", { href: list(since(by, 0)), "data-measure": row.measure }, make("small", {}, t(`今日${zh}`, `${en} today`)), make("b", {}, row.today),
      make("small", {}, t(`昨日 ${row.yesterday} · 上周同日 ${row.week_ago}`, `yesterday ${row.yesterday} · week ago ${row.week_ago}`)));
  }));
}

function open(stock) {
  const open = stock.states.filter((s) => s.state !== "closed"), waits = stock.states.find((s) => s.state === "closed");
  const top = Math.max(1, ...open.map((s) => s.n));
  const figure = (n, words, given, cls) => make("a", { class: cls, href: list(given) }, make("b", {}, n), make("small", {}, words));
  $("open").replaceChildren(
    make("div", { class: "stock" }, figure(stock.total, t("在办", "open"), { state: open.map((s) => s.state).join(",") }, ""), figure(stock.near, t("即将超时", "nearly due"), { alert: "near" }, "near"), figure(stock.overdue, t("已超时", "overdue"), { alert: "late" }, "late")),
    make("ol", { class: "bars" }, open.map((s) => make("li", {}, make("a", { href: list({ state: s.state }) }, make("span", { class: "name" }, named(s)), bar(s.n, top), make("b", {}, s.n))))),
    waits ? make("a", { class: "line", href: list({ state: "closed" }) }, make("span", {}, t("已结案、待市民评价", "closed, waiting for the citizen")), make("b", {}, waits.n)) : "");
}

function rates(rows) {
  const by = new Map(rows.map((row) => [row.key, row]));
  $("rates").replaceChildren(...Object.entries(RATES).map(([key, milestone]) => { const row = by.get(key); return make("a", { href: list({ ...since(milestone, 29), rated: "true" }) }, make("b", {}, percent(row.value)), make("small", {}, `${named(row)} ${row.part}/${row.whole}`)); }));
  $("more-rates").replaceChildren(...Object.entries(MORE).map(([key, milestone]) => { const row = by.get(key); return make("a", { class: "line", href: list(since(milestone, 29)) }, make("span", {}, named(row)), make("span", { class: "quiet" }, `${row.part}/${row.whole}`), make("b", {}, percent(row.value))); }));
}

function departments(rows) {
  const head = [t("部门", "Department"), t("成效", "Outcome"), t("派遣", "Sent"), t("办结", "Done"), t("按时响应", "Responded"), t("按时处置", "On time"), t("返工率", "Rework"), t("解决率", "Solved"), t("满意率", "Satisfied")];
  $("departments").replaceChildren(
    make("thead", {}, make("tr", {}, head.map((h, i) => make("th", { class: i ? "n" : "", scope: "col" }, h)))),
    make("tbody", {}, rows.map((row) => make("tr", {}, make("td", {}, make("a", { href: list({ department: row.id, order: "received", since: dayStart(29) }) }, named(row))), make("td", { class: "n" }, make("b", {}, row.outcome === null ? "—" : (row.outcome * 100).toFixed(1))),
      [row.dispatched, row.handled, percent(row.response_on_time), percent(row.handling_on_time), percent(row.rework_rate), percent(row.solving_rate), percent(row.satisfaction_rate)].map((v) => make("td", { class: "n" }, v))))));
}

function hot(rows) {
  const top = Math.max(1, ...rows.map((r) => r.n));
  $("hot").replaceChildren(...rows.map((row) => make("li", {}, make("a", { href: list({ class_key: row.class_key, order: "received", since: dayStart(29) }) }, make("span", { class: "name", title: named(row) }, named(row)), bar(row.n, top), make("b", {}, row.n)))));
}

function trend(rows) {
  const W = 360, H = 210, top = Math.max(4, ...rows.flatMap((r) => [r.reported, r.closed])), step = W / rows.length, y = (n) => 178 - (n / top) * 150;
  const svg = make("svg", { class: "trend", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": t(`近${rows.length}天每日上报与结案，最多 ${top}`, `Reported and closed by day, ${rows.length} days, at most ${top}`) });
  rows.forEach((r, i) => { const box = make("rect", { class: "a", x: i * step + 1, y: y(r.reported), width: step - 2, height: 178 - y(r.reported) }); box.append(make("title", {}, `${r.day} ${t("上报", "reported")} ${r.reported}, ${t("结案", "closed")} ${r.closed}`)); svg.append(box); });
  svg.append(make("polyline", { class: "b", points: rows.map((r, i) => `${(i + 0.5) * step},${y(r.closed)}`).join(" ") }),
    make("text", { x: 0, y: 198 }, rows[0].day.slice(5)), make("text", { x: W, y: 198, "text-anchor": "end" }, rows.at(-1).day.slice(5)), make("text", { x: 0, y: 14 }, t(`柱：上报　线：结案　每日最高 ${top}`, `bars: reported, line: closed, at most ${top} a day`)));
  $("trend").replaceChildren(svg);
}

function load(rows) {
  if (!map) return;
  const top = Math.max(1, ...rows.map((r) => r.open));
  for (const row of rows) {
    names.set(row.id, row);
    const path = map.communities.get(row.id);
    if (!path) continue;
    path.setAttribute("class", `community l${row.open ? Math.max(1, Math.ceil(4 * row.open / top)) : 0}`);
    path.querySelector("title").textContent = t(`${named(row)}：在办 ${row.open}，超时 ${row.overdue}`, `${named(row)}: ${row.open} open, ${row.overdue} overdue`);
  }
}

async function dots() {
  if (!map) return;
  const pages = [await call(`/api/v1/cases?limit=200&order=due${area ? `&area=${area.id}` : ""}`)];
  if (pages[0].after) pages.push(await call(`/api/v1/cases?limit=200&order=due&area=${area.id}&after=${encodeURIComponent(pages[0].after)}`));
  const rows = pages.flatMap((p) => p.items).filter((r) => r.lon !== null && r.state !== "closed");
  map.dots(rows.reverse().map((r) => ({ lon: r.lon, lat: r.lat, alert: r.alert, href: `/cases/${r.number}/`, label: `${r.title} ${r.alert === "late" ? t("（已超时）", "(overdue)") : ""}` })));
}

function feed(event) {
  if (event === null) { later(); return; }
  const name = kindName(event.kind), late = /late|escalate/.test(event.kind);
  const place = names.get(event.community);
  const words = make("span", { class: late ? "late" : "" }, `${name} `, event.number ? make("a", { href: `/cases/${event.number}/` }, `…${event.number.slice(-7)}`) : "", place ? make("span", { class: "quiet" }, ` ${named(place)}`) : "");
  $("feed").prepend(make("li", { class: Date.now() - new Date(event.at) < 20000 ? "new" : "" }, make("time", {}, atClock(event.at)), words));
  while ($("feed").children.length > 40) $("feed").lastChild.remove();
  later();
}

function later() {
  timer ??= setTimeout(async () => { timer = null; await Promise.all([refresh(), dots()]).catch(() => {}); }, 2500);
}

showSimulator($("simulator"));
const first = refresh();
first.then(async () => {
  map = await drawMap($("map"));
  $("map").after(make("ul", { class: "legend" }, make("li", {}, make("i", {}), t("在办", "open")), make("li", {}, make("i", { class: "near" }), t("即将超时", "nearly due")), make("li", {}, make("i", { class: "late" }), t("已超时", "overdue")), make("li", {}, make("i", { class: "area" }), t("颜色越深在办越多", "darker: more open"))));
  await Promise.all([refresh(), dots()]);
});
await first;
const head = await call("/api/v1/ledger/checkpoint").catch(() => null);
listen({ after: head ? Math.max(0, head.size - 30) : null, onEvent: feed, onState: (fine) => { $("live-state").textContent = fine ? t("● 已连接", "● connected") : t("○ 重新连接…", "○ reconnecting…"); } });
setInterval(later, 60000);
