import { label } from '../shell/text.ts';

const words = {
  map: {
    zh: '图斑分布图：方向键移动，+ − 缩放，回车选中离中心最近的图斑',
    en: 'Map: arrows pan, + − zoom, Enter picks the patch nearest the middle',
  },
  before: { zh: '前期', en: 'Before' },
  after: { zh: '后期', en: 'After' },
  swipe: { zh: '卷帘', en: 'Swipe' },
  plain: { zh: '无底图', en: 'No image' },
  external: { zh: '外部底图', en: 'Base map' },
  image: { zh: '影像', en: 'Image' },
  natural: { zh: '真彩', en: 'True colour' },
  falseColour: { zh: '假彩', en: 'False colour' },
  bands: { zh: '波段组合', en: 'Bands' },
  layers: { zh: '图层', en: 'Layers' },
  districts: { zh: '区县界', en: 'Districts' },
  redLine: { zh: '生态保护红线', en: 'Ecological red line' },
  basicFarmland: { zh: '永久基本农田', en: 'Basic farmland' },
  farmland: { zh: '耕地', en: 'Farmland' },
  approvals: { zh: '批文范围', en: 'Approvals' },
  toDistrict: { zh: '全区', en: 'Whole area' },
  toPatch: { zh: '到图斑', en: 'To the patch' },
  toPatchHint: { zh: '缩放到选中的图斑 (Z)', en: 'Zoom to the chosen patch (Z)' },
  toDistrictHint: { zh: '缩放到所选区县 (Shift+Z)', en: 'Zoom to the district (Shift+Z)' },
  asOnMap: { zh: '只看图内', en: 'As on the map' },
  asOnMapHint: { zh: '清单只列当前地图范围内的图斑', en: 'Lists only what lies in the part of the map shown' },
  zoomIn: { zh: '放大', en: 'Zoom in' },
  zoomOut: { zh: '缩小', en: 'Zoom out' },
  divider: { zh: '前后影像分界线：左右方向键移动', en: 'Divider of before and after: arrow keys move it' },
  own: { zh: '影像：本工作区', en: 'Images: this workspace' },
  legend: { zh: '图例', en: 'Legend' },
  find: { zh: '发现', en: 'Found' },
  warn: { zh: '预警', en: 'Warned' },
  resolve: { zh: '处置', en: 'Resolving' },
  done: { zh: '办结', en: 'Done' },
  dismissed: { zh: '排除', en: 'Dismissed' },
  late: { zh: '超期', en: 'Overdue' },
} as const;

export type MapWord = keyof typeof words;

export function mapWord(name: MapWord): string {
  return label(words[name]);
}
