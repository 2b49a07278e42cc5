// Talking to the REST API: cookies, CSRF, and problems in the reader's language.
export const EN = document.documentElement.lang === "en";
const ZONE = document.documentElement.dataset.zone;

export const t = (zh, en) => (EN ? en : zh);
export const named = (row) => (row ? (Array.isArray(row) ? row[EN ? 1 : 0] : (EN && row.en) || row.zh) : "");

export class Problem extends Error {
  constructor(status, body) {
    super(body.message || t("操作没有成功，请重试。", "That did not work; please try again."));
    this.status = status;
    this.code = body.code;
  }
}

function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export async function call(path, { method = "GET", body = null, form = null } = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": cookie("csrftoken"), "Accept-Language": EN ? "en" : "zh-hans" };
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(path, { method, headers, credentials: "same-origin", body: form || (body && JSON.stringify(body)) });
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(answer.status, said);
  return said;
}

export function make(tag, given = {}, ...children) {
  const svg = ["svg", "g", "path", "circle", "text", "title", "rect", "polyline"].includes(tag) || given.svg;
  const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name === "svg" || value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" && !svg) node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

const two = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: ZONE };
const whole = new Intl.DateTimeFormat(EN ? "en-GB" : "zh-CN", two);
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: ZONE });
export const when = (iso) => (iso ? whole.format(new Date(iso)) : "—");
export const atClock = (iso) => clock.format(new Date(iso));

export function left(iso) {
  const minutes = Math.round((new Date(iso) - Date.now()) / 60000);
  const size = Math.abs(minutes);
  const words = size < 90 ? t(`${size} 分钟`, `${size} min`) : size < 2880 ? t(`${Math.round(size / 60)} 小时`, `${Math.round(size / 60)} h`) : t(`${Math.round(size / 1440)} 天`, `${Math.round(size / 1440)} days`);
  return minutes < 0 ? t(`超时 ${words}`, `${words} overdue`) : t(`剩 ${words}`, `${words} left`);
}

export const percent = (value) => (value === null || value === undefined ? "—" : `${(value * 100).toFixed(value === 1 ? 0 : 1)}%`);
// Midnight of a day some days back, in the city's zone, as the list's filter wants it.
export function dayStart(back = 0) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(Date.now() - back * 86400000));
  const utc = new Date(`${parts}T00:00:00Z`);
  const local = new Date(utc.toLocaleString("en-US", { timeZone: ZONE }));
  const plain = new Date(utc.toLocaleString("en-US", { timeZone: "UTC" }));
  return new Date(utc - (local - plain)).toISOString();
}

let choicesOnce = null;
export const choices = () => (choicesOnce ??= call("/pages/choices.json"));

export const CHANNELS = { citizen: ["随手拍", "Citizen"], grid: ["网格员", "Grid worker"], hotline: ["热线", "Hotline"], video: ["视频识别", "Video"], sensor: ["物联感知", "Sensor"], inspection: ["督查", "Inspection"], open311: ["Open311", "Open311"], file: ["文件", "File"], api: ["接口", "API"] };

// A bar as wide as its share; the number beside it says the same in words.
export function bar(value, top) {
  const fill = make("i", {});
  fill.style.width = `${Math.max(0, Math.min(100, (100 * value) / top))}%`;
  return make("span", { class: "bar", "aria-hidden": "true" }, fill);
}
