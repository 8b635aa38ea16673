import { describe, expect, it } from 'vitest';
import { JUDGEMENTS } from '../../../services/lifecycle/judgements.ts';
import { LINEAGE_STEPS } from '../../../services/lifecycle/lineage-steps.ts';
import { REASONS } from '../../../services/lifecycle/reasons.ts';
import type { Subject, Transition } from '../../../services/lifecycle/transition-row.ts';
import { allowedActions, findTransition, STATES, TRANSITIONS } from '../../../services/lifecycle/transitions.ts';

/** All states that can be reached from `start`, leaving out the states in `without`. */
function reachable(subject: Subject, start: string, without: string[] = []): Set<string> {
  const seen = new Set([start]);
  for (const state of seen) {
    for (const { to } of TRANSITIONS[subject].filter(({ from }) => from.includes(state))) {
      if (to !== null && !without.includes(to)) seen.add(to);
    }
  }
  return seen;
}

/** Walks the table along the actions and gives the states passed through. */
function walk(subject: Subject, actions: string, judgement = 'illegal-construction'): string[] {
  const passed: string[] = [];
  let state: string | null = null;
  for (const action of actions.split(' ')) {
    const row = findTransition(subject, state, action, { judgement, paused: false });
    if (!row) throw new Error(`no step ${action} from ${state}`);
    state = row.to ?? state;
    passed.push(state!);
  }
  return passed;
}

describe.each(['patch', 'case'] as const)('the lifecycle of a %s', (subject) => {
  const states = STATES[subject];
  const rows = TRANSITIONS[subject];
  const names = states.map(({ name }) => name);
  const outcomeOf = (name: string) => states.find((state) => state.name === name)!.outcome;
  const opening = rows.filter(({ from }) => from.length === 0);

  it('names every state once, in Chinese and English', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const { label } of [...states, ...rows]) {
      expect(label.zh).toMatch(/^\p{Script=Han}+$/u);
      expect(label.en).toMatch(/^[A-Z]/);
    }
  });

  it('only leads from and to states that exist', () => {
    for (const { from, to } of rows) expect(names).toEqual(expect.arrayContaining([...from, to ?? from[0]]));
  });

  it('opens in one way', () => {
    expect(opening).toHaveLength(1);
  });

  it('never leaves open which row an action means', () => {
    const keys = rows.flatMap(({ action, from }) => from.map((state) => `${action} from ${state}`));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('reaches every state, those of split and merged patches by steps of several patches at once', () => {
    const apart = names.filter((name) => outcomeOf(name) === 'replaced');
    expect([...reachable(subject, opening[0].to!), ...apart].sort()).toEqual([...names].sort());
    if (subject === 'patch') expect(LINEAGE_STEPS.flatMap(({ to }) => to)).toEqual(expect.arrayContaining(apart));
  });

  it('leads from every state to an end', () => {
    for (const name of names) {
      const ends = [...reachable(subject, name)].filter((state) => outcomeOf(state) !== 'open');
      expect(ends, name).not.toHaveLength(0);
    }
  });

  it('sets a due date on entering every open state and none on entering an end', () => {
    for (const { action, to, due } of rows.filter((row): row is Transition & { to: string } => row.to !== null)) {
      if (outcomeOf(to) === 'open') expect(due, action).toMatchObject({ count: expect.any(Number) });
      else expect(due, action).toBe('none');
    }
  });

  it('touches the clock of an end state in no way', () => {
    for (const { action, from, to, due } of rows.filter((row) => row.to === null)) {
      const ends = from.filter((name) => outcomeOf(name) !== 'open');
      if (ends.length > 0) expect({ action, to, due }).toEqual({ action, to: null, due: 'keep' });
    }
  });

  it('names a list of reasons exactly where it asks for a reason', () => {
    for (const { needs, reasons } of rows) expect(needs.includes('reason')).toBe(reasons !== undefined);
  });
});

describe('the reason codes', () => {
  it.each(Object.entries(REASONS))('of %s are unique and labelled', (_, reasons) => {
    expect(new Set(reasons.map(({ code }) => code)).size).toBe(reasons.length);
    for (const { code, label } of reasons)
      expect({ code, ...label }).toEqual({
        code: expect.stringMatching(/^[a-z-]+$/),
        zh: expect.stringMatching(/\p{Script=Han}/u),
        en: expect.any(String),
      });
  });

  it('are all asked for somewhere', () => {
    const used = [...TRANSITIONS.patch, ...TRANSITIONS.case].map(({ reasons }) => reasons);
    expect(Object.keys(REASONS).filter((list) => !used.includes(list as never))).toEqual([]);
  });
});

describe('a patch', () => {
  it('goes from found to restored along the road of a breach', () => {
    const road = 'find warn acknowledge verify judge submit approve approve approve put-in-case start-rectifying';
    expect(
      walk('patch', `${road} report-milestone submit-closure return-closure submit-closure resolve confirm-restored`),
    ).toEqual([
      ...['found', 'warned', 'acknowledged', 'verified', 'judged', 'county-review', 'city-review', 'province-review'],
      ...['reviewed', 'in-case', 'rectifying', 'rectifying', 'closure-review', 'closure-returned', 'closure-review'],
      ...['resolved', 'restored'],
    ]);
  });

  it('is closed after review where it is lawful, and only there', () => {
    expect(
      walk('patch', 'find warn acknowledge verify judge submit approve approve approve close', 'lawful').at(-1),
    ).toBe('closed');
    for (const { code, leadsTo } of JUDGEMENTS) {
      const actions = allowedActions('patch', 'reviewed', { judgement: code, paused: false }).map(
        ({ action }) => action,
      );
      expect(actions.includes('close'), code).toBe(leadsTo === 'close');
      expect(actions.includes('put-in-case'), code).toBe(leadsTo === 'rectify');
      expect(actions.includes('rectify-before-filing'), code).toBe(leadsTo === 'rectify');
    }
  });

  it('comes to no finding without having been verified on site', () => {
    const unverified = reachable('patch', 'found', ['verified']);
    expect([...unverified].sort()).toEqual(['acknowledged', 'dismissed', 'found', 'warned']);
  });

  it('comes through review only with a judgement', () => {
    const judging = TRANSITIONS.patch.filter(({ to }) => to === 'judged');
    for (const { needs } of judging) expect(needs).toContain('judgement');
    expect(reachable('patch', 'found', ['judged']).has('reviewed')).toBe(false);
  });

  it('returned by any level of review is judged again or given more evidence', () => {
    for (const level of ['county', 'city', 'province']) {
      expect(findTransition('patch', `${level}-review`, 'return')?.to).toBe('returned');
    }
    expect(allowedActions('patch', 'returned').map(({ to }) => to)).toEqual(
      expect.arrayContaining(['verified', 'judged']),
    );
  });

  it('refused by another department comes back to the county', () => {
    expect(walk('patch', 'find warn acknowledge verify refer refuse').at(-1)).toBe('verified');
    expect(walk('patch', 'find warn acknowledge verify refer accept report-back').at(-1)).toBe('judged');
  });

  it('reopened after closing is rectified again', () => {
    expect(findTransition('patch', 'resolved', 'reopen')?.reasons).toBe('reopening');
    expect(findTransition('patch', 'reopened', 'start-rectifying')?.to).toBe('rectifying');
  });

  it('is stopped or extended only while its clock runs, and resumed only while it stands still', () => {
    const clock = (paused: boolean) =>
      allowedActions('patch', 'rectifying', { judgement: 'non-grain', paused }).map(({ action }) => action);
    expect(clock(false)).toEqual(expect.arrayContaining(['extend', 'pause', 'supervise', 'interview']));
    expect(clock(false)).not.toContain('resume');
    expect(clock(true)).toEqual(expect.arrayContaining(['resume', 'supervise', 'interview']));
    expect(clock(true)).not.toContain('pause');
    expect(clock(true)).not.toContain('extend');
  });
});

describe('a case', () => {
  it('goes from clue to closed by performance or by the court', () => {
    expect(walk('case', 'open file decide remind perform close').at(-1)).toBe('closed');
    expect(walk('case', 'open file decide remind apply-for-enforcement close').at(-1)).toBe('closed');
    expect(walk('case', 'open decline').at(-1)).toBe('not-filed');
  });

  it('stays in its state when it is handed over, also after it is closed', () => {
    for (const state of ['filed', 'closed']) expect(findTransition('case', state, 'hand-over')?.to).toBeNull();
    expect(findTransition('case', 'clue', 'hand-over')).toBeUndefined();
  });
});
