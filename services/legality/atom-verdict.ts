import type { Atom, InstrumentFact } from './facts.ts';
import { type Ground, OVERLAY_LAYERS } from './ground.ts';
import type { CheckName, Zone } from './rule-set.ts';
import { type Cause, type Matter, type Standing, worst, type ZoneStanding, zoneStanding } from './zone-standing.ts';

/** free: needs no document; allowed: has one; doubt: may be either; breach: surely has none that counts. */
export type Verdict = 'free' | 'allowed' | 'doubt' | 'breach';

export interface AtomVerdict {
  verdict: Verdict;
  /** Only of a breach: how the best of its documents stands, in the zones that lack one. */
  standing: Standing;
  /** Only of a breach: those zones. */
  breached: Zone[];
  /** Only of a doubt. */
  causes: Cause[];
  /** Only of a breach: doubts about other zones, which might make it graver. */
  graver: Cause[];
}

/**
 * Judges one atom: every zone it lies in must be cured by some document. Where it is not known in which of several
 * zones it lies, it is allowed only if it would be in all of them, and a breach only if it would be in all of them.
 */
export function atomVerdict(atom: Atom, ground: Ground, reached: ReadonlySet<CheckName>, matter: Matter): AtomVerdict {
  const documents = documentsOver(atom, reached, matter);
  const of = (zone: Zone) => zoneStanding(zone, documents, reached, matter);
  const needed = matter.zones;
  const bases = ground.bases.map((base) => (base !== 'built-up' && needed.includes(base) ? of(base) : null));
  const base = settled(bases, () => unsureCauses(ground, matter));
  const overlays = ground.overlays.filter((zone) => needed.includes(zone)).map((zone) => ({ zone, ...of(zone) }));
  const perhaps = ground.perhaps.filter((zone) => needed.includes(zone)).map((zone) => perhapsIn(zone, of, matter));
  const all = [base, ...overlays, ...perhaps].filter((one) => one !== null);
  if (all.length === 0) return { verdict: 'free', standing: 'allowed', breached: [], causes: [], graver: [] };
  const breached = overlays.filter(isBreach).map(({ zone }) => zone);
  const ofBase = ground.bases.filter((zone) => zone !== 'built-up');
  return { ...combined(all), breached: base !== null && isBreach(base) ? [...ofBase, ...breached] : breached };
}

/** The documents over an atom that the checks reached so far count. */
function documentsOver(atom: Atom, reached: ReadonlySet<CheckName>, matter: Matter): InstrumentFact[] {
  const { checks } = matter.ruleSet;
  const counted = new Set(checks.filter(({ check }) => reached.has(check)).flatMap(({ instruments }) => instruments));
  return atom.instruments
    .map((id) => matter.instruments.get(id))
    .filter((one) => one !== undefined)
    .filter(({ kind }) => counted.has(kind));
}

/** What holds whichever of the bases it is; null = no document is needed. */
function settled(bases: readonly (ZoneStanding | null)[], unsure: () => Cause[]): ZoneStanding | null {
  if (bases.every((one) => one === null)) return null;
  const allowed = (one: ZoneStanding | null) => one === null || one.standing === 'allowed';
  if (bases.every(allowed)) return { standing: 'allowed', causes: [] };
  if (bases.every((one) => !allowed(one) && one!.standing !== 'doubt')) {
    return { standing: worst(bases.map((one) => one!.standing)), causes: [] };
  }
  const causes = bases.flatMap((one) => one?.causes ?? []);
  return { standing: 'doubt', causes: bases.some(allowed) ? [...causes, ...unsure()] : causes };
}

function unsureCauses({ unsureFor }: Ground, matter: Matter): Cause[] {
  return unsureFor.map((layer) => layerCause(layer, 'ground-unknown', matter));
}

/** Inside a line that is not vouched for: what is not allowed there is only a doubt. */
function perhapsIn(zone: Ground['perhaps'][number], of: (zone: Zone) => ZoneStanding, matter: Matter): ZoneStanding {
  const inside = of(zone);
  if (inside.standing === 'allowed') return inside;
  const cause = layerCause(OVERLAY_LAYERS[zone], 'evidence-incomplete', matter);
  return { standing: 'doubt', causes: [...inside.causes, cause] };
}

function layerCause(layer: string, kind: Cause['kind'], { vouching }: Matter): Cause {
  const why = vouching(layer);
  return { kind, what: 'layer', ref: layer, why: why === 'vouched' ? 'not-covering' : why };
}

function isBreach({ standing }: ZoneStanding): boolean {
  return standing !== 'allowed' && standing !== 'doubt';
}

function combined(all: readonly ZoneStanding[]): Omit<AtomVerdict, 'breached'> {
  const breaches = all.filter(isBreach);
  const doubts = all.filter(({ standing }) => standing === 'doubt').flatMap(({ causes }) => causes);
  if (breaches.length > 0) {
    const standing = worst(breaches.map((one) => one.standing));
    return { verdict: 'breach', standing, causes: [], graver: doubts };
  }
  if (doubts.length === 0) return { verdict: 'allowed', standing: 'allowed', causes: [], graver: [] };
  return { verdict: 'doubt', standing: 'doubt', causes: doubts, graver: [] };
}
