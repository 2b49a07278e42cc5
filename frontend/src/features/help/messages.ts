import type { Messages } from '@/shared/i18n'
import { en as tourEn, zh as tourZh } from './tour/messages'

const messages: Messages = {
  zh: {
    title: '帮助', sections: '帮助栏目', guide: '使用指南', practice: '练习', usage: '使用情况',
    guides: '各岗位指南', mine: '本岗位', noGuide: '这份指南还没有写。', onThisPage: '本页内容',
    band: '事项均为虚构，不计入统计，不通知任何人，不会产生案卷', chip: '练习',
    practiceLead: '用虚构的事项练一遍，规则与真实工作完全相同，每一步马上告诉您好的做法和依据。', start: '开始练习', matters: '{n} 个事项', ownPost: '本岗位', more: '其他岗位', going: '继续上次练习',
    record: '我的练习记录', recordLead: '只有您自己看得到。同意后，您所在区域的督办或部门负责人也能看到；随时可以收回。', consent: '同意上级查看我的练习记录', noRecord: '还没有练习过。', when: '时间', post: '岗位', result: '结果', again: '可再练', remove: '删除这次练习', removed: '已删除', people: '同意公开的练习记录', noPeople: '目前没有人公开练习记录。',
    goodOf: '{good}/{all} 做得好', unfinished: '未完成 {done}/{all}', allGood: '全部做对',
    matter: '第 {n} 件，共 {all} 件', list: '本次事项', message: '诉求原文', place: '位置', placeUnknown: '反映人没有说明', class: '类别', site: '现场所见', back: '回退理由', unit: '您所在部门', limit: '处置时限', beside: '附近的案卷', callBack: '回访反映人', said: '反映人回复',
    what: '您怎么办？', needsReason: '理由', reasonPick: '选一个模板', reasonOwn: '自己写', needsText: '情况说明', needsCondition: '立案条件', needsTarget: '并入哪一件', needsLead: '主办部门', needsCo: '协办部门（可多选，可不选）', needsPhoto: '附处置后照片', choose: '请选择', decide: '提交', refused: '平台会退回：还缺{what}。补上再试。', pickMove: '请先选择怎么办。',
    good: '做得好', fair: '办法对，有瑕疵', wrong: '应改进', why: '依据', better: '好的做法', next: '下一件', finish: '看结果', done: '练习完成', doneLead: '{good} 件做得好，{fair} 件有瑕疵，{wrong} 件应改进。', another: '再练一次', toList: '回到练习首页', open: '待作答',
    lessons: { plain: '按立案条件立案', danger: '有危险时按紧急条件立案', no_place: '没有位置先回访', duplicate: '重复诉求并案', not_ours: '不属本单位或平台', doubtful: '存疑先核实', clear: '按权责派遣', together: '主办与协办', returned: '看清回退理由', ours: '及时响应', ready: '办结附照片', long: '超期前申请延期', done: '核查通过', half: '部分完成不通过', still: '未处置不通过', so: '核实属实', not_so: '核实不属实' },
    period: '时段', days: '近 {n} 天', peopleUsed: '用过平台的人', unused: '没有人用的功能', waits: '无人答复的案卷', ofFunctions: '共 {n} 项功能', longerThan: '超过 {n} 小时没有任何动作',
    few: '少于 {n} 人', fewNote: '人数少于 {n} 的分组不显示，不列姓名，不作个人排名。', perDay: '每天用过平台的人数', functionsTitle: '各项功能', function: '功能', forWhom: '为谁而设', peopleCount: '人数', uses: '次数', last: '最近', nobody: '没有人用', byPost: '各岗位人数',
    silentTitle: '多久没有登录', silentLead: '{n} 天内没有登录过的人数，按部门或岗位，只计数。', group: '部门或岗位', headcount: '在册', away: '没有登录', unansweredTitle: '无人答复', unansweredLead: '停在同一环节、没有任何动作超过所选时间的案卷，最久的在前。', hours: '超过', hoursOf: '{n} 小时', stage: '环节', waiting: '等待中', tooLong: '超过', oldest: '最早', caseNumber: '编号', caseTitle: '事项', since: '停留', noneWaiting: '没有这样的案卷。', owner: '由谁办',
    ownTitle: '我的使用记录', ownLead: '平台为您记了什么：每天每项功能几次，不记内容和时刻，只有您自己看得到，{n} 天后删除。', usedDays: '天数', never: '没有用过', lastLogin: '上次登录 {time}',
    menu: '帮助与引导', takeTour: '看一遍引导', toGuide: '本岗位指南', toPractice: '去练习', keys: '随时可按 Esc 关闭', invite: '第一次来？花一分钟看一遍。', noThanks: '不用', begin: '开始',
    tour: tourZh,
  },
  en: {
    title: 'Help', sections: 'Sections of help', guide: 'Guide', practice: 'Practice', usage: 'Usage',
    guides: 'Guides by post', mine: 'your post', noGuide: 'This guide has not been written yet.', onThisPage: 'On this page',
    band: 'Everything here is invented: nothing counts, nobody is notified and no case is created', chip: 'Practice',
    practiceLead: 'Work through invented cases under exactly the rules of real work. Each step is answered at once with good practice and the reason for it.', start: 'Start', matters: '{n} matters', ownPost: 'your post', more: 'Other posts', going: 'Continue the last one',
    record: 'My record', recordLead: 'Only you can see it. If you agree, the supervisors of your area or the lead of your department can see it too; you can withdraw that at any time.', consent: 'My superiors may see my record', noRecord: 'You have not practised yet.', when: 'When', post: 'Post', result: 'Result', again: 'Worth another try', remove: 'Delete this exercise', removed: 'Deleted', people: 'Records shown to you', noPeople: 'Nobody is sharing a record at present.',
    goodOf: '{good} of {all} good', unfinished: '{done} of {all} answered', allGood: 'all good',
    matter: 'Matter {n} of {all}', list: 'Matters of this exercise', message: 'Message', place: 'Place', placeUnknown: 'not given', class: 'Class', site: 'What you see on site', back: 'Reason for the return', unit: 'Your department', limit: 'Time limit', beside: 'Cases nearby', callBack: 'Call the reporter', said: 'The reporter says',
    what: 'What do you do?', needsReason: 'Reason', reasonPick: 'Pick a template', reasonOwn: 'In my own words', needsText: 'Description', needsCondition: 'Filing condition', needsTarget: 'Merge into', needsLead: 'Lead department', needsCo: 'Co-handlers (none or several)', needsPhoto: 'With a photo of the result', choose: 'Choose', decide: 'Submit', refused: 'The platform would refuse this: {what} is missing. Add it and try again.', pickMove: 'Choose what to do first.',
    good: 'Well done', fair: 'Right, with a flaw', wrong: 'Needs improvement', why: 'Reason', better: 'Good practice', next: 'Next matter', finish: 'See the result', done: 'Exercise finished', doneLead: '{good} well done, {fair} with a flaw, {wrong} need improvement.', another: 'Practise again', toList: 'Back to the exercises', open: 'open',
    lessons: { plain: 'filing under the condition', danger: 'urgent condition where there is danger', no_place: 'calling back for the place', duplicate: 'merging what is the same', not_ours: 'what is not ours', doubtful: 'checking what is doubtful', clear: 'dispatching by duty', together: 'lead and co-handlers', returned: 'reading the return', ours: 'responding in time', ready: 'results with photos', long: 'asking for time before the limit', done: 'passing what is done', half: 'not passing the half done', still: 'not passing what is not done', so: 'confirming', not_so: 'refuting' },
    period: 'Period', days: 'last {n} days', peopleUsed: 'People who used it', unused: 'Functions nobody used', waits: 'Cases nobody answered', ofFunctions: 'of {n} functions', longerThan: 'no move for more than {n} hours',
    few: 'fewer than {n}', fewNote: 'Groups of fewer than {n} people are not shown; no names, no ranking of persons.', perDay: 'People who used the platform, by day', functionsTitle: 'Functions', function: 'Function', forWhom: 'Made for', peopleCount: 'People', uses: 'Uses', last: 'Last', nobody: 'nobody', byPost: 'People by post',
    silentTitle: 'Not logged in', silentLead: 'People who have not logged in for {n} days, by department or post; counts only.', group: 'Department or post', headcount: 'People', away: 'Not logged in', unansweredTitle: 'Unanswered', unansweredLead: 'Cases that have stood in one stage without any move for longer than chosen, oldest first.', hours: 'Longer than', hoursOf: '{n} hours', stage: 'Stage', waiting: 'Waiting', tooLong: 'Too long', oldest: 'Oldest', caseNumber: 'Number', caseTitle: 'Matter', since: 'Waiting for', noneWaiting: 'There are no such cases.', owner: 'With',
    ownTitle: 'My own use', ownLead: 'What is counted about you: how many times a day you used a function; no content, no time of day. Only you can see it; deleted after {n} days.', usedDays: 'Days', never: 'never', lastLogin: 'last log-in {time}',
    menu: 'Help and tour', takeTour: 'Take the tour', toGuide: 'Guide of my post', toPractice: 'Practise', keys: 'Esc closes it at any time', invite: 'New here? Take a minute to look around.', noThanks: 'No, thanks', begin: 'Start',
    tour: tourEn,
  },
}
export default messages
