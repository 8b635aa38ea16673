import { muOf } from '../../services/legality/area.ts';
import type { Label } from '../../services/lifecycle/label.ts';
import { layerTitle } from '../../services/themes/applying.ts';
import type { IdleSide } from '../../services/themes/idle-class.ts';
import type { ParcelKey } from '../../services/themes/parcel-keys.ts';
import type { ProjectReport } from '../../services/themes/project-report.ts';
import { projectStateNames } from '../../services/themes/project-state.ts';
import type { WatchedProject } from '../../services/themes/project-watch.ts';
import { printTable } from './output.ts';

const sideNames: Readonly<Record<IdleSide, Label>> = {
  government: { zh: '政府原因', en: 'government-side' },
  'market-not-clear': { zh: '企业原因（非净地）', en: 'market-side, not clear' },
  'market-clear': { zh: '企业原因（净地）', en: 'market-side, clear land' },
  unknown: { zh: '未载明', en: 'not stated' },
};

export function printProjects({ day, projects, totals, missing, signals }: ProjectReport): void {
  for (const layer of missing) say(`未导入图层 ${both(layerTitle(layer))}：不能监测 not imported, cannot be watched`);
  if (projects.length > 0) {
    printTable(
      [
        ...['图层 layer', '编号 id', '名称 name', '类别 side', '状态 state', '自 since', '截至 as of', 'm²', '亩'],
        ...['不动产单元代码', '电子监管号', '说明 why'],
      ],
      projects.map(rowOf),
    );
    say('');
    printTable(
      ['合计 total', '类别 side', '状态 state', '宗数 zones', 'm²', '亩'],
      totals.map(({ layer, side, state, zones, areaM2 }) => [
        layerTitle(layer).zh,
        sideText(side),
        both(projectStateNames[state]),
        String(zones),
        ...areaCells(areaM2),
      ]),
    );
  }
  const from = signals.sources.length > 0 ? signals.sources.join(', ') : '无 none: no run has looked';
  say(`${projects.length} 宗 zones，${day}；信号 signal：${from}。${signals.note.zh} / ${signals.note.en}`);
}

function rowOf(project: WatchedProject): string[] {
  const { layer, externalId, name, side, state, since, asOf, areaM2 } = project;
  return [
    layerTitle(layer).zh,
    externalId,
    name,
    sideText(side),
    both(projectStateNames[state]),
    since ?? '',
    asOf,
    ...areaCells(areaM2),
    keyText(project.realEstateUnit),
    keyText(project.supervisionNumber),
    whyText(project),
  ];
}

/** Why it stands so, with the first stretches nobody saw. */
function whyText({ because, gaps, months: { looked, seen } }: WatchedProject): string {
  const shown = gaps.slice(0, 3).map(({ from, to }) => `${from}～${to}`);
  const more = gaps.length > 3 ? `等 ${gaps.length} 段` : '';
  const unseen = gaps.length > 0 ? `：${shown.join('、')}${more}` : '';
  return `${because.zh}${unseen}（${looked} 期中观测 ${seen} 期）`;
}

function sideText(side: IdleSide | null): string {
  return side === null ? '' : both(sideNames[side]);
}

function keyText(key: ParcelKey | null): string {
  return key === null ? '' : key.valid ? key.value : `${key.value}（格式不符 malformed）`;
}

function areaCells(m2: number): string[] {
  return [m2.toFixed(0), muOf(m2).toFixed(2)];
}

function both({ zh, en }: Label): string {
  return `${zh} ${en}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
