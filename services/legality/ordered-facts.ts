import { ServiceError } from '../error.ts';
import type { Atom, PatchFacts } from './facts.ts';

/** The same facts in one order, so that the order in which they were gathered makes no difference to the last digit. */
export function inOrder(facts: PatchFacts): PatchFacts {
  const atoms = facts.atoms.map((atom) => ({
    ...atom,
    layers: atom.layers.toSorted(byText),
    instruments: atom.instruments.toSorted(byText),
  }));
  return {
    ...facts,
    atoms: atoms.toSorted((a, b) => byText(keyOf(a), keyOf(b)) || a.areaM2 - b.areaM2),
    instruments: facts.instruments.toSorted((a, b) => byText(a.id, b.id)),
    layers: facts.layers.toSorted((a, b) => byText(`${a.layer} ${a.version}`, `${b.layer} ${b.version}`)),
  };
}

/**
 * @throws ServiceError bad-input, one line: parts that do not add up to the patch (beyond 1e-5 of it), an onset that
 *   ends before it begins, a document that is named but not given
 */
export function checkFacts({ edition, patch, atoms, instruments }: PatchFacts): void {
  if (edition !== 'facts-1') throw refusal(`edition facts-1, got ${String(edition)}`);
  const { lastUnchanged, firstChanged } = patch.onset;
  if (lastUnchanged > firstChanged) {
    throw refusal(`an onset that ends on ${lastUnchanged} or later, got ${firstChanged}`);
  }
  const sum = atoms.reduce((total, { areaM2 }) => total + areaM2, 0);
  if (!(Math.abs(sum - patch.areaM2) <= 1e-5 * patch.areaM2 + 0.01)) {
    throw refusal(`parts that add up to its ${patch.areaM2} m², got ${sum} m²`);
  }
  const given = new Set(instruments.map(({ id }) => id));
  const lacking = atoms.flatMap((atom) => atom.instruments).find((id) => !given.has(id));
  if (lacking !== undefined) throw refusal(`document ${lacking}, which covers a part of it, got none of this id`);
}

function refusal(what: string): ServiceError {
  return new ServiceError('bad-input', `Facts of a patch: wanted ${what}.`);
}

function keyOf({ layers, landClass, instruments }: Atom): string {
  return JSON.stringify([layers, landClass, instruments]);
}

/** By code unit: the same everywhere. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
