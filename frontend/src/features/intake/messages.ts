// Words of the operator's page; what is read out is meant to be said aloud.
import type { Messages } from '@/shared/i18n'

const messages: Messages = {
  zh: {
    title: '来电登记', toAsk: '{n} 件待评价，可以回访', caller: '来电人', phone: '来电号码', name: '称呼', nameHint: '例如：王女士', confidential: '要求保密',
    phoneNote: '输完号码按回车，先看以前报过什么（查询会留痕）。来电人不愿留号码可以空着。', first: '这个号码第一次来电。', earlier: '这个号码报过 {n} 件，{open} 件还在办。问清是不是同一件，是就记到那一件上。', showAll: '全部 {n} 件',
    say: '催办或补充', sayHint: '来电人怎么说？办理的人会看到。', saySend: '记到这一件', said: '已记到 {number}。', saidBy: '已记到 {number}。可以告诉来电人：{who}正在办，应在 {time} 前有结果。',
    matter: '事情', matterN: '第 {n} 件', dropN: '删除第 {n} 件', words: '来电人说了什么', noWords: '请先写下来电人说的事。',
    several: '好像说了 {n} 件事。分开登记，几家单位可以同时办。', split: '拆成 {n} 件',
    where: '在哪里', whereHint: '路名、小区、附近的店', whereRead: '位置：{place}', whereAsk: '还不知道在哪。可以问：哪条路？靠近哪个小区、店铺或公交站？问不到也可以登记，由受理员回电。', whereOffer: '是不是：',
    heardLater: '边听边写。这里会显示附近有没有人报过、该归哪一类、谁来办、多久办完。',
    grave: '这类事可能有危险。先问人是否安全；有人受伤、着火、漏气，请对方立即拨 110、119、120，或马上转接。', graveWords: '提到“{words}”。先问人是否安全；有人受伤、着火、漏气，请对方立即拨 110、119、120，或马上转接。',
    alike: '附近正在办，问一句是不是同一件', same: '是同一件', isSame: '✓ 同一件', sameAs: '{what}：{title}', samePlace: '同一地点', sameCommunity: '同一社区', joinsNote: '登记后并入 {number}；来电人有自己的编号，有结果一并告知。',
    class: '归哪一类', bySystem: '按系统判断：{name}', byAcceptor: '拿不准，交给受理员', handling: '将由{who}办理，时限 {limit}。', someone: '派遣员确定的单位',
    take: '登记', takeN: '登记 {n} 件', another: '再记一件', clear: '清空', kept: '写好的内容还在，可以再点一次“登记”，不会重复。', leaveAsk: '这个来电还没有登记，离开就没有了。确定离开吗？',
    waiting: '又有来电：{phone}。请先登记眼前这个。', takeWaiting: '放弃眼前的，接这个',
    done: '已登记 {n} 件', readOut: '挂断前念给对方听', readNew: '您反映的“{title}”已经登记。', readJoined: '您反映的“{title}”已经有人报过、正在办理，我们并在一起，有结果同样告诉您。', readJoinedBy: '您反映的“{title}”已经有人报过，{who}正在办，应在 {time} 前有结果；我们并在一起，有结果同样告诉您。',
    readPromise: '{accept}内有人受理，{respond}内办理单位回应，{feed}内告诉您办理情况；办完还会请您评价。', readBack: '办理中会打这个号码联系您。想问进度，拨 {phone} 报编号就行。', readAsk: '您没有留号码，想问进度请拨 {phone} 报编号。',
    number: '编号', openCase: '看案卷', notJoined: '没能并案，已单独成案：', next: '下一个电话', print: '打印回执', slip: '受理回执', slipHow: '扫码或拨打 {phone} 报编号，可查进度、补充和评价。',
  },
  en: {
    title: 'Take a call', toAsk: '{n} closed: ask how it went', caller: 'Caller', phone: 'Caller’s number', name: 'Name', nameHint: 'e.g. Ms Wang', confidential: 'Wants confidentiality',
    phoneNote: 'Press Enter after the number to see earlier reports first (the look-up goes on record). Leave it empty if the caller prefers.', first: 'First call from this number.', earlier: '{n} reported from this number, {open} still open. If this is one of them, add to it instead.', showAll: 'All {n}',
    say: 'Chase or add', sayHint: 'What does the caller say? The people working on it will read this.', saySend: 'Add to this case', said: 'Added to {number}.', saidBy: 'Added to {number}. You can tell the caller: {who} is on it, a result is due by {time}.',
    matter: 'The matter', matterN: 'Matter {n}', dropN: 'Delete matter {n}', words: 'What the caller says', noWords: 'Write down what the caller says first.',
    several: 'This sounds like {n} matters. Taken separately, several departments can start at once.', split: 'Split into {n}',
    where: 'Where', whereHint: 'Street, estate, a shop nearby', whereRead: 'Place: {place}', whereAsk: 'No place yet. Ask: which street? Which estate, shop or bus stop is near? It can be taken without one; the acceptor will ring back.', whereOffer: 'Is it:',
    heardLater: 'Write while you listen. This shows whether it is reported already, its class, who handles it and by when.',
    grave: 'This kind of matter can be dangerous. Ask first whether everybody is safe; if someone is hurt, there is a fire or gas, tell the caller to ring 110, 119 or 120 now, or put them through.', graveWords: 'They mention “{words}”. Ask first whether everybody is safe; if someone is hurt, there is a fire or gas, tell the caller to ring 110, 119 or 120 now, or put them through.',
    alike: 'Open nearby: ask whether it is the same', same: 'The same', isSame: '✓ The same', sameAs: '{what}: {title}', samePlace: 'same place', sameCommunity: 'same community', joinsNote: 'Joins {number}. The caller gets a number of their own and hears of the result.',
    class: 'Class', bySystem: 'As the system has it: {name}', byAcceptor: 'Not sure: leave it to the acceptor', handling: '{who} will handle it; limit {limit}.', someone: 'A department chosen by the dispatcher',
    take: 'Register', takeN: 'Register {n}', another: 'Another matter', clear: 'Clear', kept: 'What you wrote is still here; press Register again, nothing is doubled.', leaveAsk: 'This call is not registered yet and would be lost. Leave anyway?',
    waiting: 'Another call: {phone}. Register this one first.', takeWaiting: 'Drop this one and take it',
    done: '{n} registered', readOut: 'Read out before you hang up', readNew: '“{title}” is registered.', readJoined: '“{title}” has been reported before and is being worked on. We have put yours with it, and you will hear of the result too.', readJoinedBy: '“{title}” has been reported before; {who} is on it and a result is due by {time}. We have put yours with it, and you will hear of the result too.',
    readPromise: 'Someone looks at it within {accept}, the department responds within {respond}, and you hear what is being done within {feed}. Afterwards we ask you how it went.', readBack: 'We may ring this number. To ask how it is going, call {phone} and quote the number.', readAsk: 'You left no number; to ask how it is going, call {phone} and quote the reference.',
    number: 'Reference', openCase: 'Open the case', notJoined: 'It could not be joined and stands as a case of its own:', next: 'Next call', print: 'Print a slip', slip: 'Receipt', slipHow: 'Scan the code, or call {phone} and quote the number, to check progress, add details or give feedback.',
  },
}
export default messages
