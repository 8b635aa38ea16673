import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Atom } from '../../../../services/legality/facts.ts';
import type { ZoneGeometry } from '../../../../services/zones/geometry/zone-geometry.ts';
import { type AtomZone, atomsOf, cellsOf } from '../../../../services/zones/overlay/atoms.ts';
import type { PreparedPatch } from '../../../../services/zones/overlay/prepared-patch.ts';
import { prepareRuns } from '../../../../services/zones/overlay/runs-patch.ts';
import { prepareShape } from '../../../../services/zones/overlay/shape-patch.ts';
import { geosMissing } from '../../../support/geos.ts';
import { type Random, seeded, starRing } from '../../../support/random-shapes.ts';
import { randomRuns, rectangleRuns } from '../../../support/runs.ts';
import { authalicPatch, authalicZone } from './authalic.ts';
import { geosParts } from './geos-parts.ts';
import { gridsOfHengyang, moved, rectangle, tiles, turned, zoneAt } from './zone-shapes.ts';

const [, grid] = gridsOfHengyang[0];
const sum = (areas: { areaM2: number }[]) => areas.reduce((total, { areaM2 }) => total + areaM2, 0);
const parcel = (id: string, landClass: string | null, geometry: ZoneGeometry): AtomZone => ({
  id,
  layer: 'land-use',
  group: 'land',
  landClass,
  geometry,
});
const basic = (id: string, geometry: ZoneGeometry): AtomZone => ({
  id,
  layer: 'permanent-basic-farmland',
  group: 'plan',
  landClass: null,
  geometry,
});
const approval = (id: string, geometry: ZoneGeometry): AtomZone => ({
  id,
  layer: 'approvals',
  group: 'instrument',
  landClass: null,
  geometry,
});

describe('a patch of 20 × 10 pixels', () => {
  const patch = prepareRuns(rectangleRuns(1000, 2000, 20, 10), grid);
  const pixel = patch.totalM2 / 200;
  const at = (x: number, y: number, width: number, height: number) =>
    zoneAt(grid, rectangle(1000 + x, 2000 + y, width, height));
  const pixels = (atoms: Atom[]) =>
    atoms.map(({ areaM2, ...facts }) => ({ pixels: Number((areaM2 / pixel).toFixed(3)), ...facts }));

  it('in no zone is one part in none', () => {
    const none = { layers: [], landClass: null, instruments: [] };
    expect(atomsOf(patch, [])).toEqual([{ areaM2: patch.totalM2, ...none }]);
    expect(atomsOf(patch, [parcel('beside', '0101', at(30, 0, 5, 5))])).toEqual([{ areaM2: patch.totalM2, ...none }]);
  });

  it('is cut by parcels, a protected field and a document into the parts one would draw', () => {
    const atoms = atomsOf(patch, [
      parcel('paddy', '0101', at(-5, -5, 15, 20)),
      parcel('house', '0702', at(10, -5, 20, 20)),
      basic('field', at(-5, -5, 10, 20)),
      approval('doc', at(3, 5, 10, 20)),
    ]);
    expect(pixels(atoms)).toEqual([
      { pixels: 85, layers: ['land-use'], landClass: '0702', instruments: [] },
      { pixels: 40, layers: ['land-use', 'permanent-basic-farmland'], landClass: '0101', instruments: [] },
      { pixels: 25, layers: ['land-use'], landClass: '0101', instruments: ['doc'] },
      { pixels: 25, layers: ['land-use'], landClass: '0101', instruments: [] },
      { pixels: 15, layers: ['land-use'], landClass: '0702', instruments: ['doc'] },
      { pixels: 10, layers: ['land-use', 'permanent-basic-farmland'], landClass: '0101', instruments: ['doc'] },
    ]);
  });

  it('counts ground once where parcels of a layer overlap, and takes it for the lower class, farmland', () => {
    const atoms = atomsOf(patch, [
      parcel('a', '0101', at(-5, -5, 17, 20)),
      parcel('again', '0101', at(-5, -5, 10, 20)),
      parcel('b', '0702', at(8, -5, 20, 20)),
    ]);
    expect(pixels(atoms)).toEqual([
      { pixels: 120, layers: ['land-use'], landClass: '0101', instruments: [] },
      { pixels: 80, layers: ['land-use'], landClass: '0702', instruments: [] },
    ]);
  });

  it('says that two documents cover a place, and that one in two parts is one', () => {
    const atoms = atomsOf(patch, [
      approval('b', at(-5, -5, 15, 20)),
      approval('a', at(5, -5, 10, 20)),
      approval('b', at(18, -5, 10, 20)),
    ]);
    expect(pixels(atoms).map(({ pixels, instruments }) => [pixels, instruments])).toEqual([
      [70, ['b']],
      [50, ['a', 'b']],
      [50, ['a']],
      [30, []],
    ]);
  });

  it('leaves slivers of two surveys of one border with their neighbours, and keeps what is larger', () => {
    const halves = (gap: number) => [
      parcel('w', '0101', at(-5, -5, 15 - gap, 20)),
      parcel('e', '0103', at(10, -5, 20, 20)),
    ];
    const classes = (gap: number) =>
      atomsOf(patch, halves(gap))
        .map(({ landClass }) => landClass)
        .sort();
    // 10 m long: 5 cm², and 50 cm².
    expect(classes(5e-5)).toEqual(['0101', '0103']);
    expect(sum(atomsOf(patch, halves(5e-5)))).toBe(patch.totalM2);
    expect(classes(5e-4)).toEqual(['0101', '0103', null]);
  });

  it('ignores lines, which have no area', () => {
    const [ring] = at(5, -5, 3, 20).parts[0];
    const road: AtomZone = { ...basic('r', { kind: 'line', parts: [[ring]] }), layer: 'roads' };
    expect(atomsOf(patch, [road])).toHaveLength(1);
  });

  it('has the same parts in the same order, whatever the order of the zones', () => {
    const zones = randomZones(seeded(41));
    const wide = prepareRuns(randomRuns(seeded(42), 1000, 2000, 60, 40), grid);
    const atoms = atomsOf(wide, zones);
    expect(atoms.length).toBeGreaterThan(8);
    expect(atomsOf(wide, zones.toReversed())).toEqual(atoms);
  });
});

describe('the parts of any patch', () => {
  it('add up to it within 1e-6 as they are measured, and exactly as they are told, in zones that nearly coincide', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
        const random = seeded(seed);
        const patch = randomPatch(random);
        if (patch === null) return true;
        const zones = randomZones(random);
        const measured = sum(cellsOf(patch, zones));
        const told = sum(atomsOf(patch, zones));
        return (
          Math.abs(measured - patch.totalM2) <= 1e-6 * patch.totalM2 &&
          Math.abs(told - patch.totalM2) <= 1e-12 * patch.totalM2
        );
      }),
      { seed: 5, numRuns: 1000 },
    );
  });

  it('of each document are together what it covers', () => {
    const random = seeded(43);
    for (let n = 0; n < 60; n++) {
      const patch = randomPatch(random);
      if (patch === null) continue;
      const zones = randomZones(random);
      const atoms = atomsOf(patch, zones);
      for (const { id, geometry } of zones.filter(({ group }) => group === 'instrument')) {
        const covered = sum(atoms.filter(({ instruments }) => instruments.includes(id)));
        expect(Math.abs(covered - patch.areaInside(geometry))).toBeLessThan(Math.max(2e-3, 1e-6 * patch.totalM2));
      }
    }
  });

  it.skipIf(geosMissing)('are those that GEOS cuts', () => {
    const random = seeded(44);
    const cases = Array.from({ length: 12 }, () => ({
      runs: randomRuns(random, 1000, 2000, 60, 40),
      zones: randomZones(random, 0.02),
    })).filter(({ runs }) => runs.row.length > 0);
    const found = geosParts(
      cases.map(({ runs, zones }) => ({
        patch: authalicPatch(runs, grid),
        zones: zones.map((zone) => [nameOf(zone), authalicZone(zone.geometry)]),
      })),
    );
    cases.forEach(({ runs, zones }, i) => {
      const patch = prepareRuns(runs, grid);
      const wanted = new Map<string, number>();
      for (const [names, areaM2] of Object.entries(found[i])) {
        const key = keyOfNames(names.split('+'));
        wanted.set(key, (wanted.get(key) ?? 0) + areaM2);
      }
      const atoms = atomsOf(patch, zones);
      const got = new Map(
        atoms.map((atom) => [[...atom.layers, atom.landClass, ...atom.instruments].join(), atom.areaM2]),
      );
      for (const key of new Set([...wanted.keys(), ...got.keys()])) {
        const off = Math.abs((wanted.get(key) ?? 0) - (got.get(key) ?? 0));
        expect(off, key).toBeLessThan(Math.max(2e-3, 1e-6 * patch.totalM2));
      }
    });
  });
});

function randomPatch(random: Random): PreparedPatch | null {
  if (random() < 0.3) return prepareShape(zoneAt(grid, moved(starRing(random, 12, 30), 1030, 2020)));
  const runs = randomRuns(random, 1000, 2000, 8 + 52 * random(), 1 + 39 * random());
  return runs.row.length > 0 ? prepareRuns(runs, grid) : null;
}

/** Parcels of four classes that tile the ground, fields that are nearly some of them, and documents anywhere. */
function randomZones(random: Random, angle = 10 ** (-12 + 10 * random())): AtomZone[] {
  const around = rectangle(950, 1950, 160, 140);
  const seed = Math.floor(1e9 * random());
  const parcels = tiles(seeded(seed), grid, around, 3);
  const resurveyed = tiles(seeded(seed), grid, turned(around, [1030, 2020], angle), 3);
  return [
    ...parcels.map((geometry, i) => parcel(`p${i}`, ['0101', '0103', '0702', null][i % 4], geometry)),
    ...resurveyed.filter((_, i) => i % 2 === 0).map((geometry, i) => basic(`b${i}`, geometry)),
    ...[0, 5, 10].map((x) => approval(`a${x}`, zoneAt(grid, moved(starRing(random, 9, 40), 1025 + x, 2020)))),
  ];
}

const nameOf = ({ group, layer, landClass, id }: AtomZone): string =>
  group === 'instrument' ? `document:${id}` : `layer:${layer}:${landClass ?? ''}`;

function keyOfNames(names: string[]): string {
  const parts = names.map((name) => name.split(':'));
  const layers = parts.flatMap(([kind, layer]) => (kind === 'layer' ? [layer] : []));
  const classes = parts.flatMap(([kind, , landClass]) => (kind === 'layer' && landClass ? [landClass] : []));
  const documents = parts.flatMap(([kind, id]) => (kind === 'document' ? [id] : []));
  return [...[...new Set(layers)].sort(), classes.sort()[0] ?? null, ...documents.sort()].join();
}
