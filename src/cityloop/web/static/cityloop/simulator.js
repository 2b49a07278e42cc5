// The demo's simulator: started, stopped and sped up from the note at the top.
import { call, make, t } from "./api.js";

const SPEEDS = [1, 10, 60, 300, 1200, 3600];
export async function showSimulator(box) {
  const town = await call("/api/v1/demo").catch(() => null);
  if (!town || !box) return;
  const change = async (given) => { Object.assign(town, await call("/api/v1/demo", { method: "PATCH", body: given })); draw(); };
  function draw() {
    const select = make("select", { "aria-label": t("模拟速度", "Simulation speed"), onchange: (event) => change({ speed: Number(event.target.value) }) },
      SPEEDS.map((speed) => make("option", { value: speed, selected: speed === town.speed }, `×${speed}`)));
    const toggle = make("button", { class: "plain", type: "button", onclick: () => change({ runs: !town.runs }) }, town.runs ? t("暂停", "Pause") : t("启动", "Start"));
    box.replaceChildren(make("span", {}, town.runs ? t("模拟器运行中", "Simulator runs") : t("模拟器已暂停", "Simulator paused")), select, toggle);
    box.hidden = false;
  }
  draw();
}
