import { ServiceError } from '../../services/error.ts';
import type { LayerNoteRow, LayerRow } from '../../services/store/layers.ts';
import { DISTRICTS_LAYER } from '../../services/zones/layer-roles.ts';

/** @throws ServiceError not-found, listing what there is */
export function versionNamed(layer: string, versions: readonly LayerRow[]): LayerRow {
  const found = versions.find(({ id }) => id === layer) ?? versions.findLast(({ name }) => name === layer);
  if (found) return found;
  const names = [...new Set(versions.map(({ name }) => name))];
  const known = names.length > 0 ? names.join(', ') : `none yet; import ${DISTRICTS_LAYER} first`;
  throw new ServiceError('not-found', `There is no layer ${layer}; there is ${known}.`);
}

export function countsLine({ repaired, rejected, outside }: Record<string, number>): string {
  return `${repaired} repaired, ${rejected} left out, ${outside} outside the districts`;
}

type Note = Pick<LayerNoteRow, 'featureId' | 'kind' | 'what'>;

/** What is read first: what there is to know of the layer, then what is missing in it. */
const ORDER: readonly Note['kind'][] = ['note', 'rejected', 'outside', 'repaired'];
/** Features that are named of those of which the same is said. */
const NAMED = 5;

/** One line for all of which the same is said: a layer drawn clockwise is one thing to know and not two million. */
export function noteLines(notes: readonly Note[]): string[] {
  const groups = new Map<string, Note[]>();
  for (const note of notes) {
    const key = `${ORDER.indexOf(note.kind)} ${note.what}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [note]);
    else group.push(note);
  }
  return [...groups]
    .sort(([a], [b]) => Number(a[0]) - Number(b[0]))
    .map(([, [first, ...rest]]) => {
      if (first.kind === 'note') return `note: ${first.what}`;
      const named = [first, ...rest].slice(0, NAMED).map(({ featureId }) => featureId);
      const more = rest.length >= NAMED ? ` … (${rest.length + 1} features)` : '';
      return `${first.kind} ${named.join(', ')}${more}: ${first.what}`;
    });
}
