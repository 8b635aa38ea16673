import { shownM2, sumM2 } from './area.ts';
import { coverageFigures, isFarmland, type JudgedAtom } from './coverage-test.ts';
import { PBF } from './ground.ts';
import type { Figures, InstrumentFigures, Opinion, ZoneFigures } from './opinion.ts';
import { timeStanding } from './time-standing.ts';
import type { Matter } from './zone-standing.ts';

export function figuresOf(atoms: readonly JudgedAtom[], matter: Matter): Figures {
  const { facts, ruleSet, vouching } = matter;
  const { freeM2, coveredM2, doubtfulM2, uncoveredM2 } = coverageFigures(atoms);
  const vouched = (layer: string) => vouching(layer) === 'vouched';
  const inLayer = (layer: string) => zoneFigures(atoms, vouched(layer), ({ atom }) => atom.layers.includes(layer));
  return {
    areaM2: shownM2(facts.patch.areaM2),
    coveredM2,
    freeM2,
    doubtfulM2,
    uncoveredM2,
    farmland: zoneFigures(atoms, vouched('farmland') || vouched('land-use'), ({ atom, ground }) =>
      ground.bases.length === 1 ? isFarmland(ground) === 'yes' : statedFarmland(atom, ruleSet.ground.farmlandClasses),
    ),
    permanentBasicFarmland: inLayer(PBF),
    redLine: inLayer('red-line'),
    byInstrument: facts.instruments.map((one) => instrumentFigures(one.id, matter)).filter((one) => one !== null),
  };
}

function zoneFigures(atoms: readonly JudgedAtom[], known: boolean, inside: (one: JudgedAtom) => boolean): ZoneFigures {
  const all = atoms.filter(inside);
  const sum = (some: readonly JudgedAtom[]) => sumM2(some.map(({ atom }) => atom.areaM2));
  return {
    known,
    areaM2: sum(all),
    doubtfulM2: sum(all.filter(({ verdict }) => verdict === 'doubt')),
    uncoveredM2: sum(all.filter(({ verdict }) => verdict === 'breach')),
  };
}

function statedFarmland({ layers, landClass }: JudgedAtom['atom'], classes: readonly string[]): boolean {
  if (layers.includes(PBF)) return true;
  return landClass === null ? layers.includes('farmland') : classes.some((prefix) => landClass.startsWith(prefix));
}

function instrumentFigures(id: string, { facts, instruments, onset, ruleSet }: Matter): InstrumentFigures | null {
  const document = instruments.get(id)!;
  const under = facts.atoms.filter((atom) => atom.instruments.includes(id));
  if (under.length === 0) return null;
  const coveredM2 = sumM2(under.map(({ areaM2 }) => areaM2));
  return {
    ref: id,
    kind: document.kind,
    number: document.number,
    coveredM2,
    share: Math.round((coveredM2 / facts.patch.areaM2) * 1e4) / 1e4,
    time: timeStanding(document, onset, ruleSet),
  };
}

/** Documents issued after the onset, over ground that is not allowed without them. */
export function regularisedBy(
  atoms: readonly JudgedAtom[],
  { facts, onset, ruleSet }: Matter,
): Opinion['regularisedBy'] {
  const open = atoms.filter(({ verdict }) => verdict === 'breach' || verdict === 'doubt');
  return facts.instruments.flatMap((document) => {
    const under = open.filter(({ atom }) => atom.instruments.includes(document.id));
    if (under.length === 0 || timeStanding(document, onset, ruleSet) !== 'late') return [];
    const coveredM2 = sumM2(under.map(({ atom }) => atom.areaM2));
    return [{ ref: document.id, number: document.number, date: document.date!, coveredM2 }];
  });
}
