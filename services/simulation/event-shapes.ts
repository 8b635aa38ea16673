import type { StageLook } from './event-kinds.ts';
import type { EventStage, PlantedEvent } from './events.ts';
import type { Footprint } from './footprints.ts';
import { disc, inset, type Point, type Ring, rectangle, scaled } from './geometry.ts';
import { addHouse, addShape, addStanding, type Ground } from './ground-shapes.ts';
import { between, integer, pick, type Random, seeded } from './random.ts';
import { surfaceSlot } from './surface-paint.ts';
import { planHouse, roofed } from './villages.ts';

/** What the events had made of the ground by a date: the latest stage of each that had begun. */
export function eventGround(seed: number, events: PlantedEvent[], date: string): Ground {
  const ground: Ground = { shapes: [], standing: [] };
  for (const event of events) {
    const stage = event.stages.findLast((candidate) => candidate.from <= date);
    if (stage !== undefined) addStage(ground, seed, event, stage);
  }
  return ground;
}

/** The whole footprint is painted at every stage, so the outline in the truth is what changed. */
function addStage(ground: Ground, seed: number, event: PlantedEvent, stage: EventStage): void {
  const random = seeded(seed, 'stage', event.id, stage.look);
  LOOKS[stage.look](ground, random, event.footprint);
}

const LOOKS: Record<StageLook, (ground: Ground, random: Random, footprint: Footprint) => void> = {
  bare: addBare,
  dug: addDug,
  bulldozed: addBare,
  house: addHouseSite,
  shed: addShedSite,
  yard: addYard,
  road: (ground, random, { outline }) =>
    addShape(ground, outline, surfaceSlot(random() < 0.7 ? 'concrete' : 'asphalt')),
  pond: addPond,
  'sand-pit': addSandPit,
  orchard: (ground, _random, { outline }) => addShape(ground, outline, surfaceSlot('young-orchard')),
};

function addBare(ground: Ground, random: Random, footprint: Footprint): void {
  addShape(ground, footprint.outline, surfaceSlot(pick(random, ['subsoil-red', 'subsoil-yellow', 'subsoil-red'])));
  scatter(random, footprint, 260, 0.8, (at, radius) =>
    addShape(ground, heap(random, at, radius * 1.6), surfaceSlot('subsoil-damp')),
  );
  scatter(random, footprint, 700, 0.75, (at, radius) => {
    addShape(ground, heap(random, at, radius), surfaceSlot('spoil'));
    addStanding(ground, heap(random, at, radius), 1.5);
  });
}

function addDug(ground: Ground, random: Random, footprint: Footprint): void {
  addShape(ground, footprint.outline, surfaceSlot('subsoil-yellow'));
  addShape(ground, scaled(footprint.outline, 0.86), surfaceSlot('subsoil-damp'));
  scatter(random, footprint, 500, 0.6, (at, radius) =>
    addShape(ground, heap(random, at, radius * 1.4), surfaceSlot('fresh-pond')),
  );
}

function addHouseSite(ground: Ground, random: Random, footprint: Footprint): void {
  const { outline, centre, angle, lengthM, widthM } = footprint;
  addShape(ground, outline, surfaceSlot(pick(random, ['concrete', 'gravel'])));
  const house = planHouse(random, ...along(footprint, 0, -0.06), angle);
  const fitted = roofed(
    random,
    ...along(footprint, 0, -0.06),
    Math.min(15, lengthM * 0.8),
    Math.min(12, widthM * 0.72),
    angle,
    house.roof,
    house.heightM,
  );
  addHouse(ground, fitted);
  if (lengthM > 21)
    addHouse(
      ground,
      roofed(
        random,
        centre[0] + (lengthM / 2 - 3) * Math.cos(angle),
        centre[1] + (lengthM / 2 - 3) * Math.sin(angle),
        4,
        5,
        angle,
        'concrete',
        3.5,
      ),
    );
}

/** One to three bays of sheet-metal roof in a gravel or concrete yard. */
function addShedSite(ground: Ground, random: Random, footprint: Footprint): void {
  const { outline, angle, lengthM, widthM } = footprint;
  addShape(ground, outline, surfaceSlot(pick(random, ['concrete', 'gravel', 'subsoil-red'])));
  const bays = Math.max(1, Math.min(3, Math.round(widthM / 22)));
  const roof = pick(random, ['metal-blue', 'metal-white', 'metal-white', 'metal-blue', 'tile-red'] as const);
  const height = between(random, 5, 8);
  for (let bay = 0; bay < bays; bay++) {
    const [x, y] = along(footprint, 0.02, (bay + 0.5) / bays - 0.5);
    addHouse(ground, roofed(random, x, y, lengthM * 0.86, (widthM / bays) * 0.84, angle, roof, height));
  }
}

function addYard(ground: Ground, random: Random, footprint: Footprint): void {
  addShape(ground, footprint.outline, surfaceSlot(pick(random, ['concrete', 'concrete', 'gravel'])));
  scatter(random, footprint, 210, 0.84, (at) => {
    const vehicle = rectangle(
      ...at,
      between(random, 4, 9),
      between(random, 2, 3),
      footprint.angle + pick(random, [0, 1.57]),
    );
    addShape(ground, vehicle, surfaceSlot(pick(random, ['vehicle-dark', 'vehicle-bright', 'metal-plain'])));
    addStanding(ground, vehicle, 2.5);
  });
}

function addPond(ground: Ground, random: Random, footprint: Footprint): void {
  addShape(ground, footprint.outline, surfaceSlot(pick(random, ['subsoil-damp', 'subsoil-red'])));
  addShape(ground, inset(footprint.outline, between(random, 2, 3.6)), surfaceSlot('fresh-pond'));
}

function addSandPit(ground: Ground, random: Random, footprint: Footprint): void {
  addShape(ground, footprint.outline, surfaceSlot('sand'));
  addShape(ground, scaled(footprint.outline, 0.58), surfaceSlot('subsoil-yellow'));
  addShape(ground, scaled(footprint.outline, 0.36), surfaceSlot('fresh-pond'));
  scatter(random, footprint, 420, 0.85, (at, radius) => {
    addShape(ground, heap(random, at, radius * 1.3), surfaceSlot('sand'));
    addStanding(ground, heap(random, at, radius), 3);
  });
}

/** A ragged round patch. */
function heap(random: Random, at: Point, radiusM: number): Ring {
  return disc(...at, radiusM, 12).map(([x, y]): Point => {
    const stretch = between(random, 0.75, 1.25);
    return [at[0] + (x - at[0]) * stretch, at[1] + (y - at[1]) * stretch];
  });
}

/** One thing per spacingM2 of the footprint, anywhere within the inner share of it. */
function scatter(
  random: Random,
  footprint: Footprint,
  spacingM2: number,
  inner: number,
  put: (at: Point, radiusM: number) => void,
): void {
  const count = Math.round((footprint.lengthM * footprint.widthM) / spacingM2);
  // Roads are too narrow for heaps.
  if (footprint.widthM < 10) return;
  for (let i = 0; i < integer(random, count >> 1, count); i++) {
    const spread = inner - 0.1;
    put(
      along(footprint, between(random, -spread, spread) / 2, between(random, -spread, spread) / 2),
      between(random, 1.5, 4),
    );
  }
}

/** A position in the footprint: shares of its length and width from its centre. */
function along({ centre, angle, lengthM, widthM }: Footprint, lengthShare: number, widthShare: number): Point {
  const a = lengthShare * lengthM;
  const b = widthShare * widthM;
  return [centre[0] + a * Math.cos(angle) - b * Math.sin(angle), centre[1] + a * Math.sin(angle) + b * Math.cos(angle)];
}
