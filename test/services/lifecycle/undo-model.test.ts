import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ServiceError } from '../../../services/error.ts';
import { type DeadlineRules, standardRules } from '../../../services/lifecycle/deadline-rules.ts';
import { nextEvent, type Step } from '../../../services/lifecycle/event.ts';
import { PATCH_STATES } from '../../../services/lifecycle/patch-table.ts';
import { factsOf, type Projection, project } from '../../../services/lifecycle/projection.ts';
import { allowedActions } from '../../../services/lifecycle/transitions.ts';
import { withoutUndone } from '../../../services/lifecycle/undone.ts';
import { type Model, modelled, sheetOf } from '../../support/sheet-model.ts';
import { found, start, stepOf, walkStep } from '../../support/step-walk.ts';

const rules: DeadlineRules = { ...standardRules, extension: { times: 2, days: 45 }, undoHours: 24 };

const open = (state: string) => PATCH_STATES.find(({ name }) => name === state)!.outcome === 'open';

/** How often each thing came up, so that a walk that proves nothing is noticed. */
const seen = new Map<string, number>();
const count = (name: string) => seen.set(name, (seen.get(name) ?? 0) + 1);

it('in 2,000 sequences of steps, requests, stops and undos the projection is what a naive model says', {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(fc.array(walkStep, { minLength: 8, maxLength: 30 }), (walk) => {
      const first = found();
      let now = first.after;
      let model: Model = {
        sheets: [sheetOf(now)],
        last: { by: 'run', at: start.getTime(), action: 'find' },
      };
      const log = [first.event];
      let at = start;
      for (const one of walk) {
        at = new Date(at.getTime() + one.minutes * 60_000);
        const step = stepOf(one, now, at, rules);
        const wanted = modelled(model, step, rules);
        const before = now;
        try {
          const { event, after } = nextEvent(step, '430421', now);
          expect(wanted, `${step.action} from ${before.state}`).toBeTypeOf('object');
          log.push(event);
          now = after;
          model = wanted as Model;
          count(step.action === 'undo' ? `undo ${before.last.action}` : step.action);
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          expect(error.code, error.message).toBe(wanted);
          if (error.code === 'illegal-transition') {
            const rows = allowedActions('patch', now.state, factsOf(now, rules));
            const possible = rows.filter(({ who }) => who.role !== 'system').map(({ action }) => action);
            expect(error.details).toMatchObject({ state: now.state, version: now.version, allowed: possible });
          }
          count(`${error.code} ${step.action}`);
        }
        expect(sheetOf(now)).toEqual(model.sheets.at(-1));
        expect(now.version).toBe(log.length);
        expect((now.dueAt === null) === (!open(now.state) || now.stopped !== null)).toBe(true);
        if (step.action === 'undo' && now !== before) redoIs(before, now, log);
      }
      // The log says all: added up from nothing, with and without what was undone, it is the same.
      expect(project(log)).toEqual(now);
      expect(sheetOf(project(withoutUndone(log))!)).toEqual(sheetOf(now));
    }),
    { numRuns: 2_000, seed: 20_260_501 },
  );
  for (const name of ['undo warn', 'undo pause', 'undo resume', 'undo approve-extension', 'undo request-extension']) {
    expect(seen.get(name) ?? 0, name).toBeGreaterThan(0);
  }
  for (const name of [
    'illegal-transition undo',
    'forbidden approve-extension',
    'bad-input extend',
    'refuse-extension',
  ]) {
    expect(seen.get(name) ?? 0, name).toBeGreaterThan(0);
  }
});

/** The step that was undone, taken again at its own time, leads where it led before. */
function redoIs(
  done: Projection,
  undone: Projection,
  log: readonly { id: string; action: string; actor: string; reason: string | null; payloadJson: string; at: string }[],
): void {
  const { id, action, actor, reason, payloadJson, at } = log.find((event) => event.id === done.last.id)!;
  const { due: _, lifecycle: _edition, ...payload } = JSON.parse(payloadJson);
  const redo: Step = { subject: 'patch', id: 'p', action, actor, reason, payload, at: new Date(at), rules };
  const again = nextEvent(redo, '430421', undone);
  expect(again.event.id).not.toBe(id);
  expect(sheetOf(again.after)).toEqual(sheetOf(done));
  expect(again.after.trail).toEqual(done.trail);
}
