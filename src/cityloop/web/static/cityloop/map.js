// A map drawn as SVG from the platform's own outlines: no tiles, nothing from elsewhere.
import { call, make, named, t } from "./api.js";

const W = 1000;
export async function drawMap(box, { small = false, onPick = null } = {}) {
  const [outlines, ground] = await Promise.all([call("/pages/outlines.json"), call("/pages/ground.json").catch(() => null)]);
  const rows = outlines.community.features;
  const bounds = boundsOf(rows);
  if (!bounds) { box.replaceChildren(make("p", {}, t("尚无区域。", "No areas yet."))); return null; }
  const k = Math.cos(((bounds[1] + bounds[3]) / 2) * Math.PI / 180);
  const scale = W / ((bounds[2] - bounds[0]) * k);
  const H = (bounds[3] - bounds[1]) * scale;
  const xy = ([lon, lat]) => [(lon - bounds[0]) * k * scale, (bounds[3] - lat) * scale];
  const back = (x, y) => [bounds[0] + x / (k * scale), bounds[3] - y / scale];
  const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "group", "aria-label": t("辖区地图", "Map of the area") });
  if (ground) drawGround(svg, ground, xy);
  for (const f of outlines.cell?.features ?? []) svg.append(make("path", { class: "cell", d: shape(f.geometry, xy) }));
  const communities = new Map(), names = make("g", {});
  for (const f of rows) {
    const path = make("path", { class: "community", d: shape(f.geometry, xy) });
    path.append(make("title", {}, named({ zh: f.properties.name_zh, en: f.properties.name_en })));
    communities.set(f.id, path);
    svg.append(path);
    const [x, y] = xy(middle(f.geometry));
    names.append(make("text", { class: "name", x, y, "font-size": 15, "stroke-width": 3 }, named({ zh: f.properties.name_zh.replace(/社区$/, ""), en: (f.properties.name_en || f.properties.name_zh).replace(/ Community$/, "") })));
  }
  const dots = make("g", {});
  svg.append(names, dots);
  const view = viewing(svg, W, H, (z) => {
    const unit = z * Math.max(W / (box.clientWidth || W), H / (box.clientHeight || H)); // one pixel of the screen
    for (const text of names.children) { text.setAttribute("font-size", 13 * unit); text.setAttribute("stroke-width", 3 * unit); }
    for (const dot of dots.querySelectorAll("circle")) { dot.setAttribute("r", dot.dataset.r * unit); dot.setAttribute("stroke-width", 1.4 * unit); }
  });
  box.replaceChildren(svg, view.tools);
  if (onPick) svg.addEventListener("click", (event) => { if (!view.moved()) { const p = view.point(event); setPin(...p); onPick(...back(...p)); } });
  function setPin(x, y) { dots.replaceChildren(make("circle", { class: "pin", cx: x, cy: y, "data-r": 9 })); view.refresh(); }
  view.refresh();
  new ResizeObserver(() => view.refresh()).observe(box);
  return {
    communities,
    pin: (lon, lat) => setPin(...xy([lon, lat])),
    dots(items) {
      dots.replaceChildren(...items.map((item) => {
        const [x, y] = xy([item.lon, item.lat]);
        const dot = make("circle", { class: `dot ${item.alert}`, cx: x, cy: y, "data-r": item.alert === "late" ? 7.5 : 5 });
        dot.append(make("title", {}, item.label));
        return make("a", { svg: true, href: item.href, "aria-label": item.label }, dot);
      }));
      view.refresh();
    },
  };
}

function drawGround(svg, ground, xy) {
  const kinds = { water: [], park: [], block: [] };
  for (const f of ground.landscape.features) {
    const kind = f.properties.kind;
    (kinds[kind === "water" || kind === "pond" ? "water" : kind === "park" ? "park" : "block"]).push(shape(f.geometry, xy));
  }
  for (const kind of ["block", "park", "water"]) svg.append(make("path", { class: kind, d: kinds[kind].join("") }));
  svg.append(make("path", { class: "house", d: ground.buildings.features.map((f) => shape(f.geometry, xy)).join("") }));
  const widths = { lane: 1.6, local: 2.6, secondary: 4.6, arterial: 7 };
  for (const [road, width] of Object.entries(widths)) {
    const d = ground.streets.features.filter((f) => f.properties.road === road).map((f) => line(f.geometry.coordinates, xy)).join("");
    svg.append(make("path", { class: "road", d, "stroke-width": width }));
  }
}

function viewing(svg, W, H, onZoom) {
  let x = 0, y = 0, z = 1, start = null, moved = false;
  const apply = () => {
    z = Math.min(1, Math.max(0.12, z));
    x = Math.min(W * (1 - z), Math.max(0, x));
    y = Math.min(H * (1 - z), Math.max(0, y));
    svg.setAttribute("viewBox", `${x} ${y} ${W * z} ${H * z}`);
    onZoom(z);
  };
  const zoom = (factor, cx = x + W * z / 2, cy = y + H * z / 2) => { const to = Math.min(1, Math.max(0.12, z * factor)); x = cx - (cx - x) * to / z; y = cy - (cy - y) * to / z; z = to; apply(); };
  const point = (event) => { const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse()); return [p.x, p.y]; };
  svg.addEventListener("wheel", (event) => { if (!event.ctrlKey && document.activeElement !== svg && !svg.matches(":hover")) return; event.preventDefault(); zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, ...point(event)); }, { passive: false });
  svg.addEventListener("pointerdown", (event) => { start = { at: point(event), x: event.clientX, y: event.clientY }; moved = false; });
  svg.addEventListener("pointermove", (event) => {
    if (!start || !(event.buttons & 1)) return;
    if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > 5) moved = true;
    if (moved) { const [px, py] = point(event); x += start.at[0] - px; y += start.at[1] - py; apply(); }
  });
  window.addEventListener("pointerup", () => { start = null; });
  const button = (sign, label, factor) => make("button", { type: "button", "aria-label": label, onclick: () => zoom(factor) }, sign);
  const tools = make("div", { class: "tools" }, button("+", t("放大", "Zoom in"), 1 / 1.5), button("−", t("缩小", "Zoom out"), 1.5));
  return { tools, point, moved: () => moved, refresh: apply };
}

const rings = (geometry) => (geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : geometry.coordinates);
const line = (points, xy) => "M" + points.map((p) => xy(p).map((v) => v.toFixed(1)).join(" ")).join("L");
const shape = (geometry, xy) => rings(geometry).map((ring) => line(ring, xy) + "Z").join("");
function boundsOf(features) {
  const points = features.flatMap((f) => rings(f.geometry).flat());
  if (!points.length) return null;
  const lons = points.map((p) => p[0]), lats = points.map((p) => p[1]);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
function middle(geometry) {
  const ring = rings(geometry).reduce((a, b) => (b.length > a.length ? b : a));
  let area = 0, cx = 0, cy = 0;
  for (let i = 0; i < ring.length - 1; i++) {
    const [x0, y0] = ring[i], [x1, y1] = ring[i + 1], w = (x0 - ring[0][0]) * (y1 - ring[0][1]) - (x1 - ring[0][0]) * (y0 - ring[0][1]);
    area += w; cx += (x0 + x1 + ring[0][0]) * w / 3; cy += (y0 + y1 + ring[0][1]) * w / 3;
  }
  return area ? [cx / area, cy / area] : ring[0];
}
