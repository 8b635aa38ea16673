import type { DeliveryRow } from '../store/notify-deliveries.ts';
import type { EndpointRow } from '../store/notify-endpoints.ts';

/** A receiver as it may be shown: its secrets stand in a table of their own, and keys within its address are hidden. */
export interface ShownEndpoint extends Pick<EndpointRow, 'id' | 'kind' | 'district' | 'digest' | 'state' | 'note'> {
  address: string;
  types: string[];
  /** Last event of the log that was made out for it; null of mail. */
  cursor: number | null;
  notBefore: string | null;
  addedAt: string;
  waiting: number;
  delivered: number;
  dead: number;
}

export function shownEndpoint(
  row: EndpointRow,
  counts: readonly { endpointId: string; state: DeliveryRow['state']; count: number }[],
): ShownEndpoint {
  const { id, kind, district, digest, state, note, notBefore, addedAt } = row;
  const count = (wanted: DeliveryRow['state']) =>
    Number(counts.find((one) => one.endpointId === id && one.state === wanted)?.count ?? 0);
  return {
    id,
    kind,
    address: kind === 'webhook' ? withoutQuery(row.address) : row.address,
    district,
    types: JSON.parse(row.typesJson) as string[],
    digest,
    state,
    note,
    cursor: kind === 'webhook' ? row.cursor : null,
    notBefore,
    addedAt,
    waiting: count('waiting'),
    delivered: count('delivered'),
    dead: count('dead'),
  };
}

/** What stands after the question mark is often a key. */
function withoutQuery(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`;
}
