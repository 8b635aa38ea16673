import type { Condition, Queryable } from '../features/cql2/tree.ts';
import { matches } from '../features/matches.ts';
import { describeRow } from '../scenes/scene-description.ts';
import type { SceneRow } from '../store/scenes.ts';
import { utcOf } from './local-time.ts';

/** The properties of a scene by which it may be searched for, under the names they have in its Item. */
export const SCENE_QUERYABLES: readonly Queryable[] = [
  { name: 'id', type: 'string', title: '影像标识 Id' },
  { name: 'datetime', type: 'time', title: '成像时间 Taken (of a day alone: its first second)' },
  { name: 'created', type: 'time', title: '入库时间 Added' },
  { name: 'platform', type: 'string', title: '传感器 Sensor' },
  { name: 'gsd', type: 'number', title: '分辨率 Ground sample distance, m' },
  { name: 'eo:cloud_cover', type: 'number', title: '云量 Cloud cover, %' },
];

/** Whether a scene is one that a filter means. */
export function isScene(condition: Condition, row: SceneRow): boolean {
  const { id, date, time, addedAt, sensor, gsdM, cloudFraction, footprint } = describeRow(row);
  const properties = {
    id,
    datetime: new Date(utcOf(date, time ?? '00:00:00')).toISOString(),
    created: addedAt,
    platform: sensor,
    gsd: gsdM,
    'eo:cloud_cover': cloudFraction === null ? null : Math.round(cloudFraction * 1e6) / 1e4,
  };
  return matches(condition, { geometry: footprint, properties });
}
