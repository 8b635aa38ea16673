import type { PatchItem } from '../../server/schemas.ts';
import { muText } from '../shell/format.ts';
import { gravestFirst, layerName, typeName } from '../shell/names.ts';
import { label } from '../shell/text.ts';

const farmland = ['red-line', 'permanent-basic-farmland', 'farmland'];

/**
 * The opinion that goes out with a task, as a first draft for a person to change: what it looks like, on what ground,
 * how large, and what the county is asked to do.
 */
export function draftOpinion({ type, layers, areaM2 }: Pick<PatchItem, 'type' | 'layers' | 'areaM2'>): string {
  const grave = gravestFirst(layers).find((layer) => farmland.includes(layer));
  const [zh, en] =
    grave === undefined ? ['', ''] : [`，占压${layerName(grave)}`, ` on ${layerName(grave).toLowerCase()}`];
  return label({
    zh: `疑似${typeName(type)}${zh}，面积${muText(areaM2)}亩，请按期实地核查并举证。`,
    en: `Looks like ${typeName(type).toLowerCase()}${en}, ${muText(areaM2)} mu; please verify on site in time and send evidence.`,
  });
}
