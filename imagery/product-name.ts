import type { BandRole, RadiometricScale } from './scene.ts';
import { type SensorPreset, sensorPresets } from './sensors.ts';

/** What the name of a product file says. */
export interface ProductName {
  preset: SensorPreset;
  /** YYYY-MM-DD as the name has it: UTC where it has a time, else the provider's day. */
  date: string;
  /** HH:MM:SS in UTC, or null. */
  timeUtc: string | null;
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
    const date = isoDate(groups['date']);
    if (date === null) continue;
    const time = groups['time'];
    return {
      preset,
      date,
      timeUtc: time === undefined ? null : `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`,
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

/** 20240612 as 2024-06-12, or null where there is no such day. */
function isoDate(digits: string): string | null {
  const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) ? text : null;
}
