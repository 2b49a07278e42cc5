import type { Messages } from '@/shared/i18n'

const messages: Messages = {
  zh: {
    title: '导入地理数据', lead: '建筑、道路、区划、地址等从文件导入。先试运行：在地图上查看前若干个要素与逐行报告，确认后才写入。',
    file: '文件', fileHelp: 'OSM（.osm、.osm.pbf）、GeoJSON、GeoPackage、shapefile 压缩包、CSV/XLSX 地址表、SUMO 路网，至多 256 MB', choose: '选择文件', noFile: '尚未选择文件',
    mapping: '映射', mappingHelp: '文件中的哪些内容成为哪类要素', crs: '坐标系', own: '按文件所注明', other: '其他 EPSG 编号', epsg: 'EPSG 编号，例如 EPSG:4549', crsHelp: '文件未注明时必须声明；高德、腾讯为 GCJ-02，百度为 BD-09',
    anchor: '原点位置（经度,纬度）', anchorHelp: '仅无投影的路网需要', try: '试运行', trying: '正在读取文件，大文件可能需要一两分钟…', confirm: '确认导入', confirming: '正在写入…', dry: '试运行完成，尚未写入。', written: '已导入。', nothing: '未写入任何内容：请按报告更正后重试。',
    read: '读取', new: '新增', changed: '变更', same: '未变', refused: '拒收', repaired: '已修复', skipped: '略过', kind: '类别', ended: '停用', outside: '不在网格内', preview: '前 {n} 个要素的位置；同样内容见下方报告', rows: '拒收的行', place: '位置', why: '原因', todo: '怎么办', more: '另有 {n} 行，命令行 --report 可取得全部', mended: '修复的几何', change: '面积变化', left: '略过的原因', unread: '无法识别的字段值', homes: '未给出户数', system: '坐标系', remarks: '说明', again: '换一个文件', none: '文件中没有可导入的要素：请检查映射与坐标系。',
  },
  en: {
    title: 'Import geography', lead: 'Buildings, streets, areas and addresses from files. Tried first: see the first features on the map and the report row by row; nothing is written before you confirm.',
    file: 'File', fileHelp: 'OSM (.osm, .osm.pbf), GeoJSON, GeoPackage, zipped shapefile, CSV/XLSX addresses, SUMO network; at most 256 MB', choose: 'Choose a file', noFile: 'No file chosen yet',
    mapping: 'Mapping', mappingHelp: 'what of the file becomes which kind', crs: 'Coordinate system', own: 'as the file says', other: 'another EPSG number', epsg: 'EPSG number, e.g. EPSG:4549', crsHelp: 'must be declared where the file is silent; AMap and Tencent use GCJ-02, Baidu BD-09',
    anchor: 'Place of the origin (lon,lat)', anchorHelp: 'only for networks without projection', try: 'Try it', trying: 'Reading the file; a large one may take a minute or two…', confirm: 'Import it', confirming: 'Writing…', dry: 'Tried; nothing is written yet.', written: 'Imported.', nothing: 'Nothing was written: correct what the report names and try again.',
    read: 'read', new: 'new', changed: 'changed', same: 'same', refused: 'refused', repaired: 'repaired', skipped: 'left out', kind: 'Kind', ended: 'ended', outside: 'in no cell', preview: 'Where the first {n} features lie; the report below says the same', rows: 'Refused rows', place: 'Place', why: 'Why', todo: 'What to do', more: '{n} rows more; the command line gives all with --report', mended: 'Repaired shapes', change: 'change of area', left: 'Why left out', unread: 'Values not understood', homes: 'without households', system: 'Coordinate system', remarks: 'Remarks', again: 'Another file', none: 'Nothing in the file can be imported: check the mapping and the coordinate system.',
  },
}
export default messages
