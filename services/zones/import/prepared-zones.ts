import type { LonLatBox } from '../../../imagery/grid.ts';
import type { ZoneRow } from '../../store/zones.ts';

/** Zones ready to be stored, column by column: so they cross from a thread at the cost of a few buffers. */
export interface PreparedZones {
  /** Null where the feature has none: its place in the file stands in. */
  externalId: (string | null)[];
  name: string[];
  district: (string | null)[];
  landClass: (string | null)[];
  propertiesJson: string[];
  /** Their place in the layer. */
  index: Int32Array;
  /** All geometries one after the other, and where each begins; one more entry than zones. */
  wkb: Uint8Array;
  wkbStart: Int32Array;
  /** areaM2, minLon, minLat, maxLon, maxLat of each. */
  measures: Float64Array;
  notes: PreparedNote[];
  /** Features read, stored or not. */
  read: number;
}

export interface PreparedNote {
  featureId: string;
  kind: 'repaired' | 'rejected' | 'outside' | 'note';
  what: string;
}

/** Collects zones one by one. */
export class ZoneCollector {
  readonly #columns = {
    externalId: [] as (string | null)[],
    name: [] as string[],
    district: [] as (string | null)[],
    landClass: [] as (string | null)[],
    propertiesJson: [] as string[],
  };
  readonly #index: number[] = [];
  readonly #geometries: Uint8Array[] = [];
  readonly #measures: number[] = [];
  readonly notes: PreparedNote[] = [];
  #bytes = 0;

  add(
    zone: Pick<ZoneRow, 'name' | 'district' | 'landClass' | 'propertiesJson' | 'areaM2' | 'geometry'> & {
      externalId: string | null;
      index: number;
      box: LonLatBox;
    },
  ): void {
    this.#columns.externalId.push(zone.externalId);
    this.#columns.name.push(zone.name);
    this.#columns.district.push(zone.district);
    this.#columns.landClass.push(zone.landClass);
    this.#columns.propertiesJson.push(zone.propertiesJson);
    this.#index.push(zone.index);
    this.#geometries.push(zone.geometry);
    const { minLon, minLat, maxLon, maxLat } = zone.box;
    this.#measures.push(zone.areaM2, minLon, minLat, maxLon, maxLat);
    this.#bytes += zone.geometry.byteLength;
  }

  done(read: number): PreparedZones {
    const wkb = new Uint8Array(this.#bytes);
    const wkbStart = new Int32Array(this.#geometries.length + 1);
    this.#geometries.forEach((geometry, i) => {
      wkb.set(geometry, wkbStart[i]);
      wkbStart[i + 1] = wkbStart[i] + geometry.byteLength;
    });
    const index = Int32Array.from(this.#index);
    const measures = Float64Array.from(this.#measures);
    return { ...this.#columns, index, wkb, wkbStart, measures, notes: this.notes, read };
  }
}
