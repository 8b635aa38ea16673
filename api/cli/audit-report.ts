import type { AuditReport } from '../../services/audit/verify.ts';

/** What verification found, for a terminal: Chinese first. */
export function printAudit(report: AuditReport, seconds: number): void {
  const { events, head, chain, anchors, projections, detections } = report;
  const lines = [
    `事件 events: ${events}，至 up to ${head.seq} ${head.hash}（${seconds.toFixed(1)} s）`,
    line('链 chain', chain.count, `${chain.count} 处断裂 broken`),
    ...chain.first.map(({ seq, eventId, problem }) => `  事件 event ${seq} (${eventId}): ${problem}`),
    line(
      '锚点 anchors',
      anchors.faults.length,
      `${anchors.faults.length} / ${anchors.checked} 不符 not met`,
      anchors.checked,
    ),
    ...anchors.faults.map(({ anchor, problem }) => `  ${anchor.hash.slice(0, 12)}… ${anchor.at ?? ''}: ${problem}`),
    ...(projections === null || detections === null
      ? ['状态、检测 states, detections: 未核对 not looked at（--from）']
      : [...projectionLines(projections), ...detectionLines(detections)]),
  ];
  const end =
    report.firstBroken === null
      ? ''
      : `，首处 first at event ${report.firstBroken}，其后不可信 not to be trusted from there on`;
  lines.push(report.ok ? '完整 whole' : `已被改动 TAMPERED WITH${end}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function projectionLines({ checked, faults }: NonNullable<AuditReport['projections']>): string[] {
  return [
    line(
      '图斑与案件 patches and cases',
      faults.count,
      `${faults.count} / ${checked} 与事件不符 not what their events say`,
      checked,
    ),
    ...faults.first.map(
      ({ subject, id, problem }) => `  ${subject === 'patch' ? '图斑' : '案件'} ${subject} ${id}: ${problem}`,
    ),
  ];
}

function detectionLines({ checked, notRecomputable, faults }: NonNullable<AuditReport['detections']>): string[] {
  const apart = notRecomputable === 0 ? '' : `（${notRecomputable} 个无法重算 cannot be recomputed）`;
  return [
    `${line('检测 detections', faults.count, `${faults.count} / ${checked} 与编号不符 not what their ids say`, checked)}${apart}`,
    ...faults.first.map(({ id, problem }) => `  ${id}: ${problem}`),
  ];
}

function line(name: string, faults: number, problem: string, checked?: number): string {
  return `${name}: ${faults > 0 ? problem : `一致 as written${checked === undefined ? '' : ` (${checked})`}`}`;
}
