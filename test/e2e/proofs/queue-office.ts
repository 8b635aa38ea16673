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
import { addClue } from '../../../services/field/clues/add-clue.ts';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { stateOf } from '../../../services/lifecycle/transitions.ts';
import { mergePatches } from '../../../services/lineage/merge.ts';
import { splitPatch } from '../../../services/lineage/split.ts';
import { undoLineage } from '../../../services/lineage/take-back.ts';
import { batchRowNamed, listBatches } from '../../../services/store/batch-files.ts';
import { allPieces } from '../../../services/store/cycle-rows.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { QueueDesk } from './queue-desk.ts';
import type { Draw } from './queue-draws.ts';
import { DISTRICTS, FILES, filePath, rowName, siteOf } from './queue-ground.ts';
import { QueueSteps } from './queue-steps.ts';
import type { Known, QueueWatch } from './queue-watch.ts';

export const MONTHS = ['2025-04', '2025-05', '2025-06', '2025-07'];

/** People at work on months, patches, cases, batches and clues: everything that a list of draws tells them. */
export class QueueOffice {
  readonly desk: QueueDesk;
  readonly steps: QueueSteps;
  readonly #folder: string;
  readonly #profile: BatchProfile;
  readonly #opened = new Set<string>();
  readonly #issued = new Set<string>();
  #sites = 0;

  private constructor(store: Store, watch: QueueWatch, folder: string, profile: BatchProfile) {
    this.desk = new QueueDesk(store, watch);
    this.steps = new QueueSteps(this.desk);
    this.#folder = folder;
    this.#profile = profile;
  }

  /** The first month open, its tasks sent. */
  static async begin(store: Store, watch: QueueWatch, folder: string): Promise<QueueOffice> {
    const office = new QueueOffice(store, watch, folder, await profileNamed('exchange'));
    for (let n = 0; n < 4; n++) await office.#plant(MONTHS[0]);
    const first = { month: MONTHS[0], actor: 'wang', at: office.desk.now };
    await openMonth(store, first);
    await issueMonth(store, { ...first, at: office.desk.later(60) });
    office.#opened.add(MONTHS[0]);
    office.#issued.add(MONTHS[0]);
    await watch.afterStep();
    return office;
  }

  async act(draw: Draw): Promise<void> {
    this.desk.later(draw.minutes);
    await ACTS[draw.what](this, draw);
  }

  plant(draw: Draw): Promise<unknown> {
    return this.desk.expectOf('plant', 'done', () => this.#plant(this.#month(draw)));
  }

  openCase(draw: Draw): Promise<unknown> {
    const patches = this.desk.ids('patch');
    const patchIds = [patches[draw.pick % Math.min(4, patches.length)], patches[draw.other % patches.length]];
    const opening = { title: `case ${draw.pick % 3}`, district: DISTRICTS[draw.pick % 3], actor: draw.actor, patchIds };
    return this.desk.expectOf('case', 'done', () => openCase(this.desk.store, { ...opening, at: this.desk.now }));
  }

  async open(draw: Draw): Promise<unknown> {
    const month = this.#month(draw);
    const force = draw.other % 3 === 0 ? '催办' : undefined;
    const found = await this.desk.store.db.selectFrom('patches').select('month').distinct().execute();
    const begun = [...this.#opened, ...found.map((row) => row.month)].filter((name) => name < month);
    const before = begun.sort().at(-1);
    const refused = !this.#opened.has(month) && before !== undefined && !this.#isClosed(before) && force === undefined;
    return this.desk.expectOf(`open ${month}`, refused ? 'bad-input' : 'done', async () => {
      await openMonth(this.desk.store, this.#doing(month), force);
      this.#opened.add(month);
    });
  }

  issue(draw: Draw): Promise<unknown> {
    const month = this.#month(draw);
    const wanted = this.#opened.has(month) && !this.#isClosed(month) ? 'done' : 'bad-input';
    return this.desk.expectOf(`issue ${month}`, wanted, async () => {
      await issueMonth(this.desk.store, this.#doing(month));
      this.#issued.add(month);
    });
  }

  close(draw: Draw): Promise<unknown> {
    const month = this.#month(draw);
    const wanted = this.#issued.has(month) ? 'done' : 'bad-input';
    return this.desk.expectOf(`close ${month}`, wanted, () => closeMonth(this.desk.store, this.#doing(month)));
  }

  correct(draw: Draw): Promise<unknown> {
    const month = this.#month({ ...draw, other: draw.other % 2 });
    const wanted = this.#isClosed(month) ? 'either' : 'bad-input';
    const doing = { ...this.#doing(month), reason: '核对' };
    return this.desk.expectOf(`correct ${month}`, wanted, () => correctMonth(this.desk.store, doing));
  }

  print(draw: Draw): Promise<unknown> {
    const month = this.#month({ ...draw, other: draw.other % 2 });
    const wanted = this.#isClosed(month) ? 'done' : 'not-found';
    return this.desk.expectOf(`print ${month}`, wanted, () => printedMonth(this.desk.store, month));
  }

  /** A file from above, its rows matched with what is known. */
  batch(draw: Draw): Promise<unknown> {
    const request = { path: filePath(this.#folder, draw.pick % FILES), profile: this.#profile, by: draw.actor };
    const month = this.#month(draw);
    // Patches enter no month that is closed; what was imported before is only matched again.
    return this.desk.expectOf('batch', this.#isClosed(month) ? 'either' : 'done', async () => {
      const { batch } = await importBatch(this.desk.store, { ...request, month, now: this.desk.now });
      await matchBatch(this.desk.store, batch, this.desk.now);
    });
  }

  /** A person says what a row is, or sends it to another department. */
  async row(draw: Draw): Promise<unknown> {
    const batches = await listBatches(this.desk.store.db);
    if (batches.length === 0) return;
    const batch = batches[draw.pick % batches.length];
    const file = Number(/sent-(\d)/.exec(batch.name)![1]);
    const row = await batchRowNamed(this.desk.store.db, batch.id, rowName(file, draw.other));
    const by = draw.actor;
    if (draw.other % 2 === 0) {
      const to = draw.pick % 2 === 0 ? 'new' : this.desk.ids('patch')[draw.pick % 5];
      const said = { to: to ?? 'new', by, reason: '实地看过', now: this.desk.now };
      return this.desk.expectOf('overrule', 'done', () => overruleMatch(this.desk.store, batch, row, said));
    }
    const action = (['refer', 'accept', 'refuse'] as const)[draw.pick % 3];
    const routing = { action, by, now: this.desk.now, department: '农业农村局', note: '农民建房', reason: 'other' };
    const { department, reason, ...always } = routing;
    const given = action === 'refer' ? { ...always, department } : action === 'refuse' ? { ...always, reason } : always;
    return this.desk.expectOf(`route-${action}`, 'either', () => routeRow(this.desk.store, batch, row, given));
  }

  clue(draw: Draw): Promise<unknown> {
    const site = siteOf(draw.other % 3 === 0 ? 60 + (draw.pick % 20) : draw.pick % 8);
    const report = {
      ...({ source: 'public', type: 'bare' } as const),
      ...{ who: '村民', text: `有人在挖土 ${draw.pick % 4}`, unchangedOn: null, geometry: site.geometry },
      at: new Date('2025-05-01T00:00:00Z'),
    };
    return this.desk.expectOf('clue', 'done', () => addClue(this.desk.store, report, this.desk.now));
  }

  /** Cut through the middle, north to south. */
  async split(draw: Draw): Promise<unknown> {
    const known = this.#chosen(draw);
    const { number, minLon, maxLon, minLat, maxLat } = await this.desk.patch(known.id);
    const middle = (minLon + maxLon) / 2;
    const lines = [new Float64Array([middle, minLat - 1e-4, middle, maxLat + 1e-4])];
    const isOpen = stateOf('patch', known.now.state).outcome === 'open';
    const deed = { actor: draw.actor, at: this.desk.now, reason: '两户各占一半' };
    return this.desk.expectOf(`split ${number}`, isOpen ? 'done' : 'bad-input', async () => {
      const { pieces } = await splitPatch(this.desk.store, { patch: number, by: { lines }, ...deed });
      this.#heirs([number], pieces);
    });
  }

  /** Mostly two pieces of one patch, which are alike unless somebody has moved one of them. */
  async merge(draw: Draw): Promise<unknown> {
    const pieces = await allPieces(this.desk.store.db);
    const parentId = pieces[draw.pick % pieces.length]?.parentId;
    const siblings = pieces.filter((one) => one.parentId === parentId).map(({ childId }) => childId);
    const patches = draw.other % 3 === 0 || parentId === undefined ? this.desk.ids('patch').slice(0, 2) : siblings;
    const deed = { actor: draw.actor, at: this.desk.now, reason: '实为一处' };
    return this.desk.expectOf('merge', 'either', async () => {
      const { parents, merged } = await mergePatches(this.desk.store, { patches, ...deed });
      this.#heirs(
        parents.map(({ number }) => number),
        [merged],
      );
    });
  }

  takeBack(draw: Draw): Promise<unknown> {
    const replaced = [...this.desk.watch.known.values()].filter(({ now }) => ['split', 'merged'].includes(now.state));
    const known = replaced[draw.pick % replaced.length] ?? this.#chosen(draw);
    const deed = { actor: known.model.last.by, at: this.desk.now, reason: '拆错了' };
    return this.desk.expectOf('take-back', 'either', () => undoLineage(this.desk.store, known.id, deed));
  }

  #chosen({ pick }: Draw): Known {
    const all = [...this.desk.watch.known.values()].filter(({ subject }) => subject === 'patch');
    return all[pick % all.length];
  }

  /** What did not add up of a patch does not of those that stand for it. */
  #heirs(numbers: readonly string[], heirs: readonly { number: string }[]): void {
    if (!numbers.some((number) => this.desk.watch.plantedDifferences.has(number))) return;
    for (const { number } of heirs) this.desk.watch.plantedDifferences.add(number);
  }

  async #plant(month: string): Promise<void> {
    const { district, lon, lat, geometry, areaM2 } = siteOf(this.#sites++);
    const outline = { lon, lat, geometryJson: JSON.stringify(geometry), areaM2, type: 'bare' };
    await plantPatch(this.desk.store, { month, district, ...outline, foundAt: this.desk.now });
  }

  #doing(month: string) {
    return { month, actor: 'wang', at: this.desk.now };
  }

  /** Mostly the first that is not closed; of a draw whose `other` is 1 the one before it. */
  #month({ pick, other }: Draw): string {
    const current = MONTHS.findIndex((month) => !this.#isClosed(month));
    if (pick % 10 === 9) return MONTHS[other % MONTHS.length];
    const at = current < 0 ? MONTHS.length - 1 : current;
    return MONTHS[Math.max(0, other === 1 ? at - 1 : at)];
  }

  #isClosed(month: string): boolean {
    return this.desk.watch.closedAt.has(month);
  }
}

type Act = (office: QueueOffice, draw: Draw) => Promise<unknown>;

const ACTS: Record<Draw['what'], Act> = {
  plant: (office, draw) => office.plant(draw),
  patch: (office, draw) => office.steps.take('patch', draw),
  case: (office, draw) => office.steps.take('case', draw),
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
