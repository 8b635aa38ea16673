import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ServiceError } from '../../../services/error.ts';
import { chinaCalendar } from '../../../services/lifecycle/calendar.ts';
import { daysBetween, deadline } from '../../../services/lifecycle/deadline.ts';
import { type DeadlineRules, standardRules } from '../../../services/lifecycle/deadline-rules.ts';
import { nextEvent, type Step } from '../../../services/lifecycle/event.ts';
import { PATCH_STATES, PATCH_TRANSITIONS } from '../../../services/lifecycle/patch-table.ts';
import { factsOf, type Projection, project } from '../../../services/lifecycle/projection.ts';
import { allowedActions } from '../../../services/lifecycle/transitions.ts';
import { withoutUndone } from '../../../services/lifecycle/undone.ts';
import { found, start, stepOf, walkStep } from '../../support/step-walk.ts';

const rules: DeadlineRules = { ...standardRules, extension: { times: 2, days: 45 }, undoHours: 24 };

/** What a clerk with paper would keep of a patch: plain fields, written over by each step. */
interface Sheet {
  state: string;
  dueAt: number | null;
  stop: { at: number; dueAt: number } | null;
  judgement: string | null;
  extensions: number;
  extendedDays: number;
  asked: { by: string; days: number } | null;
}

/** The pile of sheets: an undo throws the top one away. */
interface Model {
  sheets: Sheet[];
  last: { by: string; at: number; action: string };
}

const open = (state: string) => PATCH_STATES.find(({ name }) => name === state)!.outcome === 'open';
const judgedTo: Record<string, string> = { lawful: 'close', 'non-grain': 'rectify' };

/** The model after the step, or why it is refused. Written apart from what it is held against. */
function modelled(model: Model, step: Step): Model | 'illegal-transition' | 'bad-input' | 'forbidden' {
  const { action, actor } = step;
  const at = step.at.getTime();
  const sheet = model.sheets.at(-1)!;
  const last = { by: actor, at, action };
  if (action === 'undo') {
    const { last: before } = model;
    const fixed = ['undo', 'find', 'confirm-restored'].includes(before.action) || before.by !== actor;
    if (fixed || at - before.at > 24 * 3_600_000) return 'illegal-transition';
    return { sheets: model.sheets.slice(0, -1), last };
  }
  const row = PATCH_TRANSITIONS.find((one) => one.action === action && one.from.includes(sheet.state));
  const impossible =
    !row ||
    (row.judgedTo && row.judgedTo !== judgedTo[sheet.judgement ?? '']) ||
    (['pause', 'extend', 'request-extension', 'approve-extension'].includes(action) && sheet.stop !== null) ||
    (action === 'resume' && sheet.stop === null) ||
    (['extend', 'request-extension', 'approve-extension'].includes(action) && sheet.extensions >= 2) ||
    (action === 'request-extension' && sheet.asked !== null) ||
    (['approve-extension', 'refuse-extension'].includes(action) && sheet.asked === null);
  if (impossible) return 'illegal-transition';
  if (action === 'approve-extension' && sheet.asked!.by === actor) return 'forbidden';
  const after = written(sheet, row, step);
  return after === null ? 'bad-input' : { sheets: [...model.sheets, after], last };
}

function written(
  sheet: Sheet,
  row: (typeof PATCH_TRANSITIONS)[number],
  { action, actor, at, payload }: Step,
): Sheet | null {
  const given = payload as { judgement?: string; extension?: { count: number } };
  const next: Sheet = { ...sheet, state: row.to ?? sheet.state, judgement: given.judgement ?? sheet.judgement };
  const day = 86_400_000;
  if (action === 'extend' || action === 'approve-extension' || action === 'request-extension') {
    const days = given.extension?.count ?? sheet.asked!.days;
    if (sheet.extendedDays + days > 45) return null;
    if (action === 'request-extension') return { ...next, asked: { by: actor, days } };
    const [extensions, extendedDays] = [sheet.extensions + 1, sheet.extendedDays + days];
    return { ...next, dueAt: sheet.dueAt! + days * day, extensions, extendedDays, asked: null };
  }
  if (action === 'refuse-extension') return { ...next, asked: null };
  if (action === 'pause') return { ...next, dueAt: null, stop: { at: at.getTime(), dueAt: sheet.dueAt! } };
  if (action === 'resume') {
    const stood = daysBetween(new Date(sheet.stop!.at), at);
    return { ...next, dueAt: sheet.stop!.dueAt + stood * day, stop: null };
  }
  if (row.to === null) return next;
  const dueAt = open(next.state) ? deadline(row.due as never, at, chinaCalendar).dueAt.getTime() : null;
  return { ...next, dueAt, stop: null, extensions: 0, extendedDays: 0, asked: null };
}

function sheetOf(now: Projection): Sheet {
  const { state, dueAt, stopped, judgement, extended, request } = now;
  return {
    state,
    dueAt: dueAt === null ? null : Date.parse(dueAt),
    stop: stopped && { at: Date.parse(stopped.at), dueAt: Date.parse(stopped.heldDueAt) },
    judgement,
    extensions: extended.times,
    extendedDays: extended.days,
    asked: request && { by: request.actor, days: request.extension.count },
  };
}

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
        const wanted = modelled(model, step);
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
            const possible = allowedActions('patch', now.state, factsOf(now, rules)).map(({ action }) => action);
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
