import type { BandRole, RadiometricScale } from './scene.ts';
import { type SensorPreset, sensorPresets } from './sensors.ts';

/** What the name of a product file says. */
export interface ProductName {
  preset: SensorPreset;
  /** Local day YYYY-MM-DD: from the name's UTC time where it has one, else the day as the name has it. */
  date: string;
  /** Local time HH:MM:SS, or null. */
  time: string | null;
  /** Sentinel-2 processing baseline as a number, 510 = 05.10, or null. */
  baseline: number | null;
  /** Polarisations in file order where the name says them. */
  bands: BandRole[] | null;
}

/** Sentinel-1's two-letter polarisation codes. */
const sentinelPolarisations: Readonly<Record<string, BandRole[]>> = {
  DV: ['VV', 'VH'],
  DH: ['HH', 'HV'],
  SV: ['VV'],
  SH: ['HH'],
};

/** From this Sentinel-2 baseline on, 1000 is added to the numbers so that none is negative. */
const baselineWithOffset = 400;

/** Reads a file name as its provider wrote it, whatever was appended. Null where it is nobody's. */
export function readProductName(path: string): ProductName | null {
  const name = path.replace(/^.*[/\\]/, '');
  for (const preset of sensorPresets) {
    const groups = preset.fileName.exec(name)?.groups;
    if (groups === undefined) continue;
    const acquired = localMoment(groups['date'], groups['time']);
    if (acquired === null) continue;
    return {
      preset,
      ...acquired,
      baseline: groups['baseline'] === undefined ? null : Number(groups['baseline']),
      bands: groups['polarisation'] === undefined ? null : polarisations(groups['polarisation']),
    };
  }
  return null;
}

/**
 * The preset somebody means by a sensor's name, however it is written. Where several go by it (a satellite with two
 * cameras), the one whose usual pixel size is nearest and whose sample types fit; null where none goes by it.
 * @param gsdM pixel size of the file in metres, null = unknown
 */
export function findPreset(name: string, sampleType: string, gsdM: number | null): SensorPreset | null {
  const asked = plain(name);
  const named = sensorPresets.filter((preset) => plain(preset.name) === asked || preset.aliases.includes(asked));
  const fitting = named.filter((preset) => (preset.sampleTypes as readonly string[]).includes(sampleType));
  const candidates = fitting.length > 0 ? fitting : named;
  const distances = candidates.map((preset) => (gsdM === null ? 0 : Math.min(...preset.gsdM.map(ratioTo(gsdM)))));
  return candidates[distances.indexOf(Math.min(...distances))] ?? null;
}

/** The roles of a product with so many bands, or null where none is known. */
export function presetBands(preset: SensorPreset, bandCount: number): BandRole[] | null {
  const roles = preset.bands.map((list) => list.split(',') as BandRole[]);
  return roles.find(({ length }) => length === bandCount) ?? null;
}

/** Raw numbers to reflectance, as the product's baseline has it. */
export function presetReflectance(preset: SensorPreset, baseline: number | null): RadiometricScale | null {
  const { reflectance } = preset;
  if (reflectance === null || baseline === null || baseline < baselineWithOffset) return reflectance;
  return { scale: reflectance.scale, offset: -1000 * reflectance.scale };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function ratioTo(gsdM: number): (usual: number) => number {
  return (usual) => Math.abs(Math.log(usual / gsdM));
}

function polarisations(text: string): BandRole[] | null {
  return sentinelPolarisations[text] ?? (text.match(/../g) as BandRole[] | null);
}

/** China Standard Time, all year round. */
const localOffsetMs = 8 * 3_600_000;

/** 20240612 and, in UTC, 225551 as the local day and time; null where there is no such day or time. */
function localMoment(digits: string, timeUtc: string | undefined): { date: string; time: string | null } | null {
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const clock = timeUtc && `${timeUtc.slice(0, 2)}:${timeUtc.slice(2, 4)}:${timeUtc.slice(4)}`;
  const at = new Date(`${day}T${clock ?? '00:00:00'}Z`);
  // A 31st of June is taken for the first of July.
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(day)) return null;
  if (clock === undefined) return { date: day, time: null };
  const local = new Date(at.getTime() + localOffsetMs).toISOString();
  return { date: local.slice(0, 10), time: local.slice(11, 19) };
}
