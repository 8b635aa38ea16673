import { describe, expect, it } from 'vitest';
import { BASELINE_MONTH, MONTHS } from '../../../services/simulation/acquisitions.ts';
import { districtCodeAt } from '../../../services/simulation/districts.ts';
import { contains, ringAreaM2, ringBox } from '../../../services/simulation/geometry.ts';
import { isFarmland } from '../../../services/simulation/parcels.ts';
import { planCounty } from '../../../services/simulation/plan.ts';

const FULL = { tilesAcross: 4, tilesDown: 4, tileSize: 1024 };
const plan = planCounty(7, FULL);
const { site, events, acquisitions, approvals } = plan;
const violations = events.filter((event) => !event.lawful);
const firstLook = (event: (typeof events)[number]) => Object.entries(event.firstVisible)[0];

describe('a county of full size', () => {
  it('has at least 500 farmland parcels in each sense of the layer, spread over four districts', () => {
    const listed = site.parcels.filter((parcel) => parcel.listed && isFarmland(parcel));
    expect(listed.length).toBeGreaterThan(500);
    expect(new Set(listed.map((parcel) => parcel.district)).size).toBe(4);
    expect(new Set(listed.map((parcel) => parcel.id)).size).toBe(listed.length);
  });

  it('grows every land class', () => {
    const classes = new Set(site.parcels.map((parcel) => parcel.landClass));
    expect([...classes].sort()).toEqual(['0101', '0103', '02', '03', '0702', '1104']);
  });

  it('holds at least 30 violations and 8 lawful works, some in every month and district', () => {
    expect(violations.length).toBeGreaterThanOrEqual(30);
    expect(events.length - violations.length).toBeGreaterThanOrEqual(8);
    const cells = new Set(violations.map((event) => `${firstLook(event)[0]} ${event.district}`));
    expect(cells.size).toBe(MONTHS.length * 4);
  });

  it('hides some violations in their first month and shows every one in the end', () => {
    const hidden = violations.filter((event) => firstLook(event)[1].look !== 'clear');
    expect(hidden.length).toBeGreaterThanOrEqual(3);
    for (const event of violations) expect(event.firstVisible[MONTHS.at(-1)!].look).toBe('clear');
  });

  it('lays some events across the seams of tiles', () => {
    const across = events.filter(({ footprint }) => {
      const box = ringBox(footprint.outline);
      return box.minX >> 10 !== box.maxX >> 10 || box.minY >> 10 !== box.maxY >> 10;
    });
    expect(across.length).toBeGreaterThanOrEqual(2);
  });

  it('takes four dates of sixteen tiles, but for two tiles of one month', () => {
    const byMonth = [BASELINE_MONTH, ...MONTHS].map(
      (month) => acquisitions.filter((image) => image.month === month).length,
    );
    expect(byMonth.sort()).toEqual([14, 16, 16, 16]);
  });

  it('moves no image by more than 1.1 pixels and some by almost one', () => {
    const shifts = acquisitions.map(({ shift }) => Math.hypot(shift.dx, shift.dy));
    expect(Math.max(...shifts)).toBeLessThan(1.1);
    expect(Math.max(...shifts)).toBeGreaterThan(0.85);
    expect(shifts.filter((shift) => shift <= 0.7).length).toBeGreaterThan(shifts.length / 2);
  });
});

describe('districts', () => {
  it('fill the county without gap or overlap', () => {
    const total = site.districts.reduce((sum, district) => sum + ringAreaM2(district.ring), 0);
    expect(total).toBeCloseTo(4096 * 4096, 0);
  });

  it('hold what is said to lie in them', () => {
    for (const { ring, code } of site.districts) {
      for (const event of events.filter(({ district }) => district === code)) {
        for (const [x, y] of event.footprint.outline) {
          expect(districtCodeAt(site.borders, x, y)).toBe(code);
          expect(contains(ring, x, y)).toBe(true);
        }
      }
    }
  });
});

describe('planted events', () => {
  it('lie apart from each other and inside the county', () => {
    events.forEach((event, i) => {
      const box = ringBox(event.footprint.outline);
      expect(Math.min(box.minX, box.minY)).toBeGreaterThan(0);
      expect(Math.max(box.maxX, box.maxY)).toBeLessThan(4096);
      for (const other of events.slice(i + 1)) {
        expect(other.footprint.outline.some(([x, y]) => contains(event.footprint.outline, x, y))).toBe(false);
      }
    });
  });

  it('are between 140 and 13,000 square metres', () => {
    for (const { footprint } of events) {
      expect(ringAreaM2(footprint.outline)).toBeGreaterThan(140);
      expect(ringAreaM2(footprint.outline)).toBeLessThan(13_000);
    }
  });

  it('begin after the last image without them and before the first image that could show them', () => {
    for (const event of events) {
      const { after, before } = site.images.between(firstLook(event)[0]);
      expect(event.onset > after && event.onset < before).toBe(true);
    }
  });

  it('build in stages one after another', () => {
    const staged = events.filter((event) => event.stages.length > 1);
    expect(staged.length).toBeGreaterThan(5);
    for (const { stages } of staged) expect(stages[1].from > stages[0].from).toBe(true);
  });
});

describe('approvals', () => {
  const approvalOf = (id: string) => approvals.find((approval) => approval.eventId === id);

  it('cover every lawful event before its onset', () => {
    for (const event of events.filter(({ lawful }) => lawful)) {
      const approval = approvalOf(event.id)!;
      expect(approval.date < event.onset).toBe(true);
      expect(event.footprint.outline.every(([x, y]) => contains(approval.ring, x, y))).toBe(true);
    }
  });

  it('come late or cover part of the events that break them', () => {
    const late = events.filter(({ breach }) => breach === 'before-approval');
    const beyond = events.filter(({ breach }) => breach === 'beyond-approval');
    expect(late.length).toBeGreaterThan(0);
    expect(beyond.length).toBeGreaterThan(0);
    for (const event of late) expect(approvalOf(event.id)!.date > event.onset).toBe(true);
    for (const event of beyond) {
      const inside = event.footprint.outline.filter(([x, y]) => contains(approvalOf(event.id)!.ring, x, y)).length;
      expect(inside).toBeLessThan(event.footprint.outline.length);
    }
  });

  it('have numbers that say they are simulated, no two alike', () => {
    expect(new Set(approvals.map(({ number }) => number)).size).toBe(approvals.length);
    for (const { number } of approvals) expect(number).toMatch(/^模拟批〔\d{4}〕\d{3}号$/);
  });
});

describe('parcels', () => {
  it('do not overlap: hardly any metre belongs to two', () => {
    let double = 0;
    let single = 0;
    for (let y = 512.5; y < 1024; y += 2) {
      for (let x = 512.5; x < 1024; x += 2) {
        const owners = nearby.filter(
          ({ ring, box }) => x > box.minX && x < box.maxX && y > box.minY && y < box.maxY && contains(ring, x, y),
        );
        if (owners.length > 1) double++;
        if (owners.length === 1) single++;
      }
    }
    expect(single).toBeGreaterThan(20_000);
    expect(double / single).toBeLessThan(0.0005);
  });

  const nearby = site.parcels
    .map((parcel) => ({ ring: parcel.ring, box: ringBox(parcel.ring) }))
    .filter(({ box }) => box.maxX > 512 && box.minX < 1024 && box.maxY > 512 && box.minY < 1024);
});

it('the same seed gives the same county, another seed another', () => {
  const outline = (seed: number) => {
    const small = planCounty(seed, { tilesAcross: 2, tilesDown: 2, tileSize: 256 });
    return JSON.stringify([small.site.parcels, small.events, small.acquisitions, small.approvals]);
  };
  expect(outline(3)).toBe(outline(3));
  expect(outline(3)).not.toBe(outline(4));
});
