import { parseCrs } from '../../imagery/crs.ts';
import { sceneHash } from '../../imagery/file-hash.ts';
import { type SuppliedMask, type SuppliedMaskKind, suppliedMaskKinds } from '../../imagery/masks/supplied-mask.ts';
import { parseBandRoles, type SceneDescription } from '../../imagery/scene-file.ts';
import { ServiceError } from '../error.ts';

/** What is said of an image beside what its file says: by options, by a file that lies with it, by its provider. */
export interface SceneFacts extends SceneDescription {
  /** Local acquisition time, HH:MM:SS. */
  time?: string;
  licence?: string;
  /** Share under cloud, 0-1. */
  cloudFraction?: number;
}

/** A mask file as it is said: which file, and what it is read as; unsaid, its name tells. */
export interface MaskWish {
  path: string;
  kind?: SuppliedMaskKind;
}

/** Quality bands by the names their providers give them. */
const maskNames: readonly [name: RegExp, kind: SuppliedMaskKind][] = [
  [/_QA_PIXEL\.\w+$/i, 'landsat-qa'],
  [/_SCL(_\d+m)?\.\w+$/i, 'scl'],
];

/** What a file is as a quality band, by its name; null where it is none. */
export function maskKindByName(path: string): SuppliedMaskKind | null {
  return maskNames.find(([name]) => name.test(path))?.[1] ?? null;
}

/** @throws ImageryError file-missing, not-a-file */
export async function suppliedMask({ path, kind }: MaskWish): Promise<SuppliedMask> {
  return { path, kind: kind ?? maskKindByName(path) ?? 'mask', sha256: await sceneHash(path) };
}

/** Says what was wanted and what was got where a value is none of its kind. */
type Reader<T> = (value: unknown) => T;

const wanted = (what: string, value: unknown): Error => new Error(`wanted ${what}, got ${JSON.stringify(value)}`);

const text: Reader<string> = (value) => {
  if (typeof value === 'string' && value.trim() !== '') return value.trim();
  throw wanted('text', value);
};

const number: Reader<number> = (value) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wanted('a number', value);
};

const day: Reader<string> = (value) => {
  const at = new Date(
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : Number.NaN,
  );
  if (!Number.isNaN(at.getTime()) && at.toISOString().startsWith(String(value))) return String(value);
  throw wanted('a day as YYYY-MM-DD', value);
};

const clock: Reader<string> = (value) => {
  const [, time, seconds] =
    /^((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)?$/.exec(typeof value === 'string' ? value : '') ?? [];
  if (time === undefined) throw wanted('a local time as HH:MM:SS', value);
  return `${time}${seconds ?? ':00'}`;
};

const share: Reader<number> = (value) => {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw wanted('a share from 0 to 1', value);
};

const mask: Reader<MaskWish> = (value) => {
  if (typeof value === 'string') return { path: text(value) };
  const { path, kind } = (value ?? {}) as { path?: unknown; kind?: unknown };
  if (kind === undefined) return { path: text(path) };
  const known = suppliedMaskKinds.find((one) => one === kind);
  if (known === undefined) throw wanted(`a kind of mask (${suppliedMaskKinds.join(', ')})`, kind);
  return { path: text(path), kind: known };
};

/** What a sidecar may say. */
const fields = {
  date: day,
  time: clock,
  sensor: text,
  bands: (value: unknown) => parseBandRoles(Array.isArray(value) ? value.join(',') : text(value)),
  crs: (value: unknown) => parseCrs(text(value)),
  scale: number,
  offset: number,
  nodata: number,
  saturation: number,
  licence: text,
  cloudFraction: share,
  mask,
};

type Said = { [Field in keyof typeof fields]?: ReturnType<(typeof fields)[Field]> };
export type FactsSaid = Omit<SceneFacts, 'mask'> & { mask?: MaskWish };

/**
 * Reads what a sidecar says: JSON with any of date, time, sensor, bands, crs, scale, offset, nodata, saturation,
 * licence, cloudFraction, mask (a file, or {path, kind}). A field it does not know is refused: it would be a slip.
 * @param name the sidecar, as messages shall call it
 * @throws ServiceError scene-invalid, one line
 */
export function parseFacts(json: string, name: string): FactsSaid {
  const refuse = (why: string) => new ServiceError('scene-invalid', `${name}: ${why}.`);
  let read: unknown;
  try {
    read = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    throw refuse('is no JSON');
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw refuse('wanted an object of facts');
  const said: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(read)) {
    const reader = (fields as Record<string, Reader<unknown>>)[field];
    if (reader === undefined)
      throw refuse(`knows no field '${field}'; wanted any of ${Object.keys(fields).join(', ')}`);
    try {
      said[field] = reader(value);
    } catch (error) {
      throw refuse(`field '${field}': ${(error as Error).message.replace(/\.$/, '')}`);
    }
  }
  const { scale, offset, ...facts } = said as Said;
  if (scale === undefined && offset !== undefined) throw refuse("field 'offset': wanted a scale with it");
  return { ...facts, ...(scale !== undefined && { reflectance: { scale, offset: offset ?? 0 } }) } as FactsSaid;
}
