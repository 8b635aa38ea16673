import type { DeliveryRow } from '../../services/store/notify-deliveries.ts';
import type { EndpointRow } from '../../services/store/notify-endpoints.ts';
import { printTable } from './output.ts';

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

export function printEndpoints(endpoints: readonly ShownEndpoint[]): void {
  printTable(
    ['接收方 id', '方式 kind', '地址 address', '地区 district', '状态 state', '待发 waiting', '已达 sent', '死信 dead'],
    endpoints.map((one) => [
      one.id,
      one.digest === 'none' ? one.kind : `${one.kind} ${one.digest}`,
      one.address,
      one.district || '全部 all',
      one.note === null ? one.state : `${one.state}: ${one.note}`,
      String(one.waiting),
      String(one.delivered),
      String(one.dead),
    ]),
  );
}

export function printDeliveries(deliveries: readonly DeliveryRow[]): void {
  printTable(
    ['编号 no.', '接收方 to', '类型 type', '标识 message id', '状态 state', '次数 tries', '结果 last', '下次 next'],
    deliveries.map((one) => [
      String(one.seq),
      one.endpointId,
      one.type,
      one.messageId,
      one.state,
      String(one.attempts),
      one.problem ?? (one.status === null ? '' : String(one.status)),
      one.state === 'waiting' ? one.nextAt : '',
    ]),
  );
}
