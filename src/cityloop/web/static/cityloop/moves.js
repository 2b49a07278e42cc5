// The form of one move: exactly the fields that the move table says it needs.
import { call, make, named, t } from "./api.js";
import { drawMap } from "./map.js";

const STAGE = { finish: "after", settle: "after", pass: "verify", fail: "verify", confirm: "check", refute: "check" };
const PICTURES = "image/jpeg,image/png,image/webp";
const label = (zh, en, field) => make("label", {}, t(zh, en), field);

function conditionField(name, item, offered, needed) {
  const classes = make("select", { "aria-label": t("类别", "Class") }, make("option", { value: "" }, needed ? t("选择类别…", "Choose a class…") : t("保持不变", "Leave as it is")), offered.classes.map((c) => make("option", { value: c.key }, `${c.key} ${named(c)}`)));
  const conditions = make("select", { name, required: needed });
  const units = { clock_minute: ["分钟", "min"], clock_hour: ["紧急小时", "clock hours"], work_hour: ["工作小时", "work hours"], clock_day: ["日", "days"], work_day: ["工作日", "work days"] };
  const fill = () => {
    const chosen = offered.classes.find((c) => c.key === classes.value);
    conditions.replaceChildren(...(chosen ? chosen.conditions.map((x) => make("option", { value: x.id, selected: x.usual }, t(`${x.zh}（${x.limit}${named(units[x.unit])}）`, `${x.en || x.zh} (${x.limit} ${named(units[x.unit])})`))) : [make("option", { value: "" }, "—")]));
  };
  classes.addEventListener("change", fill);
  const guess = item.case_class__key || item.triage?.class || "";
  if (needed) classes.value = guess;
  fill();
  if (needed && item.condition_id) conditions.value = item.condition_id;
  return [label("类别", "Class", classes), label("立案条件与时限", "Filing condition and limit", conditions)];
}

function placeField(item) {
  const lon = make("input", { type: "hidden", name: "lon" }), lat = make("input", { type: "hidden", name: "lat" });
  const map = make("div", { class: "map small" }), said = make("p", { class: "hint", role: "status" }, t("请在地图上点选位置。", "Tap the place on the map."));
  drawMap(map, { small: true, onPick: (x, y) => { lon.value = x; lat.value = y; said.textContent = t(`已选 ${x.toFixed(5)}, ${y.toFixed(5)}`, `Chosen ${x.toFixed(5)}, ${y.toFixed(5)}`); } }).then((drawn) => { if (drawn && item.lon !== null) drawn.pin(item.lon, item.lat); });
  return [map, said, lon, lat, label("地址（可补充）", "Address (optional)", make("input", { name: "address", maxlength: 300 }))];
}

function departments(offered) {
  const rows = offered.departments.map((d) => make("option", { value: d.key }, named(d)));
  return [label("主办部门", "Lead department", make("select", { name: "lead", required: true }, make("option", { value: "" }, t("选择…", "Choose…")), rows)),
    label("协办部门（可多选）", "Co-handlers (several)", make("select", { name: "co", multiple: true, size: 4 }, offered.departments.map((d) => make("option", { value: d.key }, named(d)))))];
}

function taskField(item) {
  const live = item.tasks.filter((x) => ["sent", "accepted"].includes(x.state));
  return live.length > 1 ? [label("哪个任务", "Which task", make("select", { name: "task_id" }, live.map((x) => make("option", { value: x.id }, `${x.department} ${x.part === "lead" ? t("主办", "lead") : t("协办", "co")}`))))] : live.length ? [make("input", { type: "hidden", name: "task_id", value: live[0].id })] : [];
}

function parts(offered, item) {
  return [0, 1].flatMap((n) => [make("h2", {}, t(`分办事项 ${n + 1}`, `Part ${n + 1}`)), label("标题", "Title", make("input", { name: `title${n}`, required: true })), ...conditionField(`condition${n}`, item, offered, true),
    label("主办部门", "Lead", make("select", { name: `lead${n}` }, offered.departments.map((d) => make("option", { value: d.key }, named(d)))))]);
}

function fields(move, item, offered) {
  const needs = new Set(move.needs), found = [];
  if (move.scope === "task") found.push(...taskField(item));
  if (needs.has("condition")) found.push(...conditionField("condition_id", item, offered, true));
  else if (["dispatch", "reroute"].includes(move.name)) found.push(...conditionField("condition_id", item, offered, false));
  if (needs.has("department")) found.push(...departments(offered));
  if (needs.has("place") && (move.name === "relocate" || ["unknown", "outside"].includes(item.located_by))) found.push(...placeField(item));
  if (needs.has("target")) found.push(label("并入案卷编号", "Number of the other case", make("input", { name: "target", required: true })));
  if (needs.has("until")) found.push(label("挂账至", "Suspended until", make("input", { type: "datetime-local", name: "until", required: true })));
  if (needs.has("parts")) found.push(...parts(offered, item));
  if (needs.has("rating")) found.push(label("是否解决", "Solved?", make("select", { name: "solved" }, make("option", { value: "1" }, t("已解决", "Yes")), make("option", { value: "" }, t("未解决", "No")))), label("是否满意", "Satisfied?", make("select", { name: "satisfied" }, make("option", { value: "1" }, t("满意", "Yes")), make("option", { value: "" }, t("不满意", "No")))));
  if (needs.has("closing")) found.push(label("结案说明", "How the closing condition is met", make("textarea", { name: "closing", rows: 3, required: true, maxlength: 400 }, named({ zh: item.closing_zh, en: item.closing_en }) || "")));
  if (needs.has("text")) found.push(label("情况说明", "What was done", make("textarea", { name: "text", rows: 3, required: true })));
  if (needs.has("reason")) found.push(label("理由", "Reason", make("textarea", { name: "reason", rows: 2, required: true })));
  if (needs.has("photo") || needs.has("evidence") || STAGE[move.name]) found.push(label(needs.has("photo") ? "照片" : "照片（按立案条件要求）", needs.has("photo") ? "Photo" : "Photo (where the condition asks for one)", make("input", { type: "file", name: "photo", accept: PICTURES, required: needs.has("photo") })));
  return found;
}

async function given(form, move, item, number) {
  const data = new FormData(form), body = { version: item.version };
  for (const name of ["reason", "text", "closing", "target", "lead", "address"]) if (data.get(name)) body[name] = data.get(name);
  for (const name of ["condition_id", "task_id", "lon", "lat"]) if (data.get(name)) body[name] = Number(data.get(name));
  if (data.get("until")) body.until = new Date(data.get("until")).toISOString();
  if (data.getAll("co").length) body.co = data.getAll("co");
  if (move.needs.includes("rating")) Object.assign(body, { solved: Boolean(data.get("solved")), satisfied: Boolean(data.get("satisfied")) });
  if (move.needs.includes("parts")) body.parts = [0, 1].map((n) => ({ title: data.get(`title${n}`), condition_id: Number(data.get(`condition${n}`)), lead: data.get(`lead${n}`) }));
  const photo = form.elements.photo?.files[0];
  if (photo) {
    const upload = new FormData();
    upload.append("photo", photo);
    upload.append("stage", STAGE[move.name] || "before");
    const row = await call(`/api/v1/cases/${number}/photos`, { method: "POST", form: upload });
    body.photo_ids = [row.id];
  }
  return body;
}

export function moveForm(move, item, offered, done) {
  const problem = make("p", { class: "problem", role: "alert", hidden: true });
  const send = make("button", { class: "main" }, t(`确认${named(move)}`, `Confirm: ${named(move)}`));
  const form = make("form", { class: "fields move-form" }, ...fields(move, item, offered), problem, send);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      await call(`/api/v1/cases/${item.number}/moves/${move.name}`, { method: "POST", body: await given(form, move, item, item.number) });
      form.remove();
      await done();
    } catch (error) { problem.textContent = error.message; problem.hidden = false; send.disabled = false; }
  });
  return form;
}
