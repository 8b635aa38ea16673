import type { ShownEndpoint } from '../../services/notify/shown.ts';
import type { DeliveryRow } from '../../services/store/notify-deliveries.ts';
import { printTable } from './output.ts';

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
