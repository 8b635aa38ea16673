/** What each group of operations is for, in the order in which they are shown. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  Queue: '月清图斑：找图斑、看图斑、办图斑 · The monthly queue of patches: find, look, take a step.',
  Cases: '案件：把图斑并成一案办理 · Legal matters over one or more patches.',
  Statistics: '统计与导出：与列表同一筛选、同一数字 · Counts and exports under the filter of the list.',
  Dashboard: '看板：发现—预警—处置 · Figures of a month on one page.',
  Gauges: '比例与雷达：超过多少要约谈 · Shares and thresholds that lead to accountability.',
  Reports: '报表：月报、季报 · Tables for reporting upwards.',
  Rules: '规则与意见：按什么判合法 · Rule sets, themes and the opinions formed by them.',
  Evidence: '证据：照片、材料、证据包 · Photos and papers of a patch.',
  Pictures: '前后影像小图 · Pictures of a patch before and after.',
  Tiles: '瓦片：影像与图斑底图 · Raster and vector tiles for maps.',
  'OGC API - Tiles': '瓦片集的说明，供 GIS 程序 · Metadata of the tilesets for GIS programs.',
  Field: '外业：任务与照片 · Tasks and photos from the field.',
  Changes: '变更流：不漏不重 · Every step in order, nothing missed and nothing twice.',
  'OGC API - Features': '供 QGIS、ArcGIS、GDAL 等读图斑、案件、图层 · Collections for GIS programs.',
  STAC: '影像目录 · The scenes of the workspace as a STAC API.',
  Zones: '图层：耕地、红线、行政区 · Layers, their versions and zones.',
  Scenes: '影像：目录、收件箱 · Scenes and the inbox for new ones.',
  Runs: '每月运行 · The monthly runs of detection.',
  Admin: '管理：影像、图层、规则、运行、计划 · What administrators set up.',
  Embargoes: '暂不公开：到期前仅本级可见 · What others see only from a date on.',
  Notification: '通知：谁在什么时候收到什么 · Who is told of what, and whether it arrived.',
  Audit: '审计：谁看过、改过，是否完整 · Who read and changed what, and whether the record is whole.',
  Access: '登录、用户、密钥 · Log-in, users and keys.',
  Operation: '健康、指标、接口说明 · Health, metrics, and this description.',
};

/** A tag for each group that is used; what has no description yet comes last, under its name alone. */
export function tagsOf(used: ReadonlySet<string>): { name: string; description?: string }[] {
  const known = Object.entries(DESCRIPTIONS).filter(([name]) => used.has(name));
  const others = [...used].filter((name) => !(name in DESCRIPTIONS)).sort();
  return [...known.map(([name, description]) => ({ name, description })), ...others.map((name) => ({ name }))];
}
