// Words of declaring a coordinate system.
export const zh = { own: '按文件所注明', other: '其他 EPSG 编号', epsg: 'EPSG 编号，例如 EPSG:4549' }
export const en: typeof zh = { own: 'as the file says', other: 'another EPSG number', epsg: 'EPSG number, e.g. EPSG:4549' }
