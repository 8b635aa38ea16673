import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KnownLead, leadKey, projectLeads } from '../../../services/themes/project-leads.ts';
import type { ProjectStateName } from '../../../services/themes/project-state.ts';
import type { WatchedProject } from '../../../services/themes/project-watch.ts';

function project(given: Partial<WatchedProject> = {}): WatchedProject {
  const zone = { layer: 'idle-land', zoneId: 1, externalId: 'a', name: 'A', district: null, areaM2: 1 } as const;
  const keys = { realEstateUnit: null, supervisionNumber: null, months: { looked: 1, seen: 1 }, sources: [] };
  const shares = { developedShare: 0, greenedShare: null, lostShare: null, gaps: [], side: null };
  const stands = { state: 'idle-not-started', since: '2025-01-10', asOf: '2025-02-10' } as const;
  return { ...zone, ...keys, ...shares, ...stands, because: { zh: '', en: '' }, ...given };
}

function told(projects: readonly WatchedProject[], open = true): KnownLead {
  const { layer, externalId: zone, state, asOf } = projects.at(-1)!;
  return { patchId: 'p', open, layer, zone, state, asOf, keys: projects.map(leadKey) };
}

const idle = project();
const started = project({ state: 'started', since: null, asOf: '2025-04-10' });
const stopped = project({ state: 'idle-stopped', since: '2026-04-10', asOf: '2026-04-10' });
const hidden = project({ state: 'unobserved', since: null, asOf: '2025-05-31' });

describe('leads of projects', () => {
  it.each<[string, WatchedProject, KnownLead[], { fresh: number; changed: number }]>([
    ['a zone found idle is issued', idle, [], { fresh: 1, changed: 0 }],
    ['one nobody saw is not', hidden, [], { fresh: 0, changed: 0 }],
    ['one known to be so is left alone', idle, [told([idle])], { fresh: 0, changed: 0 }],
    ['also where its patch has ended', idle, [told([idle], false)], { fresh: 0, changed: 0 }],
    ['its open patch is told that work began', started, [told([idle])], { fresh: 0, changed: 1 }],
    ['told once', started, [told([idle, started])], { fresh: 0, changed: 0 }],
    ['and that work stopped again, with no second patch', stopped, [told([idle, started])], { fresh: 0, changed: 1 }],
    ['an ended patch is told nothing', started, [told([idle], false)], { fresh: 0, changed: 0 }],
    ['after it ended another state is another matter', stopped, [told([idle], false)], { fresh: 1, changed: 0 }],
    ['cloud ends no lead', hidden, [told([idle])], { fresh: 0, changed: 0 }],
    ['an earlier look than was told of tells nothing', started, [told([stopped])], { fresh: 0, changed: 0 }],
    [
      'another zone with the same id is another',
      idle,
      [{ ...told([idle]), layer: 'restoration' }],
      { fresh: 1, changed: 0 },
    ],
  ])('%s', (_, now, known, wanted) => {
    const { fresh, changed } = projectLeads([now], known);
    expect({ fresh: fresh.length, changed: changed.length }).toEqual(wanted);
  });

  it('whatever a zone goes through, it has one open lead at most, and the last that was seen of it was told', () => {
    const states: ProjectStateName[] = ['idle-not-started', 'idle-stopped', 'unobserved', 'started', 'unclear'];
    const month = fc.record({ state: fc.constantFrom(...states), end: fc.boolean(), again: fc.boolean() });
    fc.assert(
      fc.property(fc.array(month, { maxLength: 12 }), (months) => {
        const patches: { open: boolean; told: WatchedProject[] }[] = [];
        for (const [i, { state, end, again }] of months.entries()) {
          const asOf = new Date(Date.UTC(2025, i, 10)).toISOString().slice(0, 10);
          const now = project({ state, asOf, since: state.startsWith('idle') ? asOf : null });
          const left = patches.map((patch, p) => ({ ...told(patch.told, patch.open), patchId: String(p) }));
          const { fresh, changed } = projectLeads([now], left);
          for (const lead of fresh) patches.push({ open: true, told: [lead] });
          for (const { known } of changed) patches[Number(known.patchId)].told.push(now);
          const open = patches.filter((patch) => patch.open);
          expect(open.length).toBeLessThanOrEqual(1);
          for (const patch of state === 'unobserved' ? [] : open) {
            expect(leadKey(patch.told.at(-1)!)).toBe(leadKey(now));
          }
          if (state === 'unobserved') expect([fresh, changed]).toEqual([[], []]);
          if (again) {
            const after = patches.map((patch, p) => ({ ...told(patch.told, patch.open), patchId: String(p) }));
            expect(projectLeads([now], after)).toEqual({ fresh: [], changed: [] });
          }
          if (end) for (const patch of open) patch.open = false;
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
