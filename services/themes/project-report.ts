import type { Label } from '../lifecycle/label.ts';
import type { Store } from '../store/open.ts';
import { validVersions } from '../store/zone-versions.ts';
import { type ProjectTotal, projectTotals } from './project-totals.ts';
import { type ProjectLayer, projectLayers, type WatchedProject, watchProjects } from './project-watch.ts';

/** How all zones of projects stand by a day. */
export interface ProjectReport {
  /** YYYY-MM-DD. */
  day: string;
  projects: WatchedProject[];
  totals: ProjectTotal[];
  /** Layers asked for that nobody has imported by that day: they are not watched, which is not "nothing idle". */
  missing: ProjectLayer[];
  /** What made the signals, and what it cannot do. */
  signals: { sources: string[]; note: Label };
}

const note: Label = {
  zh: '依据逐月两期对比；未观测不等于未动工、未变绿。时序检测器尚未提供，今后以同一接口替换',
  en: 'told by two dates month after month; unobserved is never "not started" or "not green". A detector on time series comes later, by the same interface',
};

export async function projectReport(
  store: Pick<Store, 'db'>,
  day: string,
  layers: readonly ProjectLayer[] = projectLayers,
): Promise<ProjectReport> {
  const projects = await watchProjects(store, day, layers);
  const valid = new Set((await validVersions(store.db, day, layers)).map(({ version }) => version.name));
  return {
    day,
    projects,
    totals: projectTotals(projects),
    missing: layers.filter((name) => !valid.has(name)),
    signals: { sources: [...new Set(projects.flatMap(({ sources }) => sources))].sort(), note },
  };
}
