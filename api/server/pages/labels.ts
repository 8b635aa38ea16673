import { CASE_QUERYABLES } from '../../../services/features/case-features.ts';
import { COVERAGE_QUERYABLES } from '../../../services/features/coverage-features.ts';
import { PATCH_QUERYABLES } from '../../../services/features/queryables.ts';
import { ZONE_QUERYABLES } from '../../../services/features/zone-features.ts';

const queryables = [...PATCH_QUERYABLES, ...CASE_QUERYABLES, ...COVERAGE_QUERYABLES, ...ZONE_QUERYABLES];

/** What is no queryable has its name here. The first of two of one name is taken: they mean the same. */
const labels: Readonly<Record<string, string>> = {
  ...Object.fromEntries(queryables.toReversed().map(({ name, title }) => [name, title])),
  districtName: '行政区 District',
  areaMu: '面积 Area, 亩',
  layers: '所在图层 Layers',
  layer: '图层 Layer',
  geometry: '图形 Geometry',
};

/** A property as people read it, Chinese first. */
export function labelOf(name: string): string {
  return labels[name] ?? name;
}
