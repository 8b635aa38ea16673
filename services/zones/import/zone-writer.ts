import type { Insertable } from 'kysely';
import { countLayerNotes, insertLayerNotes, type LayerRow, updateLayer } from '../../store/layers.ts';
import type { Store } from '../../store/open.ts';
import type { LayerNoteTable, ZoneTable } from '../../store/schema.ts';
import { externalIdsOf, insertZones, nextZoneId } from '../../store/zones.ts';
import type { OpenLayer } from '../layer-files/layer-file.ts';
import { refuseLayer } from '../layer-refusal.ts';
import { DISTRICTS_LAYER } from '../layer-roles.ts';
import { districtCodeWanted, type IdSource, nameOfSource } from './feature-identity.ts';
import { IdRegister } from './id-register.ts';
import { IN_NO_DISTRICT } from './prepare-zones.ts';
import type { PreparedZones } from './prepared-zones.ts';
import type { ImportRequest } from './request.ts';

/** Zones written in one transaction: few enough that other writers wait for a moment only. */
const COMMIT_ZONES = 20_000;

interface Pending {
  zones: Insertable<ZoneTable>[];
  notes: Insertable<LayerNoteTable>[];
  /** Features of the file read so far. */
  readTo: number;
}

/** Numbers, checks and writes zones in order. */
export class ZoneWriter {
  readonly #store: Store;
  readonly #request: ImportRequest;
  readonly #file: OpenLayer;
  readonly #layer: LayerRow;
  readonly #ids: IdRegister;
  #nextId: number;
  #notes: number;
  #features: number;
  #firstRejection: string | null = null;
  /** Zones in no known district. */
  #homeless = 0;
  #pending: Pending;

  static async open(store: Store, request: ImportRequest, file: OpenLayer, layer: LayerRow): Promise<ZoneWriter> {
    const ids = new IdRegister(layer.readTo === 0 ? [] : await externalIdsOf(store.db, layer.id));
    const notes = Object.values(await countLayerNotes(store.db, layer.id)).reduce((sum, count) => sum + count, 0);
    return new ZoneWriter(store, request, file, layer, ids, await nextZoneId(store.db), notes);
  }

  private constructor(
    store: Store,
    request: ImportRequest,
    file: OpenLayer,
    layer: LayerRow,
    ids: IdRegister,
    nextId: number,
    notes: number,
  ) {
    this.#store = store;
    this.#request = request;
    this.#file = file;
    this.#layer = layer;
    this.#ids = ids;
    this.#nextId = nextId;
    this.#notes = notes;
    this.#features = layer.featureCount;
    this.#pending = { zones: [], notes: [], readTo: layer.readTo };
  }

  async begin(source: IdSource): Promise<void> {
    await updateLayer(this.#store.db, this.#layer.id, { idsFrom: nameOfSource(source) });
    if (this.#layer.readTo > 0) return;
    for (const what of this.#file.notes) this.#note('', 'note', what);
  }

  async take(batch: PreparedZones): Promise<void> {
    for (const { featureId, kind, what } of batch.notes) this.#note(featureId, kind, what);
    batch.externalId.forEach((_, i) => {
      this.#pending.zones.push(this.#rowOf(batch, i));
    });
    this.#pending.readTo += batch.read;
    if (this.#pending.zones.length >= COMMIT_ZONES) await this.#write();
    this.#request.onProgress?.(this.#pending.readTo, this.#file.count, this.#features + this.#pending.zones.length);
  }

  /** Writes what was taken so far, for an import that goes on later. */
  async keep(): Promise<void> {
    await this.#write();
  }

  async finish(): Promise<void> {
    const zones = this.#features + this.#pending.zones.length;
    if (zones > 0 && this.#homeless === zones) {
      const doubt = `is its CRS right (${this.#file.crs.because})? --crs says another`;
      this.#note('', 'note', `none of its ${zones} zones lies in a known district: ${doubt}`);
    }
    await this.#write();
    if (this.#features > 0) return;
    const path = this.#path;
    if (this.#firstRejection === null) refuseLayer(path, null, 'has no features; wanted at least one');
    refuseLayer(path, null, `has no feature that can be used: ${this.#firstRejection}`);
  }

  /** As a refusal names it: where a feature's place counts over the files of a folder, the folder. */
  get #path(): string {
    const { files } = this.#file;
    return files.length === 1 ? files[0].path : this.#request.path;
  }

  #rowOf(batch: PreparedZones, i: number): Insertable<ZoneTable> {
    const { measures, wkb, wkbStart } = batch;
    const [areaM2, minLon, minLat, maxLon, maxLat] = measures.subarray(5 * i, 5 * i + 5);
    return {
      id: this.#nextId++,
      layerId: this.#layer.id,
      externalId: this.#uniqueId(batch, i),
      name: batch.name[i],
      district: batch.district[i],
      landClass: batch.landClass[i],
      propertiesJson: batch.propertiesJson[i],
      geometry: Buffer.from(wkb.buffer, wkb.byteOffset + wkbStart[i], wkbStart[i + 1] - wkbStart[i]),
      areaM2,
      minLon,
      minLat,
      maxLon,
      maxLat,
    };
  }

  /**
   * A feature without id is called by its place; of two that share one, the later is told apart, and both are kept. But
   * a district without code, or two with one, would put patches into the wrong hands: such a file is refused whole.
   */
  #uniqueId({ externalId, index, propertiesJson }: PreparedZones, i: number): string {
    const id = externalId[i] ?? `#${index[i]}`;
    const isDistrict = this.#request.layer === DISTRICTS_LAYER;
    const refuse = (problem: string) => refuseLayer(this.#path, { index: index[i], id }, problem);
    if (isDistrict && externalId[i] === null) {
      refuse(`is a district without code: wanted ${districtCodeWanted}, got ${propertiesJson[i].slice(0, 80)}`);
    }
    if (this.#ids.add(id)) return id;
    if (isDistrict) refuse('has the code of a district before it; wanted one feature per district: merge the parts');
    let n = 2;
    while (!this.#ids.add(`${id}#${n}`)) n++;
    const unique = `${id}#${n}`;
    this.#note(id, 'repaired', `this id was given before; the feature is kept as ${unique}`);
    return unique;
  }

  #note(featureId: string, kind: LayerNoteTable['kind'], what: string): void {
    if (kind === 'rejected') {
      this.#firstRejection ??= `${featureId} ${what}`;
      if (this.#request.strict)
        refuseLayer(this.#path, null, `feature ${featureId} ${what}; nothing was imported, as --strict asks`);
    }
    if (what === IN_NO_DISTRICT) this.#homeless++;
    this.#pending.notes.push({ layerId: this.#layer.id, seq: ++this.#notes, featureId, kind, what });
  }

  async #write(): Promise<void> {
    const { zones, notes, readTo } = this.#pending;
    this.#pending = { zones: [], notes: [], readTo };
    this.#features += zones.length;
    await this.#store.db.transaction().execute(async (trx) => {
      await insertZones(trx, zones);
      await insertLayerNotes(trx, notes);
      await updateLayer(trx, this.#layer.id, { readTo, featureCount: this.#features });
    });
  }
}
