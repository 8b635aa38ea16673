import type { ProjectStateName } from './project-state.ts';
import type { WatchedProject } from './project-watch.ts';

/** States in which somebody has to act though no patch says so. Never one of these: what nobody saw, or could not tell. */
const LEADS: ReadonlySet<ProjectStateName> = new Set(['idle-not-started', 'idle-stopped', 'lost', 'due']);

/** A zone that came into such a state. */
export interface ProjectLead {
  /** The same as long as the state lasts: layer, the zone's own id, state, since when. */
  key: string;
  project: WatchedProject;
  /** How it stood before; null = it was not watched. */
  before: ProjectStateName | null;
}

/**
 * The zones that have come into a state of idleness, loss or delay between two days. What stood so before and was not
 * seen in between has the same key, by which whoever issues leads knows it.
 */
export function projectLeads(before: readonly WatchedProject[], now: readonly WatchedProject[]): ProjectLead[] {
  const stood = new Map(before.map((project) => [nameOf(project), project]));
  return now.flatMap((project) => {
    if (!LEADS.has(project.state)) return [];
    const earlier = stood.get(nameOf(project)) ?? null;
    if (earlier !== null && keyOf(earlier) === keyOf(project)) return [];
    return { key: keyOf(project), project, before: earlier?.state ?? null };
  });
}

function keyOf(project: WatchedProject): string {
  return [nameOf(project), project.state, project.since ?? ''].join('/');
}

function nameOf({ layer, externalId }: WatchedProject): string {
  return `${layer}/${externalId}`;
}
