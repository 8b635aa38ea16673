import { sumM2 } from './area.ts';
import type { JudgedAtom } from './coverage-test.ts';
import { OVERLAY_LAYERS, type Overlay, PBF } from './ground.ts';
import { DOUBT_KINDS, type DoubtKind } from './kinds.ts';
import type { Missing } from './opinion.ts';
import { remedyOf, textOf } from './wording.ts';
import type { Cause, Matter } from './zone-standing.ts';

/** The kind of doubt that hangs over most of the area; of equal ones the first in the list of kinds. */
export function mainDoubt(atoms: readonly JudgedAtom[], causes: readonly Cause[]): DoubtKind {
  const areaOf = (kind: DoubtKind) =>
    sumM2(atoms.filter((one) => one.causes.some((cause) => cause.kind === kind)).map(({ atom }) => atom.areaM2));
  const own = causes[0]?.kind;
  return own ?? DOUBT_KINDS.reduce((most, kind) => (areaOf(kind) > areaOf(most) ? kind : most));
}

/** What is missing, each once: what the opinion hangs on, and zones that could not be looked at. */
export function missingOf(
  atoms: readonly JudgedAtom[],
  causes: readonly Cause[],
  decides: boolean,
  matter: Matter,
): Missing[] {
  const found = new Map<string, Missing>();
  for (const cause of [...causes, ...atoms.flatMap((one) => one.causes)]) add(found, cause, decides, matter);
  for (const cause of unseenZones(matter)) add(found, cause, false, matter);
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, missing]) => missing);
}

function add(found: Map<string, Missing>, cause: Cause, decides: boolean, matter: Matter): void {
  const key = `${cause.what} ${cause.ref} ${cause.why}`;
  if (found.has(key)) return;
  const { what, ref, why } = cause;
  found.set(key, { what, ref, why, decides, text: textOf(cause, matter), remedy: remedyOf(cause, matter) });
}

/** Lines that nobody vouches for do not stop an opinion, but are named: the patch may lie inside them. */
function unseenZones({ vouching, zones }: Matter): Cause[] {
  const overlays = Object.keys(OVERLAY_LAYERS).filter((zone) => zones.includes(zone as Overlay)) as Overlay[];
  const layers = [...overlays.map((zone) => OVERLAY_LAYERS[zone]), ...(zones.includes(PBF) ? [PBF] : [])];
  return layers.flatMap((layer) => {
    const why = vouching(layer);
    return why === 'vouched' ? [] : [{ kind: 'evidence-incomplete' as const, what: 'layer' as const, ref: layer, why }];
  });
}
