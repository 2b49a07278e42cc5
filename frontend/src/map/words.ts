// What the map itself says, for its buttons and for screen readers.
export const words = {
  zh: {
    'NavigationControl.ZoomIn': '放大', 'NavigationControl.ZoomOut': '缩小', 'AttributionControl.ToggleAttribution': '显示数据来源',
    'Map.Title': '地图：方向键移动，加减号缩放', synthetic: '合成城区，仅供演示', failed: '地图无法显示。', noWebgl: '此浏览器不能绘制地图（缺少 WebGL），其余内容不受影响。', pin: '所选位置',
  },
  en: {
    'NavigationControl.ZoomIn': 'Zoom in', 'NavigationControl.ZoomOut': 'Zoom out', 'AttributionControl.ToggleAttribution': 'Show the source of data',
    'Map.Title': 'Map: arrow keys move it, plus and minus zoom', synthetic: 'Synthetic district, for demonstration', failed: 'The map cannot be shown.', noWebgl: 'This browser cannot draw the map (no WebGL); everything else works.', pin: 'Chosen place',
  },
}
