import { join } from 'node:path';
import type { Polygon } from 'geojson';
import { closeMonth } from '../../../services/cycle/close.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import type { MonthRecord } from '../../../services/cycle/record.ts';
import { workTheQueue } from '../../../services/demonstration/office.ts';
import { addClue } from '../../../services/field/clues/add-clue.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { lastDayOf, monthAfter } from '../../../services/month/calendar-month.ts';
import { runMonth } from '../../../services/month/run.ts';
import type { RunSummary } from '../../../services/month/summary.ts';
import { addSceneFile } from '../../../services/scenes/scene-record.ts';
import { type CountyManifest, createCounty } from '../../../services/simulation/county.ts';
import type { Store } from '../../../services/store/open.ts';
import { patchesOfMonth } from '../../../services/store/patches.ts';
import { listZones } from '../../../services/store/zones.ts';
import { fromWkb, toGeoJson } from '../../../services/zones/geometry/wkb.ts';
import { importLayer } from '../../../services/zones/import/import-layer.ts';

/** Four tiles of 256 m: the least in which images show something in every month; a villager reports one place in each, too. */
const SIZE = { seed: 5, tilesAcross: 4, tilesDown: 1, tileSize: 256, wholeYear: true };

/** A year of a simulated county's office, month by month. */
export class CountyYear {
  readonly store: Store;
  readonly months: readonly string[];
  readonly #folder: string;
  readonly #county: CountyManifest;

  private constructor(store: Store, folder: string, county: CountyManifest) {
    this.store = store;
    this.months = county.months;
    this.#folder = folder;
    this.#county = county;
  }

  /** The layers are there, and the images of the month before the year. */
  static async begin(store: Store, folder: string): Promise<CountyYear> {
    const county = await createCounty(folder, { ...SIZE, workers: 2 });
    const year = new CountyYear(store, folder, county);
    const [first, last] = [county.months[0], county.months.at(-1) as string];
    // Districts first: the other layers take their district from them.
    const rank = ({ layer }: { layer: string }) => (layer === 'districts' ? 0 : 1);
    for (const { path, layer, validFrom } of county.layers.toSorted((a, b) => rank(a) - rank(b))) {
      const given = { path: join(folder, path), layer, validFrom, completeTo: lastDayOf(last) };
      await importLayer(store, { ...given, now: new Date(`${first}-01T00:00:00Z`) });
    }
    await year.#addScenes((date) => date < `${first}-01`);
    return year;
  }

  /** One month from its first image to its close, a month after its end; the close before the next month's run. */
  async month(month: string): Promise<{ run: RunSummary; record: MonthRecord }> {
    const { store } = this;
    await this.#addScenes((date) => date.startsWith(month));
    await this.#report(month);
    const found = Date.parse(`${lastDayOf(month)}T18:00:00.000Z`);
    const run = await runMonth(store, { month, workers: 2, now: new Date(found) });
    await openMonth(store, { month, actor: '王五', at: new Date(found + 3_600_000) });
    await issueMonth(store, { month, actor: '王五', at: new Date(found + 24 * 3_600_000) });
    const closing = new Date(`${lastDayOf(monthAfter(month))}T10:00:00.000Z`);
    for (const earlier of this.months) if (earlier <= month) await workTheQueue(store, earlier, closing, this.#folder);
    await this.#dismissOne(month, closing);
    await this.#confirmOne(closing);
    const { record } = await closeMonth(store, { month, actor: '王五', at: closing });
    return { run, record };
  }

  async #addScenes(isDue: (date: string) => boolean): Promise<void> {
    for (const { path, date, sensor, bands } of this.#county.scenes) {
      if (!isDue(date)) continue;
      const facts = { date, sensor, bands: [...bands] };
      await addSceneFile(this.store, join(this.#folder, path), facts, new Date(`${date}T06:00:00Z`));
    }
  }

  /** A villager reports a field, another one each month. */
  async #report(month: string): Promise<void> {
    const fields = await listZones(this.store.db, { date: `${month}-01`, layers: ['farmland'] });
    const field = fields[(17 * (this.months.indexOf(month) + 1)) % fields.length];
    const geometry = toGeoJson(fromWkb(field.geometry)) as Polygon;
    const said = { source: 'public', type: 'bare', who: '村民', text: `${month} 有人挖土` } as const;
    const at = new Date(`${month}-20T02:00:00Z`);
    await addClue(this.store, { ...said, unchangedOn: null, geometry, at }, new Date(at.getTime() + 3_600_000));
  }

  /** Of those that wait for a judgement the first turns out to be no change. */
  async #dismissOne(month: string, at: Date): Promise<void> {
    const verified = (await patchesOfMonth(this.store.db, month)).find(({ state }) => state === 'verified');
    if (verified === undefined) return;
    const step = { subject: 'patch', id: verified.id, action: 'close-false-change', actor: '赵六', at } as const;
    await transition(this.store, { ...step, reason: 'season', payload: { evidence: ['photo'], note: '轮作' } });
  }

  /** Of what was cleared one is seen to be fields again: all of its breach counts as put back from then on. */
  async #confirmOne(at: Date): Promise<void> {
    const { db } = this.store;
    const cleared = db.selectFrom('patches').select('id').where('state', '=', 'resolved').orderBy('number');
    const first = await cleared.executeTakeFirst();
    if (first === undefined) return;
    const step = { subject: 'patch', id: first.id, action: 'confirm-restored', actor: 'tuban', at } as const;
    await transition(this.store, { ...step, payload: { evidence: ['image'] } });
  }
}
