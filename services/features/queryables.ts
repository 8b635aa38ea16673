import type { Queryable } from './cql2/tree.ts';

/** The properties of a patch by which a GIS client may filter, under the names they have in the features. */
export const PATCH_QUERYABLES: readonly Queryable[] = [
  { name: 'number', type: 'string', title: '监测编号 Number (JCBH)' },
  { name: 'month', type: 'string', title: '监测月份 Month, YYYY-MM' },
  { name: 'district', type: 'string', title: '行政区代码 District code' },
  { name: 'type', type: 'string', title: '变化类型 Type of change' },
  { name: 'state', type: 'string', title: '状态 State' },
  { name: 'areaM2', type: 'number', title: '面积 Area, m²' },
  { name: 'score', type: 'number', title: '变化强度 Score' },
  { name: 'version', type: 'number', title: '版本 Version' },
  { name: 'beforeDate', type: 'day', title: '前时相 Last look unchanged' },
  { name: 'afterDate', type: 'day', title: '后时相 First look changed' },
  { name: 'dueAt', type: 'time', title: '办理时限 Due' },
  { name: 'createdAt', type: 'time', title: '发现时间 Found' },
  { name: 'updatedAt', type: 'time', title: '更新时间 Latest step' },
];

const FORMS: Readonly<Record<Queryable['type'], object>> = {
  string: { type: 'string' },
  number: { type: 'number' },
  day: { type: 'string', format: 'date' },
  time: { type: 'string', format: 'date-time' },
};

/** The queryables as a JSON Schema, with the one place of a feature. `id`: its own address. */
export function queryablesSchema(queryables: readonly Queryable[], id: string): Record<string, unknown> {
  const properties = queryables.map(({ name, type, title }) => [name, { title, ...FORMS[type] }] as const);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: id,
    type: 'object',
    title: 'Queryables',
    properties: { ...Object.fromEntries(properties), geometry: { format: 'geometry-polygon' } },
    additionalProperties: false,
  };
}
