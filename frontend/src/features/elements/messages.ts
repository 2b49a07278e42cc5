import type { Messages } from '@/shared/i18n'

const messages: Messages = {
  zh: {
    title: '要素登记', lead: '人地事物组织：每一要素都落在网格中，每次变更都留有沿革。',
    tabs: { registers: '登记册', due: '待巡检' }, families: { people: '人（户数）', place: '地', matter: '事', thing: '物（部件）', organisation: '组织' },
    kind: '类别', allKinds: '显示空类别', kinds: '要素类别', noKinds: '还没有要素类别。', takeKinds: '登记方案中的类别', kindsTaken: '已登记 {n} 个类别。',
    find: '名称、地址或编码', area: '区域', wholeCity: '全市', none: '该类别还没有要素。可从文件导入，或逐个新增。', noneFound: '没有符合条件的要素。请更换关键词或区域。',
    code: '编码', name: '名称', nameEn: '英文名称', address: '地址', community: '社区', cell: '网格', households: '户数', position: '位置', since: '自', version: '第 {n} 版', source: '来源', synthetic: '合成数据', sources: { 'cityloop-district': '合成城区' }, inspected: '最近巡检', never: '未巡检', outside: '网格外', noName: '未命名',
    list: '要素列表', listed: '已列出 {n}，共 {all}', map: '要素地图；同样的内容见列表', mapPart: '地图仅显示其中 {n} 个，放大后显示全部。', mapNone: '此范围内没有该类要素。', showMap: '地图', own: '自有字段', noOwn: '没有自有字段。',
    export: '导出', import: '导入', add: '新增要素', edit: '修改', retire: '注销', retired: '已于 {time} 注销', saved: '已保存为第 {n} 版。', added: '已新增，编码 {code}。',
    history: '沿革', first: '登记', nothingElse: '图形或来源有更新', inspections: '巡检记录', noInspections: '还没有巡检记录。', results: { fine: '完好', defect: '损坏', gone: '缺失' },
    inspect: '记录巡检', note: '说明', noteHint: '损坏时须说明情况；损坏或缺失将自动上报并立案办理。', recorded: '已记录。', reported: '已记录，将自动生成上报。',
    retireText: '注销后不再出现在登记册、地图与巡检中，沿革保留。', reason: '原因', retireDone: '已注销。',
    lon: '经度', lat: '纬度', pick: '在地图上点选位置，或填写经纬度（WGS84）。', codeHint: '留空则自动编号', geometryKept: '图形保持不变；如需更换图形，请从文件导入。', choose: '请选择', shape: '该类要素为{shape}，请从文件导入；此处可新增点状要素。', shapes: { line: '线', polygon: '面' },
    file: { title: '导入：{kind}', text: 'GeoJSON、CSV、XLSX。列名可用中文或英文：编码、名称、英文名、地址、经度、纬度、几何（WKT）、户数；其余列按自有字段读取。先预演，确认后写入；有问题的行逐行说明，不影响其他行。', choose: '选择文件', crs: '坐标系', repair: '修复自相交图形', ends: '注销文件中没有的（仅限由文件导入的要素）', reading: '正在读取…', dry: '以下为预演结果，尚未写入。', done: '已写入。', take: '确认写入', new: '新增', changed: '变更', same: '不变', ended: '注销', outside: '网格外', refused: '未采用', row: '行', why: '原因', more: '仅列出前 {n} 行。', nothing: '没有可写入的行。' },
    due: { title: '待巡检', lead: '部件按类别与区域的周期巡检，逾期最久的在前。', count: '共 {n} 个', shown: '，列出前 {n} 个', none: '没有到期的部件。可将期限改为 30 天内，查看即将到期的部件。', dueAt: '应巡检', late: '逾期 {n} 天', in: '{n} 天后', today: '今天', within: '期限', withins: { 0: '已到期', 7: '7 天内', 30: '30 天内' }, allKinds: '全部类别', plans: '巡检计划', everyDays: '每 {n} 天', default: '类别默认', setPlan: '设定计划', days: '周期（天）', endPlan: '终止', planned: '计划已生效。', noPlans: '没有另设计划，按类别默认周期巡检。', where: '范围', rhythm: '周期' },
  },
  en: {
    title: 'Registers', lead: 'People (counted), places, matters, things, organisations: each in its cell, every change kept.',
    tabs: { registers: 'Registers', due: 'Inspections due' }, families: { people: 'People (counts)', place: 'Places', matter: 'Matters', thing: 'Things (components)', organisation: 'Organisations' },
    kind: 'Kind', allKinds: 'Show empty kinds', kinds: 'Kinds of elements', noKinds: 'No kinds are declared yet.', takeKinds: 'Declare the kinds of the profile', kindsTaken: '{n} kinds declared.',
    find: 'Name, address or code', area: 'Area', wholeCity: 'Whole city', none: 'Nothing of this kind is registered yet. Import a file, or add one.', noneFound: 'Nothing matches. Try other words or another area.',
    code: 'Code', name: 'Name', nameEn: 'English name', address: 'Address', community: 'Community', cell: 'Cell', households: 'Households', position: 'Position', since: 'Since', version: 'Version {n}', source: 'Source', synthetic: 'Synthetic', sources: { 'cityloop-district': 'synthetic district' }, inspected: 'Last inspected', never: 'never', outside: 'outside cells', noName: 'no name',
    list: 'Elements', listed: '{n} of {all} listed', map: 'Map of elements; the list says the same', mapPart: 'The map shows {n} of them; zoom in to see all.', mapNone: 'None of this kind within the map.', showMap: 'Map', own: 'Own fields', noOwn: 'No own fields.',
    export: 'Export', import: 'Import', add: 'Add an element', edit: 'Change', retire: 'Retire', retired: 'Retired on {time}', saved: 'Saved as version {n}.', added: 'Added with the code {code}.',
    history: 'History', first: 'registered', nothingElse: 'shape or source renewed', inspections: 'Inspections', noInspections: 'Not inspected yet.', results: { fine: 'in order', defect: 'damaged', gone: 'missing' },
    inspect: 'Record an inspection', note: 'Note', noteHint: 'Needed with damage. Damage or loss is reported and handled as a case.', recorded: 'Recorded.', reported: 'Recorded; a report follows by itself.',
    retireText: 'It will no longer be listed, mapped or inspected; its history stays.', reason: 'Reason', retireDone: 'Retired.',
    lon: 'Longitude', lat: 'Latitude', pick: 'Pick the place on the map, or give longitude and latitude (WGS84).', codeHint: 'Left empty, it is numbered', geometryKept: 'The shape stays; import a file to replace it.', choose: 'Choose', shape: 'Elements of this kind are {shape}: import them from a file. Points are added here.', shapes: { line: 'lines', polygon: 'areas' },
    file: { title: 'Import: {kind}', text: 'GeoJSON, CSV or XLSX. Columns: code, name, name_en, address, lon, lat, wkt, households, or their Chinese names; the others are read as own fields. First a dry run, then it is taken; each bad row is named and does not stop the others.', choose: 'Choose a file', crs: 'Coordinates', repair: 'Mend shapes that cross themselves', ends: 'Retire what the file no longer has (of those that came from files)', reading: 'Reading…', dry: 'A dry run: nothing is written yet.', done: 'Taken.', take: 'Take it', new: 'New', changed: 'Changed', same: 'Unchanged', ended: 'Retired', outside: 'Outside cells', refused: 'Refused', row: 'Row', why: 'Why', more: 'The first {n} rows are listed.', nothing: 'No row can be taken.' },
    due: { title: 'Inspections due', lead: 'Components in the rhythm of their kind and area, the longest overdue first.', count: '{n} in all', shown: ', the first {n} are listed', none: 'Nothing is due. Choose “within 30 days” to see what comes next.', dueAt: 'Due', late: '{n} d late', in: 'in {n} d', today: 'today', within: 'Due', withins: { 0: 'now', 7: 'within 7 days', 30: 'within 30 days' }, allKinds: 'All kinds', plans: 'Plans', everyDays: 'every {n} days', default: 'of the kind', setPlan: 'Set a plan', days: 'Every (days)', endPlan: 'End', planned: 'The plan is in force.', noPlans: 'No plans of areas; the rhythm of each kind applies.', where: 'Where', rhythm: 'Rhythm' },
  },
}
export default messages
