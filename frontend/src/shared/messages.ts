// Words that several rooms say.
import type { Messages } from './i18n'

const messages: Messages = {
  zh: {
    brand: '城环', skip: '跳到正文', loading: '正在载入…', retry: '重试', save: '保存', cancel: '取消', close: '关闭', back: '返回', search: '搜索', more: '更多',
    confirm: '确定', remove: '删除', edit: '修改', add: '新增', none: '无', all: '全部', yes: '是', no: '否', logIn: '登录', logOut: '退出登录', language: 'English', theme: '外观',
    themes: { system: '跟随系统', light: '浅色', dark: '深色' }, menu: '菜单', main: '主导航', synthetic: '演示数据：地名、人员与案卷均为虚构', practice: '练习模式：不计入统计，不通知任何人',
    loggedOut: '登录已过期，请重新登录。已填写的内容会保留。', offline: '网络已断开', notFound: '没有这个页面', notFoundHelp: '地址可能有误，或页面已移动。', home: '回到首页', empty: '没有内容', updated: '更新于 {time}', help: '帮助', print: '打印',
    late: '超期', near: '临期', left: '剩 {time}', over: '超 {time}', minutes: '{n} 分钟', hours: '{n} 小时', days: '{n} 天', ago: '{time}前', justNow: '刚刚', paused: '计时暂停',
    places: { none: '没有找到这个地点，可继续输入文字说明', many: '{n} 个候选，用上下键选择', whole: '{area}{name}', find: '查找地点' },
  },
  en: {
    brand: 'CityLoop', skip: 'Skip to content', loading: 'Loading…', retry: 'Try again', save: 'Save', cancel: 'Cancel', close: 'Close', back: 'Back', search: 'Search', more: 'More',
    confirm: 'OK', remove: 'Delete', edit: 'Edit', add: 'Add', none: 'None', all: 'All', yes: 'Yes', no: 'No', logIn: 'Log in', logOut: 'Log out', language: '中文', theme: 'Appearance',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' }, menu: 'Menu', main: 'Main', synthetic: 'Demonstration: places, people and cases are invented', practice: 'Practice: not counted, nobody is notified',
    loggedOut: 'Your session has ended; please log in again. What you entered is kept.', offline: 'No network', notFound: 'Page not found', notFoundHelp: 'The address may be wrong, or the page may have moved.', home: 'Home', empty: 'Nothing here', updated: 'updated {time}', help: 'Help', print: 'Print',
    late: 'Overdue', near: 'Due soon', left: '{time} left', over: '{time} over', minutes: '{n} min', hours: '{n} h', days: '{n} d', ago: '{time} ago', justNow: 'just now', paused: 'clock paused',
    places: { none: 'No matching place; your own words are fine', many: '{n} suggestions, choose with the arrow keys', whole: '{name}, {area}', find: 'Find a place' },
  },
}
export default messages
