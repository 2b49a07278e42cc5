// Live events: the browser itself resumes with Last-Event-ID.
import { t } from "./api.js";

export const KINDS = {
  receive: ["收到上报", "received"], file: ["立案", "filed"], reject: ["不予立案", "rejected"], ask_check: ["派核实", "sent to check"], confirm: ["核实属实", "check: so"], refute: ["核实不属实", "check: not so"],
  dispatch: ["派遣", "dispatched"], accept: ["部门响应", "accepted"], return: ["回退", "returned"], feed_back: ["反馈", "fed back"], finish: ["处置完成", "handled"], pass: ["核查通过", "verified"], fail: ["返工", "rework"], send_back: ["退回返工", "sent back"],
  close: ["结案", "closed"], rate: ["市民评价", "rated"], lapse: ["评价期满", "rating lapsed"], reopen: ["重新办理", "reopened"], merge: ["并案", "merged"], absorb: ["并入诉求", "absorbed"], split: ["分办", "split"], branch: ["分办立案", "branch"], join: ["分办办结", "joined"], settle: ["自办自结", "settled on the spot"], withdraw: ["撤回", "withdrawn"], reroute: ["改派", "re-routed"],
  urge: ["督办", "urged"], late: ["超时", "overdue"], near: ["即将超时", "nearly due"], escalate: ["逐级提醒", "escalated"], reclassify: ["更正类别", "reclassified"], relocate: ["更正位置", "relocated"], comment: ["备注", "comment"], photo: ["照片", "photo"], suspended: ["挂账", "suspended"], resume: ["恢复办理", "resumed"],
  ask_extension: ["申请延期", "asks extension"], ask_suspension: ["申请挂账", "asks suspension"], ask_appeal: ["申诉", "appeals"], extension_first: ["延期一级同意", "extension: first"], extension_granted: ["同意延期", "extension granted"], extension_refused: ["不同意延期", "extension refused"], suspension_first: ["挂账一级同意", "suspension: first"], suspension_granted: ["同意挂账", "suspension granted"], suspension_refused: ["不同意挂账", "suspension refused"], appeal_first: ["申诉一级同意", "appeal: first"], appeal_granted: ["申诉成立", "appeal granted"], appeal_refused: ["申诉不成立", "appeal refused"],
};
export const kindName = (kind) => { const [app, name] = kind.split("."); const found = KINDS[name]; return (app === "task" ? t("任务", "task ") : "") + (found ? t(...found) : name); };

export function listen({ after = null, onEvent, onState }) {
  const source = new EventSource(`/api/v1/live${after === null ? "" : `?last_event_id=${after}`}`);
  source.addEventListener("case", (event) => onEvent(JSON.parse(event.data)));
  source.addEventListener("reset", () => onEvent(null));
  source.onopen = () => onState(true);
  source.onerror = () => onState(false);
  return source;
}
