import type { Label } from '../lifecycle/label.ts';
import { leadKey } from '../themes/project-leads.ts';
import { type ProjectStateName, projectStateNames } from '../themes/project-state.ts';
import type { WatchedProject } from '../themes/project-watch.ts';

/** How the zone of a project stands, as the patch that is issued for it keeps it: in its detection and in its log. */
export interface Lead {
  key: string;
  layer: string;
  /** The zone's own id in its layer, and its name there. */
  zone: string;
  name: string;
  state: ProjectStateName;
  /** First day of which the state is known to hold; null where that is not told. */
  since: string | null;
  /** Day of the look it is told of. */
  asOf: string;
  /** How it stood at the end of the month before, or as the patch was told last; null = it was not watched. */
  before: ProjectStateName | null;
  because: Label;
}

export function leadOf(project: WatchedProject, before: ProjectStateName | null): Lead {
  const { layer, externalId: zone, name, state, since, asOf, because } = project;
  return { key: leadKey(project), layer, zone, name, state, since, asOf, before, because };
}

/** A lead in a sentence. */
export function leadWords({ name, zone, state, since, asOf, before, because }: Lead): Label {
  const [is, was] = [projectStateNames[state], before === null ? null : projectStateNames[before]];
  const [zhSince, enSince] = since === null ? ['', ''] : [`自 ${since} `, ` since ${since}`];
  const [zhWas, enWas] = was === null || was === is ? ['', ''] : [`（此前：${was.zh}）`, ` (before: ${was.en})`];
  return {
    zh: `${name || zone}：${zhSince}${is.zh}${zhWas}，截至 ${asOf}：${because.zh}`,
    en: `${name || zone}: ${is.en}${enSince}${enWas}, as of ${asOf}: ${because.en}`,
  };
}
