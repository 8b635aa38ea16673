import type { ChangeTypes } from '../../server/schemas.ts';
import { label } from './text.ts';

/** What change types and layers are called; what has no name here is shown by its code. */

let detectorTypes: ChangeTypes['types'] = [];

/** Tells the names of the detector's own types, as the server has them. */
export function setChangeTypes({ types }: ChangeTypes): void {
  detectorTypes = types;
}

/** Exchange codes (TBLX) of patches that came in with one. */
const exchangeTypes: Record<string, [zh: string, en: string]> = {
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
  DP: ['设施大棚', 'Greenhouse'],
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
  villages: ['村庄', 'Village'],
  districts: ['区县', 'Districts'],
};

/** Where it matters most that a patch lies there, first: the list may have no room for all. */
const gravest = ['red-line', 'permanent-basic-farmland', 'farmland'];

export function gravestFirst(layerNames: readonly string[]): string[] {
  const rank = (layer: string) => (gravest.includes(layer) ? gravest.indexOf(layer) : gravest.length);
  return layerNames.toSorted((a, b) => rank(a) - rank(b));
}

export function typeName(code: string): string {
  const own = detectorTypes.find((type) => type.code === code);
  return own === undefined ? nameIn(exchangeTypes, code) : sentenceCase(label(own.label));
}

export function layerName(layer: string): string {
  return nameIn(layers, layer);
}

function nameIn(names: Record<string, [zh: string, en: string]>, code: string): string {
  const name = names[code];
  return name === undefined ? code : label({ zh: name[0], en: name[1] });
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
