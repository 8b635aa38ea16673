import type { ServiceError } from '../../../services/error.ts';
import { standardRules } from '../../../services/lifecycle/deadline-rules.ts';
import { factsOf } from '../../../services/lifecycle/projection.ts';
import { type Move, transition } from '../../../services/lifecycle/transition.ts';
import type { Subject } from '../../../services/lifecycle/transition-row.ts';
import { allowedActions, TRANSITIONS } from '../../../services/lifecycle/transitions.ts';
import { modelled } from '../../support/sheet-model.ts';
import { completeMove } from '../../support/steps.ts';
import type { QueueDesk, Wanted } from './queue-desk.ts';
import type { Draw } from './queue-draws.ts';
import { APART, type Known } from './queue-watch.ts';

/** The way on, so that many get far. */
const ONWARD = [
  ...['warn', 'acknowledge', 'verify', 'judge', 'submit', 'approve', 'rectify-before-filing', 'put-in-case'],
  ...['start-rectifying', 'submit-closure', 'resolve', 'confirm-restored', 'add-evidence', 'accept', 'report-back'],
  ...['file', 'decide', 'remind', 'perform', 'close', 'hand-over', 'record-receipt'],
];
const JUDGEMENTS = ['illegal-construction', 'non-grain', 'illegal-construction', 'lawful'];
/** What only other rooms ask for, and only with something of their own. */
const ELSEWHERE = ['name-occupier'];
const CLOCK = ['approve-extension', 'refuse-extension', 'request-extension', 'extend', 'pause', 'resume'];

/** Steps of patches and cases, possible or not, each held against what the naive model says of it. */
export class QueueSteps {
  readonly #desk: QueueDesk;

  constructor(desk: QueueDesk) {
    this.#desk = desk;
  }

  /** One to four steps of one patch or case, mostly onward. */
  async take(subject: Subject, draw: Draw): Promise<void> {
    const all = [...this.#desk.watch.known.values()].filter((one) => one.subject === subject);
    if (all.length === 0) return;
    // What is taken back was mostly done just now.
    if (draw.how === 'undo') all.sort((a, b) => (a.now.updatedAt < b.now.updatedAt ? 1 : -1));
    // Mostly the same few, so that these get far.
    const { id } = all[draw.pick % (draw.other % 4 === 0 ? all.length : Math.min(all.length, 4))];
    for (let n = 0; n <= draw.other % 9; n++) {
      const known = this.#desk.watch.known.get(`${subject}:${id}`)!;
      const action = chosenAction(known, draw, n);
      if (action === undefined) return;
      this.#desk.later(7 + n);
      if ((await this.#step(known, action, draw)) !== null) return;
    }
  }

  async #step(known: Known, action: string, draw: Draw): Promise<ServiceError | null> {
    const { subject, id, now, model } = known;
    const given = { judgement: JUDGEMENTS[draw.pick % 4], extension: { count: draw.days, unit: 'calendar-day' } };
    const caseId = action === 'put-in-case' ? await this.#caseFor(id, draw) : '';
    const complete = completeMove({ subject, id, action, at: this.#desk.now }, now.state, { ...given, caseId });
    // Nobody takes back what another did: mostly the one who did it tries.
    let actor = action === 'undo' && draw.pick % 4 !== 0 ? model.last.by : draw.actor;
    // Nor approves what they asked for themselves: mostly another answers.
    if (action === 'approve-extension' && draw.other % 3 !== 0) actor = now.request?.actor === 'li' ? 'wang' : 'li';
    const move: Move = { ...complete, actor, ...(await this.#remedied(known, complete, draw)) };
    const terms = { ...standardRules, frozen: this.#desk.watch.frozen(known) };
    const modelSays = modelled(model, move, terms);
    let wanted: Wanted = typeof modelSays === 'string' ? modelSays : 'done';
    // What several patches were moved by is taken back with all of them, or not at all.
    if (action === 'undo' && APART.includes(model.last.action)) wanted = 'illegal-transition';
    if (wanted === 'done' && action === 'put-in-case' && !(await this.#isCovered(caseId, id))) wanted = 'bad-input';
    if (draw.how === 'stale' && draw.pick % 2 === 0) {
      move.expectedVersion = now.version - 1;
      wanted = 'version-conflict';
    } else if (draw.how === 'stale') move.expectedVersion = now.version;
    if (draw.how === 'lacking' && wanted === 'done' && complete.payload && Object.keys(complete.payload).length > 0) {
      move.payload = {};
      wanted = 'bad-input';
    }
    const name = `${actor} ${action} ${subject} ${id.slice(0, 22)} from ${now.state}`;
    const refusal = await this.#desk.expectOf(name, wanted, () => transition(this.#desk.store, move));
    if (refusal?.code === 'illegal-transition') {
      const all = allowedActions(subject, now.state, factsOf(now));
      const possible = all.filter(({ who }) => who.role !== 'system').map((one) => one.action);
      const told = JSON.stringify([refusal.details?.['state'], refusal.details?.['allowed']]);
      if (told !== JSON.stringify([now.state, possible]))
        throw new Error(`${name}: told ${told}, possible ${possible}`);
    }
    if (refusal?.code === 'version-conflict' && refusal.details?.['version'] !== now.version) {
      throw new Error(`${name}: the conflict names another version than ${now.version}`);
    }
    return refusal;
  }

  /** How a breach was put right; one in six is planted not to add up, and is to be listed among the differences. */
  async #remedied({ subject, id }: Known, { action, payload }: Move, draw: Draw): Promise<Pick<Move, 'payload'>> {
    if (subject !== 'patch') return {};
    const { number, areaM2 } = await this.#desk.patch(id);
    const wrong = () => void this.#desk.watch.plantedDifferences.add(number);
    if (action !== 'submit-closure') {
      // What was handed in for one judgement need not fit the next.
      if (payload !== undefined && 'judgement' in payload) wrong();
      return {};
    }
    const violationM2 = Math.round(areaM2 * 100) / 100;
    const half = Math.round(violationM2 * 50) / 100;
    const rest = Math.round((violationM2 - half) * 100) / 100;
    const ways = [
      { demolishedM2: violationM2 },
      { regularisedM2: violationM2 },
      { demolishedM2: half, confiscatedM2: rest },
      { demolishedM2: half, regularisedM2: rest },
      { confiscatedM2: violationM2 },
      { demolishedM2: half },
    ];
    if (draw.pick % 6 === 5) wrong();
    return { payload: { ...payload, violationM2, remedy: ways[draw.pick % 6] } };
  }

  /** Mostly one that covers the patch. */
  async #caseFor(patchId: string, { pick }: Draw): Promise<string> {
    const { db } = this.#desk.store;
    const links = await db.selectFrom('case_patches').select('caseId').where('patchId', '=', patchId).execute();
    const list = pick % 4 !== 3 && links.length > 0 ? links.map(({ caseId }) => caseId).sort() : this.#desk.ids('case');
    return list[pick % list.length] ?? 'no-case';
  }

  async #isCovered(caseId: string, patchId: string): Promise<boolean> {
    const state = this.#desk.watch.known.get(`case:${caseId}`)?.now.state;
    if (state === undefined || state === 'closed' || state === 'not-filed') return false;
    const { db } = this.#desk.store;
    const links = db.selectFrom('case_patches').select('caseId').where('caseId', '=', caseId);
    return (await links.where('patchId', '=', patchId).execute()).length > 0;
  }
}

function chosenAction({ subject, now }: Known, { how, pick }: Draw, n: number): string | undefined {
  const all = [...new Set(TRANSITIONS[subject].map(({ action }) => action)), 'no-such-step', 'split'];
  const list = all.filter((action) => !ELSEWHERE.includes(action));
  if (how === 'any') return list[(pick + n) % list.length];
  if (how === 'undo') return n === 0 ? 'undo' : undefined;
  if (how === 'clock') {
    const answers = now.stopped !== null ? ['resume'] : now.request !== null ? CLOCK.slice(0, 3) : CLOCK;
    return answers[(pick + n) % answers.length];
  }
  const rows = TRANSITIONS[subject].filter((row) => row.from.includes(now.state) && !ELSEWHERE.includes(row.action));
  const moving = rows.filter(({ to, action }) => (to !== null && to !== now.state) || action === 'hand-over');
  const fitting = moving.filter(({ judgedTo }) => judgedTo === undefined || judgedTo === leadsTo(now.judgement));
  const onward = fitting.filter(({ action }) => ONWARD.includes(action));
  const from = pick % 5 !== 4 && onward.length > 0 ? onward : fitting;
  return from.length === 0 ? undefined : from[(pick + n) % from.length].action;
}

function leadsTo(judgement: string | null): 'close' | 'rectify' {
  return judgement === 'lawful' ? 'close' : 'rectify';
}
