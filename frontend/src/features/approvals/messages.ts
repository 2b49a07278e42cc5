import type { Messages } from '@/shared/i18n'

const messages: Messages = {
  zh: {
    title: '审批', waiting: '待我审批', mine: '我申请或审批过的', none: '没有待您审批的申请。', noneMine: '您还没有申请或审批过。', asks: '{who} 申请{kind}', dueAt: '须在 {time} 前审批，逾期申请失效', reason: '申请理由', first: '一级意见', decision: '审批意见', effect: '同意后的效果', earlier: '此前申请', never: '无', 
    extension: '处置截止由 {before} 延至 {after}（再加一个原时限：{limit}）', suspension: '现在起计时暂停，{resumes} 自动恢复；恢复后处置截止约为 {after}', appeal: '超时记录退出统计，仍显示“超期已免责”', notApply: '案卷状态已变，该申请不再适用，只能不同意。', isFinal: '本级同意即生效。', isFirst: '本级同意后转区级督办作二级审批。', grant: '同意', refuse: '不同意', your: '审批意见（必填）', done: '已{what}：{number}', state: '状态', clock: '目前时限', granted: '同意', refused: '不同意',
  },
  en: {
    title: 'Approvals', waiting: 'Waiting for me', mine: 'Requested or decided by me', none: 'No requests are waiting for your decision.', noneMine: 'You have not requested or decided anything yet.', asks: '{who} asks: {kind}', dueAt: 'to be decided by {time}, or it lapses', reason: 'Reason', first: 'First level', decision: 'Decision', effect: 'If granted', earlier: 'Earlier requests', never: 'none',
    extension: 'The result is due {after} instead of {before} (one original limit more: {limit})', suspension: 'The clock stands from now until {resumes}; the result is then due about {after}', appeal: 'The overdue mark leaves the statistics and stays visible as exempt', notApply: 'The case has moved on: this request no longer applies; it can only be refused.', isFinal: 'Granting takes effect at once.', isFirst: 'After this level the district supervisor decides.', grant: 'Grant', refuse: 'Refuse', your: 'Your comments (required)', done: '{what}: {number}', state: 'State', clock: 'Clock now', granted: 'Granted', refused: 'Refused',
  },
}
export default messages
