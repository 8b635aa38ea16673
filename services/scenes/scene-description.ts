import type { Polygon } from 'geojson';
import { groundPixelSizeM } from '../../imagery/ellipsoid.ts';
import type { Grid } from '../../imagery/grid.ts';
import { findPreset } from '../../imagery/product-name.ts';
import type { BandRole, RadiometricScale } from '../../imagery/scene.ts';
import { sarRoles } from '../../imagery/scene.ts';
import type { SceneRow } from '../store/scenes.ts';
import { edgeLonLat, sceneOfRow } from './scene-record.ts';

/** All that the workspace knows of a scene. */
export interface SceneDetail {
  id: string;
  sha256: string;
  path: string;
  bytes: number | null;
  kind: 'optical' | 'sar';
  sensor: string;
  /** What the sensor's name stands for in the table of sensors, or null. */
  preset: string | null;
  /** Local day YYYY-MM-DD and time HH:MM:SS. */
  date: string;
  time: string | null;
  bands: BandRole[];
  sampleType: string;
  nodata: number | null;
  saturation: number | null;
  reflectance: RadiometricScale | null;
  crs: string | null;
  width: number;
  height: number;
  /** Side of a pixel on the ground, metres. */
  gsdM: number;
  bbox: [minLon: number, minLat: number, maxLon: number, maxLat: number];
  /** The grid's outline in lon/lat; what of it is nodata is in it too. */
  footprint: Polygon;
  cloudFraction: number | null;
  /** Who says so: the provider, or a sample of the pixels when it was added. */
  cloudBy: 'provider' | 'sample' | null;
  mask: { path: string; kind: string; sha256: string } | null;
  licence: string | null;
  addedAt: string;
  removedAt: string | null;
}

/** Points along each side of a footprint: a projected side is no straight line in lon/lat. */
const footprintSteps = 4;

export function describeRow(row: SceneRow): SceneDetail {
  const scene = sceneOfRow(row);
  const { grid, bands } = scene;
  const gsdM = groundSampleDistanceM(grid);
  const preset = findPreset(row.sensor, row.sampleType, gsdM);
  return {
    id: row.id,
    sha256: row.sha256,
    path: row.path,
    bytes: row.bytes,
    kind: bands.every((role) => sarRoles.includes(role)) ? 'sar' : 'optical',
    sensor: row.sensor,
    preset: preset?.name ?? null,
    date: row.date,
    time: row.time,
    bands,
    sampleType: row.sampleType,
    nodata: row.nodata,
    saturation: row.saturation,
    reflectance: scene.reflectance,
    crs: grid.crs,
    width: grid.width,
    height: grid.height,
    gsdM: Math.round(gsdM * 1000) / 1000,
    bbox: [row.minLon, row.minLat, row.maxLon, row.maxLat],
    footprint: footprintOf(grid),
    cloudFraction: row.cloudFraction,
    cloudBy: row.cloudBy,
    mask: scene.mask,
    licence: row.licence ?? preset?.licence ?? null,
    addedAt: row.addedAt,
    removedAt: row.removedAt,
  };
}

function groundSampleDistanceM(grid: Grid): number {
  const size = groundPixelSizeM(grid);
  return size === null ? Number.NaN : Math.sqrt(size.x * size.y);
}

/** Outline of a grid in lon/lat, anticlockwise, to a ten-millionth of a degree (1 cm). */
export function footprintOf(grid: Grid): Polygon {
  const ring = edgeLonLat(grid, footprintSteps).map(([lon, lat]) => [rounded(lon), rounded(lat)]);
  return { type: 'Polygon', coordinates: [[...ring, ring[0]]] };
}

function rounded(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}
