// Words of the help that stands under a reply while it is written.
import type { Messages } from '@/shared/i18n'

const messages: Messages = {
  zh: {
    toMend: '发送前请看一看（{n} 处）', fine: '称呼、查明情况、办理措施、时间和联系方式都写到了。', show: '定位', draft: '参考相似案卷起草', drafting: '正在查找相似案卷…',
    none: '已比对 {n} 件同类已结案卷，没有足够相似的，请自行撰写。', taken: '已放入草稿，请逐句核对，填写“＿＿”处；不会自动发送。', sources: '参考案卷', alike: '相似度 {n}%', replace: '替换已写内容', add: '接在已写内容之后',
  },
  en: {
    toMend: 'Look at this before sending ({n})', fine: 'Greeting, finding, action, time and contact are all there.', show: 'Show', draft: 'Draft from similar cases', drafting: 'Looking for similar cases…',
    none: '{n} closed cases of this class compared, none is similar enough; please write it yourself.', taken: 'A draft is in the field. Check every sentence and fill in “＿＿”; nothing is sent by itself.', sources: 'Taken from', alike: '{n}% alike', replace: 'Replace what is written', add: 'Add to what is written',
  },
}
export default messages
