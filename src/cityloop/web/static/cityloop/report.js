import { call, make, t } from "./api.js";
import { drawMap } from "./map.js";

const $ = (id) => document.getElementById(id);
let spot = null;
// Sent again after a broken connection, it is still the same report.
const id = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;

drawMap($("map"), { small: true, onPick: (lon, lat) => { spot = { lon, lat }; $("spot").textContent = t("已在地图上选好位置。再点可以更改。", "A point is chosen. Tap again to change it."); } }).catch(() => { $("map").hidden = true; });

function problem(words) { $("problem").textContent = words; $("problem").hidden = false; $("problem").scrollIntoView({ block: "center" }); }

async function send(event) {
  event.preventDefault();
  $("problem").hidden = true;
  const text = $("words").value.trim();
  if (!text) { $("words").focus(); return problem(t("请先写一写发生了什么事。", "Please say what the matter is first.")); }
  const body = { external_id: id, text, address: $("address").value.trim(), ...(spot || {}), crs: "wgs84", language: document.documentElement.lang === "en" ? "en" : "zh" };
  if ($("phone").value.trim()) body.reporter = { phone: $("phone").value.trim() };
  $("send").disabled = true;
  try {
    const receipt = await call("/api/v1/public/reports", { method: "POST", body });
    const photo = $("photo").files[0];
    let lost = "";
    if (photo && receipt.follow_key) {
      const form = new FormData();
      form.append("photo", photo);
      await call(`/api/v1/follow/${receipt.follow_key}/photos`, { method: "POST", form }).catch((error) => { lost = error.message; });
    }
    thank(receipt, lost);
  } catch (error) { problem(error.message); $("send").disabled = false; }
}

function thank(receipt, lost) {
  $("report").hidden = true;
  const link = receipt.follow_key ? `/follow/${receipt.follow_key}/` : "";
  $("receipt").replaceChildren(make("h2", {}, t("已经收到，谢谢您！", "Received, thank you!")), make("p", {}, t("您的编号", "Your number"), make("b", { class: "number", id: "number" }, receipt.number)),
    lost ? make("p", { class: "problem" }, t(`照片没有传上：${lost}`, `The photo was not taken: ${lost}`)) : "",
    link ? make("p", {}, t("请收藏下面的查询页面，凭它可以随时看进度、补照片、作评价。查询码只显示这一次。", "Keep the page below: with it you can see progress and rate. The code is shown only once.")) : make("p", {}, t("这件事之前已经提交过。", "This was sent before.")),
    link ? make("a", { class: "main", id: "follow-link", href: link }, t("查看进度", "See progress")) : "");
  $("receipt").hidden = false;
  $("receipt").focus();
}

$("report").addEventListener("submit", send);
