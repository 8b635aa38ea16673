import { serveJobs } from '../../jobs/thread-entry.ts';
import type { LayerPiece } from '../layer-files/layer-file.ts';
import { readPiece } from '../layer-files/read-piece.ts';
import { prepareZones, type ZoneTerms } from './prepare-zones.ts';
import type { PreparedZones } from './prepared-zones.ts';
import { type DistrictArea, type KnownDistricts, knownDistricts } from './zone-district.ts';

/** What a thread of an import is asked to do. */
export interface PieceJob {
  piece: LayerPiece;
  reading: Parameters<typeof readPiece>[1];
  terms: ZoneTerms;
  /** The same for all pieces of an import: handed over once per thread. */
  districts: { key: string; areas: DistrictArea[] | null };
}

const known = new Map<string, KnownDistricts>();

/** Null: this thread does not know the districts yet; ask again with their areas. */
async function preparePiece({ piece, reading, terms, districts }: PieceJob): Promise<PreparedZones | null> {
  if (districts.areas !== null) {
    known.clear();
    known.set(districts.key, knownDistricts(districts.areas));
  }
  const here = known.get(districts.key);
  return here === undefined ? null : prepareZones(await readPiece(piece, reading), terms, here);
}

serveJobs({ piece: preparePiece });
