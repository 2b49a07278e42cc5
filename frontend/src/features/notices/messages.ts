// Words of what staff are told at their posts.
import type { Messages } from '@/shared/i18n'

const messages: Messages = {
  zh: { title: '提醒', unread: '提醒，{n} 条未读', none: '暂无提醒。热点预警、早期预警、模型停用，反映人催问超期案卷，以及对本岗位的督办、返工和延期、挂账、申诉的审批结果，会在这里告知，每次只告知一回。', fresh: '新', failed: '提醒没有取到，稍后自动重试。' },
  en: { title: 'Notices', unread: 'Notices, {n} unread', none: 'Nothing yet. Alarms of hot issues, early warnings, stopped models, reporters who ask again about an overdue case, urges, returned work and decisions on what you asked for are told here, once each.', fresh: 'new', failed: 'Notices could not be fetched; it is tried again by itself.' },
}
export default messages
