import { call, make, named, t, when } from "./api.js";

const box = document.getElementById("follow");
const key = box.dataset.key;
document.getElementById("ask")?.addEventListener("submit", (event) => { event.preventDefault(); location.href = `/follow/${encodeURIComponent(document.getElementById("key").value.trim())}/`; });

async function show() {
  const seen = await call(`/api/v1/follow/${key}`);
  box.replaceChildren(make("section", { class: "card" }, make("p", { class: "quiet" }, seen.number), make("h2", {}, seen.title), make("p", {}, make("span", { class: "chip state", id: "state", "data-state": seen.state }, named({ zh: seen.state_zh, en: seen.state_en })), seen.department ? t(`　承办：${seen.department}`, `  ${seen.department}`) : ""),
    seen.due_at && !seen.closed_at ? make("p", {}, t(`预计 ${when(seen.due_at)} 前办完。`, `Due by ${when(seen.due_at)}.`)) : "", seen.merged_into ? make("p", {}, t(`已与案卷 ${seen.merged_into} 一并办理。`, `Handled together with case ${seen.merged_into}.`)) : "", seen.closing_note ? make("p", {}, t(`办理结果：${seen.closing_note}`, `Result: ${seen.closing_note}`)) : ""),
  answer(seen), make("ol", { class: "progress", "aria-label": t("办理过程", "What happened") }, [...seen.steps].reverse().map((s) => make("li", {}, named(s), make("small", {}, when(s.at)), s.reason ? make("small", {}, s.reason) : ""))), ...more(seen), make("p", {}, make("a", { href: `/api/v1/follow/${key}/receipt` }, t("留痕存证", "Proof in the ledger"))));
}

function answer(seen) {
  if (!seen.may.includes("answer")) return "";
  const say = (solved, satisfied) => run(() => call(`/api/v1/follow/${key}/answer`, { method: "POST", body: { solved, satisfied } }));
  const card = make("section", { class: "card", id: "answer" }, make("h2", {}, t("问题解决了吗？", "Is it solved?")), make("div", { class: "answer" },
    make("button", { class: "main", "data-say": "good", onclick: () => say(true, true) }, t("解决了，满意", "Solved, I am satisfied")), make("button", { "data-say": "fair", onclick: () => say(true, false) }, t("解决了，不满意", "Solved, not satisfied")), make("button", { "data-say": "no", onclick: () => say(false, false) }, t("没有解决", "Not solved"))), make("p", { class: "hint" }, t("点“没有解决”，会退回重新办理。", "“Not solved” sends it back to be done again.")), make("p", { class: "problem", role: "alert", hidden: true }));
  return card;
}

function more(seen) {
  const offered = [];
  for (const [name, zh, en] of [["reopen", "仍有问题，要求重新办理", "Not right: reopen"], ["withdraw", "撤回这件事", "Withdraw"]]) {
    if (!seen.may.includes(name)) continue;
    const reason = make("textarea", { rows: 2, required: true, "aria-label": t("说明", "Reason") });
    const form = make("form", { class: "fields" }, reason, make("p", { class: "problem", role: "alert", hidden: true }), make("button", {}, t("提交", "Send")));
    form.addEventListener("submit", (event) => { event.preventDefault(); run(() => call(`/api/v1/follow/${key}/${name}`, { method: "POST", body: { reason: reason.value } }), form); });
    offered.push(make("details", {}, make("summary", {}, t(zh, en)), form));
  }
  return offered;
}

async function run(act, where = document.getElementById("answer")) {
  try { await act(); await show(); } catch (error) { const p = where.querySelector(".problem"); p.textContent = error.message; p.hidden = false; }
}

const typing = () => box.contains(document.activeElement) && /TEXTAREA|INPUT/.test(document.activeElement.tagName);
if (key) {
  const fail = (error) => box.replaceChildren(make("p", { class: "problem", role: "alert" }, error.message));
  show().catch(fail);
  setInterval(() => { if (!document.hidden && !typing()) show().catch(() => {}); }, 10000);
}
