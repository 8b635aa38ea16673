import { addDays } from './calendar.ts';
import type { EventKind } from './event-kinds.ts';
import type { PlantedEvent } from './events.ts';
import { inset, type Ring, rectangle, scaled } from './geometry.ts';
import { integer, pick, seeded } from './random.ts';
import type { Site } from './site.ts';

/** A document on file that allows building on a piece of land. */
export interface Approval {
  number: string;
  /** Day it was issued. */
  date: string;
  instrument: '批文' | '设施农用地备案' | '临时用地' | '宅基地批准';
  purpose: string;
  district: string;
  ring: Ring;
  /** The planted event it was issued for; null: nothing was built. */
  eventId: string | null;
}

const INSTRUMENTS: Record<EventKind, Pick<Approval, 'instrument' | 'purpose'>> = {
  house: { instrument: '宅基地批准', purpose: '农村村民住宅' },
  shed: { instrument: '设施农用地备案', purpose: '畜禽养殖设施' },
  yard: { instrument: '临时用地', purpose: '施工材料堆场' },
  pond: { instrument: '设施农用地备案', purpose: '水产养殖设施' },
  road: { instrument: '批文', purpose: '农村道路' },
  bulldozed: { instrument: '批文', purpose: '建设用地' },
  'sand-pit': { instrument: '临时用地', purpose: '临时取土' },
  orchard: { instrument: '批文', purpose: '农业结构调整' },
};

/** For every lawful event one approval, for every breach the approval it breaks, and some that were never used. */
export function planApprovals(site: Site, events: PlantedEvent[]): Approval[] {
  const random = seeded(site.seed, 'approvals');
  const list: Omit<Approval, 'number'>[] = [];
  for (const event of events.filter(({ lawful, breach }) => lawful || breach !== null)) {
    const late = event.breach === 'before-approval';
    list.push({
      date: addDays(event.onset, late ? integer(random, 25, 60) : -integer(random, 20, 220)),
      ...INSTRUMENTS[event.kind],
      district: event.district,
      ring: approvedRing(event),
      eventId: event.id,
    });
  }
  for (const { code } of site.districts) {
    const ring = unusedRing(site, random, code, events);
    if (ring === null) continue;
    const kind = pick(random, ['house', 'shed', 'road'] as const);
    const date = addDays(`${site.months[0]}-01`, -integer(random, 30, 400));
    list.push({ date, ...INSTRUMENTS[kind], district: code, ring, eventId: null });
  }
  return list
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
    .map((approval, i) => ({
      ...approval,
      number: `模拟批〔${approval.date.slice(0, 4)}〕${String(i + 1).padStart(3, '0')}号`,
    }));
}

/** Drawn a little generously; a breach beyond the approval was allowed about half of what it took. */
function approvedRing(event: PlantedEvent): Ring {
  const { centre, angle, lengthM, widthM, outline } = event.footprint;
  if (event.breach !== 'beyond-approval') return inset(outline, -1.5);
  const shift = lengthM / 4;
  return rectangle(
    centre[0] + shift * Math.cos(angle),
    centre[1] + shift * Math.sin(angle),
    lengthM / 2 + 2,
    widthM + 2,
    angle,
  );
}

function unusedRing(site: Site, random: () => number, district: string, events: PlantedEvent[]): Ring | null {
  const taken = new Set(events.flatMap((event) => event.parcelIds));
  const free = (site.farmlandByDistrict.get(district) ?? []).filter((parcel) => !taken.has(parcel.id));
  return free.length === 0 ? null : scaled(pick(random, free).ring, 0.7);
}
