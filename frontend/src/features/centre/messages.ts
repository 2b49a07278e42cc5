import type { Messages } from '@/shared/i18n'

const messages: Messages = {
  zh: {
    title: '运行中心', heading: '{area} · 运行管理中心', path: '区域', asOf: '数据时间 {time}', live: '实时', offline: '实时连接中断，正在重连', screen: '大屏', leave: '退出大屏',
    period: '统计期', days: '近 {n} 天', cases: '件', casesN: '{n} 件', people: '人', all: '查看案卷',
    today: '今日（件）', reported: '上报', filed: '立案', closed: '结案', yesterday: '昨日此时 {n}', weekAgo: '上周此时 {n}', whole: '昨日全天 {n}', same: '持平',
    now: '当前在办', open: '在办', near: '临期', late: '超期', nearShort: '临期', lateShort: '超期', unanswered: '未响应', longUnanswered: '超 24 小时 {n}', ofOpen: '占在办 {share}', states: '在办案卷按状态',
    rates: '三率与质量', response: '响应率', solving: '解决率', satisfaction: '满意率', auto_share: '自动派遣', auto_accuracy: '派遣准确', on_time: '按时处置', no_rework: '一次办好', of: '{good} / {whole}', before: '上期 {value}', noAnswers: '尚无数据',
    ratesNote: '统计近 {n} 天收到的案卷；箭头为与上一统计期相比',
    units: '部门办理成效', outcome: '成效', unit: '部门', handled: '办结', solved: '解决', onTime: '按时', pleased: '满意', notRanked: '办结不足 5 件，不排名', unitsNote: '按结果排名：解决 40%、按时 25%、满意 20%、一次办好 15%；不按数量',
    hot: '高发类别', hotNote: '与上一统计期相比', newly: '新增', areas: '下级区域', area: '区域', areasNote: '超期多的在前', noAreas: '此网格内没有更小的区域', noHot: '统计期内没有案卷',
    trend: '每日上报与结案', trendLabel: '近 {n} 天：上报 {reported} 件，结案 {closed} 件；最多的一天是 {day}，上报 {most} 件', perDay: '{day} 上报 {reported} 结案 {closed}',
    pickDay: '选择一天', feed: '实时动态', pause: '暂停', resume: '继续', held: '{n} 条新动态', noFeed: '等待新的动态…',
    map: '辖区地图。同样的数字在“下级区域”表中。', shade: '着色', dots: '点位', shades: { open: '在办量', late: '超期量', duty: '在岗' }, dot: { none: '无', late: '超期', all: '全部在办' },
    legend: { subdistrict: '每街道', community: '每社区', cell: '每网格', open: '在办件数', late: '超期件数', duty: '网格由谁负责', more: '{from} 以上' },
    duty: { on_duty: '在岗', next_rank: '替班在岗', community: '社区负责', nobody: '无人', workers: '在岗网格员 {n} 人', zoom: '放大后按网格显示' }, unplaced: '{n} 件没有坐标，未画在图上', openCase: '打开案卷 {number}', closeCard: '关闭',
    up: '返回 {area}', whose: '您有权查看的案卷',
    did: { receive: '上报', file: '立案', reject: '不予立案', check: '派核实', dispatch: '派遣', reroute: '改派', accept: '部门响应', feed_back: '反馈', finish: '处置完成', return: '回退', pass: '核查通过', fail: '核查不通过', close: '结案', rate: '市民评价', reopen: '重新办理', near: '即将超期', late: '超期', escalate: '逐级督促', urge: '督办', merge: '并案', split: '分办', suspend: '挂账', withdraw: '撤回', lapse: '评价期满', photo: '补充照片', task_late: '任务超时', branch: '分出子案', join: '子案办结', absorb: '并入重复', extension_granted: '延期获批', extension_refused: '延期未批', suspension_granted: '挂账获批', suspension_refused: '挂账未批', appeal_granted: '申诉成立', appeal_refused: '申诉不成立', extension_first: '延期初审', suspension_first: '挂账初审', appeal_first: '申诉初审', other: '有变化' },
  },
  en: {
    title: 'Operations centre', heading: '{area} · Operations centre', path: 'Area', asOf: 'as of {time}', live: 'Live', offline: 'Live updates interrupted, reconnecting', screen: 'Full screen', leave: 'Exit full screen',
    period: 'Period', days: 'Last {n} days', cases: 'cases', casesN: '{n} cases', people: 'people', all: 'Show cases',
    today: 'Today (cases)', reported: 'Reported', filed: 'Filed', closed: 'Closed', yesterday: 'same time yesterday {n}', weekAgo: 'same time last week {n}', whole: 'whole of yesterday {n}', same: 'same',
    now: 'Open now', open: 'Open', near: 'Due soon', late: 'Overdue', nearShort: 'Due', lateShort: 'Late', unanswered: 'No response', longUnanswered: '{n} for over 24 h', ofOpen: '{share} of open', states: 'Open cases by state',
    rates: 'Rates and quality', response: 'Responded', solving: 'Solved', satisfaction: 'Satisfied', auto_share: 'Auto-dispatched', auto_accuracy: 'Correctly dispatched', on_time: 'Handled on time', no_rework: 'Right first time', of: '{good} / {whole}', before: 'before {value}', noAnswers: 'no data yet',
    ratesNote: 'Cases received in the last {n} days; arrows compare with the period before',
    units: 'Departments by outcome', outcome: 'Score', unit: 'Department', handled: 'Handled', solved: 'Solved', onTime: 'On time', pleased: 'Happy', notRanked: 'fewer than 5 handled, not ranked', unitsNote: 'By result: solved 40%, on time 25%, satisfied 20%, right first time 15%; not by volume',
    hot: 'Most reported', hotNote: 'compared with the period before', newly: 'new', areas: 'Areas', area: 'Area', areasNote: 'most overdue first', noAreas: 'There are no smaller areas within this cell', noHot: 'No cases in this period',
    trend: 'By day', trendLabel: 'Last {n} days: {reported} reported, {closed} closed; most on {day}, {most} reported', perDay: '{day}: {reported} reported, {closed} closed',
    pickDay: 'Pick a day', feed: 'Live feed', pause: 'Pause', resume: 'Resume', held: '{n} new', noFeed: 'Waiting for events…',
    map: 'Map of the area. The same figures are in the table “Areas”.', shade: 'Colour', dots: 'Dots', shades: { open: 'Open', late: 'Overdue', duty: 'On duty' }, dot: { none: 'None', late: 'Overdue', all: 'All open' },
    legend: { subdistrict: 'per subdistrict', community: 'per community', cell: 'per cell', open: 'Open cases', late: 'Overdue cases', duty: 'Who answers for a cell', more: '{from} or more' },
    duty: { on_duty: 'on duty', next_rank: 'stand-in on duty', community: 'community', nobody: 'uncovered', workers: '{n} workers on duty', zoom: 'zoom in to see cells' }, unplaced: '{n} cases have no location and are not shown', openCase: 'Open case {number}', closeCard: 'Close',
    up: 'Back to {area}', whose: 'cases you may see',
    did: { receive: 'reported', file: 'filed', reject: 'not filed', check: 'check requested', dispatch: 'dispatched', reroute: 're-routed', accept: 'department responded', feed_back: 'update given', finish: 'handled', return: 'returned', pass: 'verified', fail: 'failed verification', close: 'closed', rate: 'citizen rated', reopen: 'reopened', near: 'due soon', late: 'overdue', escalate: 'escalated', urge: 'urged', merge: 'merged', split: 'split', suspend: 'suspended', withdraw: 'withdrawn', lapse: 'rating period over', photo: 'photo added', task_late: 'task overdue', branch: 'child case', join: 'child case done', absorb: 'duplicate merged', extension_granted: 'extension granted', extension_refused: 'extension refused', suspension_granted: 'suspension granted', suspension_refused: 'suspension refused', appeal_granted: 'appeal granted', appeal_refused: 'appeal refused', extension_first: 'extension, first approval', suspension_first: 'suspension, first approval', appeal_first: 'appeal, first approval', other: 'changed' },
  },
}
export default messages
