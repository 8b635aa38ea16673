import { importBatch } from '../../../services/batches/import-batch.ts';
import { matchBatch } from '../../../services/batches/match-batch.ts';
import { overruleMatch } from '../../../services/batches/overrule.ts';
import { type BatchProfile, profileNamed } from '../../../services/batches/profile.ts';
import { routeRow } from '../../../services/batches/route-row.ts';
import { closeMonth } from '../../../services/cycle/close.ts';
import { correctMonth } from '../../../services/cycle/correct.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { printedMonth } from '../../../services/cycle/show.ts';
import { ServiceError } from '../../../services/error.ts';
import { addClue } from '../../../services/field/clues/add-clue.ts';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { standardRules } from '../../../services/lifecycle/deadline-rules.ts';
import { factsOf } from '../../../services/lifecycle/projection.ts';
import { type Move, transition } from '../../../services/lifecycle/transition.ts';
import type { Subject } from '../../../services/lifecycle/transition-row.ts';
import { allowedActions, stateOf, TRANSITIONS } from '../../../services/lifecycle/transitions.ts';
import { mergePatches } from '../../../services/lineage/merge.ts';
import { splitPatch } from '../../../services/lineage/split.ts';
import { undoLineage } from '../../../services/lineage/take-back.ts';
import { batchRowNamed, listBatches } from '../../../services/store/batch-files.ts';
import { allPieces } from '../../../services/store/cycle-rows.ts';
import type { Store } from '../../../services/store/open.ts';
import type { PatchRow } from '../../../services/store/patches.ts';
import { plantPatch } from '../../support/patches.ts';
import { modelled } from '../../support/sheet-model.ts';
import { completeMove } from '../../support/steps.ts';
import type { Draw } from './queue-draws.ts';
import { DISTRICTS, FILES, filePath, rowName, siteOf } from './queue-ground.ts';
import { APART, type Known, type QueueWatch } from './queue-watch.ts';

export const MONTHS = ['2025-04', '2025-05', '2025-06', '2025-07'];

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

/** What is expected of a step: that it is taken, that it is refused so, or either. */
type Wanted = 'done' | 'either' | ServiceError['code'];

/** People at work on months, patches, cases, batches and clues: everything that a list of draws tells them. */
export class QueueOffice {
  /** What was done, a line each; refusals with their code. */
  readonly trail: string[] = [];
  now = new Date('2025-05-05T01:00:00Z');
  readonly #store: Store;
  readonly #watch: QueueWatch;
  readonly #folder: string;
  readonly #profile: BatchProfile;
  readonly #opened = new Set<string>();
  readonly #issued = new Set<string>();
  #sites = 0;

  private constructor(store: Store, watch: QueueWatch, folder: string, profile: BatchProfile) {
    this.#store = store;
    this.#watch = watch;
    this.#folder = folder;
    this.#profile = profile;
  }

  /** The first month open, its tasks sent. */
  static async begin(store: Store, watch: QueueWatch, folder: string): Promise<QueueOffice> {
    const office = new QueueOffice(store, watch, folder, await profileNamed('exchange'));
    for (let n = 0; n < 4; n++) await office.#plant(MONTHS[0]);
    const first = { month: MONTHS[0], actor: 'wang', at: office.now };
    await openMonth(store, first);
    await issueMonth(store, { ...first, at: office.#later(60) });
    office.#opened.add(MONTHS[0]);
    office.#issued.add(MONTHS[0]);
    await watch.afterStep();
    return office;
  }

  async act(draw: Draw): Promise<void> {
    this.#later(draw.minutes);
    await ACTS[draw.what](this, draw);
  }

  /** Does it, holds the outcome against what is expected, and sees that a refusal has changed nothing. */
  async expectOf(name: string, wanted: Wanted, act: () => Promise<unknown>): Promise<ServiceError | null> {
    let refusal: ServiceError | null = null;
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code === 'store-unusable') throw error;
      refusal = error;
    }
    const got = refusal?.code ?? 'done';
    const kind = /(patch|case) /.exec(name) ? 'step' : name.split(' ')[0];
    this.trail.push(`${this.now.toISOString()} ${name}: ${got}`);
    this.#watch.count(refusal ? `${kind} ${got}` : kind);
    if (wanted !== 'either' && wanted !== got)
      throw new Error(`${name}: wanted ${wanted}, got ${got} ${refusal?.message ?? ''}`);
    if (refusal !== null && (await this.#watch.hasChanged())) throw new Error(`${name}: refused, but changed`);
    await this.#watch.afterStep();
    return refusal;
  }

  plant(draw: Draw): Promise<unknown> {
    return this.expectOf('plant', 'done', () => this.#plant(this.#month(draw)));
  }

  /** One to four steps of one patch or case, mostly onward. */
  async steps(subject: Subject, draw: Draw): Promise<void> {
    const all = [...this.#watch.known.values()].filter((one) => one.subject === subject);
    if (all.length === 0) return;
    // What is taken back was mostly done just now.
    if (draw.how === 'undo') all.sort((a, b) => (a.now.updatedAt < b.now.updatedAt ? 1 : -1));
    // Mostly the same few, so that these get far.
    const { id } = all[draw.pick % (draw.other % 4 === 0 ? all.length : Math.min(all.length, 4))];
    for (let n = 0; n <= draw.other % 9; n++) {
      const known = this.#watch.known.get(`${subject}:${id}`)!;
      const action = chosenAction(known, draw, n);
      if (action === undefined) return;
      this.#later(7 + n);
      if ((await this.#step(known, action, draw)) !== null) return;
    }
  }

  openCase(draw: Draw): Promise<unknown> {
    const patches = this.#ids('patch');
    const patchIds = [patches[draw.pick % Math.min(4, patches.length)], patches[draw.other % patches.length]];
    const opening = { title: `case ${draw.pick % 3}`, district: DISTRICTS[draw.pick % 3], actor: draw.actor, patchIds };
    return this.expectOf('case', 'done', () => openCase(this.#store, { ...opening, at: this.now }));
  }

  async open(draw: Draw): Promise<unknown> {
    const month = this.#month(draw);
    const force = draw.other % 3 === 0 ? '催办' : undefined;
    const found = await this.#store.db.selectFrom('patches').select('month').distinct().execute();
    const begun = [...this.#opened, ...found.map((row) => row.month)].filter((name) => name < month);
    const before = begun.sort().at(-1);
    const refused = !this.#opened.has(month) && before !== undefined && !this.#isClosed(before) && force === undefined;
    return this.expectOf(`open ${month}`, refused ? 'bad-input' : 'done', async () => {
      await openMonth(this.#store, this.#doing(month), force);
      this.#opened.add(month);
    });
  }

  issue(draw: Draw): Promise<unknown> {
    const month = this.#month(draw);
    const wanted = this.#opened.has(month) && !this.#isClosed(month) ? 'done' : 'bad-input';
    return this.expectOf(`issue ${month}`, wanted, async () => {
      await issueMonth(this.#store, this.#doing(month));
      this.#issued.add(month);
    });
  }

  close(draw: Draw): Promise<unknown> {
    const month = this.#month(draw);
    const wanted = this.#issued.has(month) ? 'done' : 'bad-input';
    return this.expectOf(`close ${month}`, wanted, () => closeMonth(this.#store, this.#doing(month)));
  }

  correct(draw: Draw): Promise<unknown> {
    const month = this.#month({ ...draw, other: draw.other % 2 });
    const wanted = this.#isClosed(month) ? 'either' : 'bad-input';
    const doing = { ...this.#doing(month), reason: '核对' };
    return this.expectOf(`correct ${month}`, wanted, () => correctMonth(this.#store, doing));
  }

  print(draw: Draw): Promise<unknown> {
    const month = this.#month({ ...draw, other: draw.other % 2 });
    const wanted = this.#isClosed(month) ? 'done' : 'not-found';
    return this.expectOf(`print ${month}`, wanted, () => printedMonth(this.#store, month));
  }

  /** A file from above, its rows matched with what is known. */
  batch(draw: Draw): Promise<unknown> {
    const request = { path: filePath(this.#folder, draw.pick % FILES), profile: this.#profile, by: draw.actor };
    return this.expectOf('batch', 'done', async () => {
      const { batch } = await importBatch(this.#store, { ...request, month: this.#month(draw), now: this.now });
      await matchBatch(this.#store, batch, this.now);
    });
  }

  /** A person says what a row is, or sends it to another department. */
  async row(draw: Draw): Promise<unknown> {
    const batches = await listBatches(this.#store.db);
    if (batches.length === 0) return;
    const batch = batches[draw.pick % batches.length];
    const file = Number(/sent-(\d)/.exec(batch.name)![1]);
    const row = await batchRowNamed(this.#store.db, batch.id, rowName(file, draw.other));
    const by = draw.actor;
    if (draw.other % 2 === 0) {
      const to = draw.pick % 2 === 0 ? 'new' : this.#ids('patch')[draw.pick % 5];
      const said = { to: to ?? 'new', by, reason: '实地看过', now: this.now };
      return this.expectOf('overrule', 'done', () => overruleMatch(this.#store, batch, row, said));
    }
    const action = (['refer', 'accept', 'refuse'] as const)[draw.pick % 3];
    const routing = { action, by, now: this.now, department: '农业农村局', note: '农民建房', reason: 'other' };
    const { department, reason, ...always } = routing;
    const given = action === 'refer' ? { ...always, department } : action === 'refuse' ? { ...always, reason } : always;
    return this.expectOf(`route-${action}`, 'either', () => routeRow(this.#store, batch, row, given));
  }

  clue(draw: Draw): Promise<unknown> {
    const site = siteOf(draw.other % 3 === 0 ? 60 + (draw.pick % 20) : draw.pick % 8);
    const report = {
      ...({ source: 'public', type: 'bare' } as const),
      ...{ who: '村民', text: `有人在挖土 ${draw.pick % 4}`, unchangedOn: null, geometry: site.geometry },
      at: new Date('2025-05-01T00:00:00Z'),
    };
    return this.expectOf('clue', 'done', () => addClue(this.#store, report, this.now));
  }

  /** Cut through the middle, north to south. */
  async split(draw: Draw): Promise<unknown> {
    const known = this.#chosen(draw);
    const { number, minLon, maxLon, minLat, maxLat } = await this.#patch(known.id);
    const middle = (minLon + maxLon) / 2;
    const lines = [new Float64Array([middle, minLat - 1e-4, middle, maxLat + 1e-4])];
    const isOpen = stateOf('patch', known.now.state).outcome === 'open';
    const deed = { actor: draw.actor, at: this.now, reason: '两户各占一半' };
    return this.expectOf(`split ${number}`, isOpen ? 'done' : 'bad-input', async () => {
      const { pieces } = await splitPatch(this.#store, { patch: number, by: { lines }, ...deed });
      this.#heirs([number], pieces);
    });
  }

  /** Mostly two pieces of one patch, which are alike unless somebody has moved one of them. */
  async merge(draw: Draw): Promise<unknown> {
    const pieces = await allPieces(this.#store.db);
    const parentId = pieces[draw.pick % pieces.length]?.parentId;
    const siblings = pieces.filter((one) => one.parentId === parentId).map(({ childId }) => childId);
    const patches = draw.other % 3 === 0 || parentId === undefined ? this.#ids('patch').slice(0, 2) : siblings;
    const deed = { actor: draw.actor, at: this.now, reason: '实为一处' };
    return this.expectOf('merge', 'either', async () => {
      const { parents, merged } = await mergePatches(this.#store, { patches, ...deed });
      this.#heirs(
        parents.map(({ number }) => number),
        [merged],
      );
    });
  }

  takeBack(draw: Draw): Promise<unknown> {
    const replaced = [...this.#watch.known.values()].filter(({ now }) => ['split', 'merged'].includes(now.state));
    const known = replaced[draw.pick % replaced.length] ?? this.#chosen(draw);
    const deed = { actor: known.model.last.by, at: this.now, reason: '拆错了' };
    return this.expectOf('take-back', 'either', () => undoLineage(this.#store, known.id, deed));
  }

  #chosen({ pick }: Draw): Known {
    const all = [...this.#watch.known.values()].filter(({ subject }) => subject === 'patch');
    return all[pick % all.length];
  }

  /** What did not add up of a patch does not of those that stand for it. */
  #heirs(numbers: readonly string[], heirs: readonly { number: string }[]): void {
    if (!numbers.some((number) => this.#watch.plantedDifferences.has(number))) return;
    for (const { number } of heirs) this.#watch.plantedDifferences.add(number);
  }

  async #step(known: Known, action: string, draw: Draw): Promise<ServiceError | null> {
    const { subject, id, now, model } = known;
    const given = { judgement: JUDGEMENTS[draw.pick % 4], extension: { count: draw.days, unit: 'calendar-day' } };
    const caseId = action === 'put-in-case' ? await this.#caseFor(id, draw) : '';
    const complete = completeMove({ subject, id, action, at: this.now }, now.state, { ...given, caseId });
    // Nobody takes back what another did: mostly the one who did it tries.
    let actor = action === 'undo' && draw.pick % 4 !== 0 ? model.last.by : draw.actor;
    // Nor approves what they asked for themselves: mostly another answers.
    if (action === 'approve-extension' && draw.other % 3 !== 0) actor = now.request?.actor === 'li' ? 'wang' : 'li';
    const move: Move = { ...complete, actor, ...(await this.#remedied(known, complete, draw)) };
    const terms = { ...standardRules, frozen: this.#watch.frozen(known) };
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
    const refusal = await this.expectOf(name, wanted, () => transition(this.#store, move));
    if (refusal?.code === 'illegal-transition') {
      const possible = allowedActions(subject, now.state, factsOf(now)).map((one) => one.action);
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
    const { number, areaM2 } = await this.#patch(id);
    const wrong = () => void this.#watch.plantedDifferences.add(number);
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
    const { db } = this.#store;
    const links = await db.selectFrom('case_patches').select('caseId').where('patchId', '=', patchId).execute();
    const list = pick % 4 !== 3 && links.length > 0 ? links.map(({ caseId }) => caseId).sort() : this.#ids('case');
    return list[pick % list.length] ?? 'no-case';
  }

  async #isCovered(caseId: string, patchId: string): Promise<boolean> {
    const state = this.#watch.known.get(`case:${caseId}`)?.now.state;
    if (state === undefined || state === 'closed' || state === 'not-filed') return false;
    const { db } = this.#store;
    const links = db.selectFrom('case_patches').select('caseId').where('caseId', '=', caseId);
    return (await links.where('patchId', '=', patchId).execute()).length > 0;
  }

  async #plant(month: string): Promise<void> {
    const { district, lon, lat, geometry, areaM2 } = siteOf(this.#sites++);
    const outline = { lon, lat, geometryJson: JSON.stringify(geometry), areaM2, type: 'bare' };
    await plantPatch(this.#store, { month, district, ...outline, foundAt: this.now });
  }

  #patch(id: string): Promise<PatchRow> {
    return this.#store.db.selectFrom('patches').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  }

  #ids(subject: Subject): string[] {
    return [...this.#watch.known.values()].filter((one) => one.subject === subject).map(({ id }) => id);
  }

  #later(minutes: number): Date {
    this.now = new Date(this.now.getTime() + minutes * 60_000);
    return this.now;
  }

  #doing(month: string) {
    return { month, actor: 'wang', at: this.now };
  }

  /** Mostly the first that is not closed; of a draw whose `other` is 1 the one before it. */
  #month({ pick, other }: Draw): string {
    const current = MONTHS.findIndex((month) => !this.#isClosed(month));
    if (pick % 10 === 9) return MONTHS[other % MONTHS.length];
    const at = current < 0 ? MONTHS.length - 1 : current;
    return MONTHS[Math.max(0, other === 1 ? at - 1 : at)];
  }

  #isClosed(month: string): boolean {
    return this.#watch.closedAt.has(month);
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

type Act = (office: QueueOffice, draw: Draw) => Promise<unknown>;

const ACTS: Record<Draw['what'], Act> = {
  plant: (office, draw) => office.plant(draw),
  patch: (office, draw) => office.steps('patch', draw),
  case: (office, draw) => office.steps('case', draw),
  'open-case': (office, draw) => office.openCase(draw),
  open: (office, draw) => office.open(draw),
  issue: (office, draw) => office.issue(draw),
  close: (office, draw) => office.close(draw),
  correct: (office, draw) => office.correct(draw),
  print: (office, draw) => office.print(draw),
  batch: (office, draw) => office.batch(draw),
  row: (office, draw) => office.row(draw),
  clue: (office, draw) => office.clue(draw),
  split: (office, draw) => office.split(draw),
  merge: (office, draw) => office.merge(draw),
  'take-back': (office, draw) => office.takeBack(draw),
};
