import type { ProjectStateName } from './project-state.ts';
import type { WatchedProject } from './project-watch.ts';

/** States in which somebody has to act though no patch says so. Never one of these: what nobody saw, or could not tell. */
const LEADS: ReadonlySet<ProjectStateName> = new Set(['idle-not-started', 'idle-stopped', 'lost', 'due']);

/** What was last told of a zone, by its key. */
export interface KnownLead {
  /** Patch that was told. */
  patchId: string;
  open: boolean;
  layer: string;
  zone: string;
  /** Of all that was told of this zone to this patch, oldest first. */
  keys: readonly string[];
  /** The state of the last of it. */
  state: ProjectStateName;
  /** Day of which the last of it was told. */
  asOf: string;
}

/** What a month's look at the projects comes to. */
export interface ProjectLeads {
  /** Zones that stand in such a state of which no patch was ever told. */
  fresh: WatchedProject[];
  /** Zones of open patches that were seen to stand otherwise than was told last. */
  changed: { project: WatchedProject; known: KnownLead }[];
}

/**
 * What is to be issued and who is to be told, of how the zones stand now and what was told before. A zone has one open
 * lead at most: as long as it has, whatever is seen of it goes there. What nobody saw begins no lead and ends none; nor
 * does an earlier look than was told of. Asked again with the same looks nothing is left to do.
 */
export function projectLeads(now: readonly WatchedProject[], known: readonly KnownLead[]): ProjectLeads {
  const leads: ProjectLeads = { fresh: [], changed: [] };
  const byZone = Map.groupBy(known, ({ layer, zone }) => `${layer}/${zone}`);
  for (const project of now) {
    const own = byZone.get(`${project.layer}/${project.externalId}`) ?? [];
    const open = own.filter((lead) => lead.open);
    if (open.length === 0 && LEADS.has(project.state) && !own.some(({ keys }) => keys.includes(leadKey(project)))) {
      leads.fresh.push(project);
    }
    if (project.state === 'unobserved') continue;
    for (const lead of open) {
      const stands = lead.keys.at(-1) === leadKey(project);
      if (!stands && project.asOf >= lead.asOf) leads.changed.push({ project, known: lead });
    }
  }
  return leads;
}

/** The same as long as a zone stands as it does: layer, the zone's own id, state, since when. */
export function leadKey({ layer, externalId, state, since }: WatchedProject): string {
  return [layer, externalId, state, since ?? ''].join('/');
}
