import { availableParallelism } from 'node:os';
import { ThreadPool } from '../../jobs/threads.ts';
import type { LayerRow } from '../../store/layers.ts';
import type { Store } from '../../store/open.ts';
import type { LayerPiece, OpenLayer } from '../layer-files/layer-file.ts';
import { readPiece } from '../layer-files/read-piece.ts';
import { DISTRICTS_LAYER, roleOf } from '../layer-roles.ts';
import { type IdSource, idSourceOf } from './feature-identity.ts';
import { prepareZones, type ZoneTerms } from './prepare-zones.ts';
import type { PreparedZones } from './prepared-zones.ts';
import type { ImportRequest } from './request.ts';
import type { PieceJob } from './thread.ts';
import { type DistrictArea, knownDistricts } from './zone-district.ts';
import { ZoneWriter } from './zone-writer.ts';

/** A file of fewer bytes is read here: a thread takes longer to start. */
const SMALL_BYTES = 1 << 20;

/** The longest that one piece may take; a sound one takes a fraction of a second. */
const PIECE_MS = 300_000;

/** Reads a file piece by piece, in threads, and stores what they make of it, in order of the file. */
export async function storeZones(
  store: Store,
  request: ImportRequest,
  file: OpenLayer,
  layer: LayerRow,
  districts: DistrictArea[],
): Promise<void> {
  const writer = await ZoneWriter.open(store, request, file, layer);
  const size = request.workers ?? availableParallelism();
  const isSmall = file.files.reduce((sum, { bytes }) => sum + bytes, 0) < SMALL_BYTES;
  const pool = isSmall ? null : new ThreadPool(size, new URL('./thread.ts', import.meta.url), threadOptions());
  try {
    const source = await identitySource(file, request);
    const terms: ZoneTerms = {
      layer: request.layer,
      kind: roleOf(request.layer)?.kind ?? 'either',
      crs: file.crs.crs,
      format: file.format,
      ids: source,
      areDistricts: request.layer === DISTRICTS_LAYER,
      scope: request.scope ?? '',
    };
    await writer.begin(source);
    const here = knownDistricts(districts);
    const prepare = async (piece: LayerPiece): Promise<PreparedZones> =>
      pool === null
        ? prepareZones(await readPiece(piece, file.reading), terms, here)
        : inThread(pool, { piece, reading: file.reading, terms, districts: { key: layer.id, areas: null } }, districts);
    const underway: { piece: LayerPiece; zones: Promise<PreparedZones> }[] = [];
    const takeOne = async () => {
      const { zones } = underway.shift()!;
      await writer.take(await zones);
      if (!request.signal?.aborted) return;
      await writer.keep();
      throw request.signal.reason;
    };
    for await (const piece of file.pieces()) {
      if (piece.firstIndex < layer.readTo) continue;
      const zones = prepare(piece);
      zones.catch(() => {}); // it is awaited in its turn; till then it must not end the process
      underway.push({ piece, zones });
      if (underway.length > 2 * size) await takeOne();
    }
    while (underway.length > 0) await takeOne();
    await writer.finish();
  } finally {
    await pool?.close();
  }
}

/** Sends the districts along only to a thread that does not know them yet. */
async function inThread(pool: ThreadPool, job: PieceJob, areas: DistrictArea[]): Promise<PreparedZones> {
  const answer = (await pool.run('piece', job)) as PreparedZones | null;
  if (answer !== null) return answer;
  const { districts } = job;
  return (await pool.run('piece', { ...job, districts: { ...districts, areas } })) as PreparedZones;
}

function threadOptions() {
  return {
    limitMs: () => PIECE_MS,
    nameOf: (_: string, job: unknown) => `${(job as PieceJob).piece.path}: reading it`,
  };
}

/** Where the ids stand is told from the first piece and then holds for all. */
async function identitySource(file: OpenLayer, { layer, idField }: ImportRequest): Promise<IdSource> {
  if (layer === DISTRICTS_LAYER && idField === undefined) return 'district code';
  for await (const piece of file.pieces()) return idSourceOf(await readPiece(piece, file.reading), idField);
  return 'index';
}
