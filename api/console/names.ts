import { label } from './text.ts';

/** Change types (TBLX) and layers by name; what is not listed is shown by its code. */

const types: Record<string, [zh: string, en: string]> = {
  '20': ['建筑物', 'Building'],
  YH: ['硬化地面', 'Hardened ground'],
  DL1: ['道路建成', 'Road, built'],
  DL2: ['道路在建', 'Road, under construction'],
  DL3: ['路网', 'Road network'],
  TL: ['铁路', 'Railway'],
  ND: ['农村道路', 'Rural road'],
  SJ: ['水工建筑', 'Waterworks'],
  CK: ['采矿', 'Mining'],
  GF: ['光伏', 'Solar'],
  JC: ['机场', 'Airport'],
  LD: ['绿地公园', 'Park'],
  GEF: ['高尔夫', 'Golf course'],
  DT: ['动土', 'Moved earth'],
  TD: ['推土', 'Bulldozed'],
  TP: ['平整', 'Levelled'],
  WL: ['瓦砾', 'Rubble'],
  '01': ['耕地', 'Crop'],
  '02': ['园地', 'Orchard'],
  '03': ['林地', 'Forest'],
  '04': ['草地', 'Grass'],
  SM: ['水面', 'Water'],
  KT: ['坑塘', 'Pond'],
  SK: ['水库', 'Reservoir'],
  HL: ['河流', 'River'],
  GQ: ['沟渠', 'Ditch'],
  LT: ['裸土', 'Bare soil'],
  LY: ['裸岩', 'Bare rock'],
  BH: ['变化待判', 'Undetermined change'],
};

const layers: Record<string, [zh: string, en: string]> = {
  'permanent-basic-farmland': ['永农', 'Basic farmland'],
  farmland: ['耕地', 'Farmland'],
  'red-line': ['红线', 'Red line'],
  approvals: ['批文', 'Approvals'],
  districts: ['区县', 'Districts'],
};

export function typeName(code: string): string {
  return nameIn(types, code);
}

export function layerName(layer: string): string {
  return nameIn(layers, layer);
}

function nameIn(names: Record<string, [zh: string, en: string]>, code: string): string {
  const name = names[code];
  return name === undefined ? code : label({ zh: name[0], en: name[1] });
}
