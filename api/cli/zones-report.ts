import { ServiceError } from '../../services/error.ts';
import type { LayerRow } from '../../services/store/layers.ts';
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
