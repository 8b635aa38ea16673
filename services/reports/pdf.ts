import { localTime } from '../local-time.ts';
import { type Paper, printPdf } from '../print/paper.ts';
import { mapPicture } from './map-picture.ts';
import type { Report } from './report.ts';
import { cellText, type ReportTable } from './table.ts';

/** The report on A4: page one what counts, then the ranking on a page of its own, the rest, and the checks last. */
export async function reportPdf(report: Report): Promise<Uint8Array> {
  const { title, statusText, at, simulated } = report;
  const footer = `${statusText.zh}${simulated ? '　SIMULATED 模拟数据' : ''}`;
  const picture = await mapPicture(drawingOf(report));
  return printPdf({ title: title.zh, at: new Date(at), footer }, (paper) => {
    const table = (id: string) => report.tables.find((one) => one.id === id);
    firstPage(paper, report);
    printTable(paper, table('headline'));
    printReasons(paper, table('headline'));
    printTable(paper, table('rates'));
    const ranking = table('ranking');
    if (ranking !== undefined) {
      paper.newPage();
      printTable(paper, ranking);
      charts(paper, ranking);
    }
    if (picture !== null) {
      paper.newPage();
      paper.heading('图斑分布与整改情况');
      paper.pictures([{ bytes: picture, caption: captionOf(report) }], { heightMm: 165 });
    }
    const monthly = table('months');
    for (const one of report.tables) {
      if (one.unprinted || ['headline', 'rates', 'ranking', 'checks'].includes(one.id)) continue;
      printTable(paper, one);
      if (one === monthly && monthly.rows.length > 1) monthLines(paper, monthly);
    }
    paper.newPage();
    printTable(paper, table('checks'));
    paper.paragraph(
      report.balanced ? '以上各项全部平衡。' : `以上有 ${report.failed} 项不平，差额如表；报告照出，不作掩盖。`,
    );
  });
}

const POINTS = '红点未整改，绿点已整改，灰点其他已下发图斑。';
const FILLS = '底色由浅至深：未整改违法图斑所占比例由低至高，斜线为无违法图斑。';

function captionOf({ tables }: Report): string {
  return tables.some(({ id }) => id === 'ranking') ? `${FILLS}${POINTS}圈内数字为名次。` : POINTS;
}

function firstPage(paper: Paper, report: Report): void {
  const { title, statusText, failed, simulated, from, to, name, district, at } = report;
  paper.title(title.zh, statusText.zh);
  if (failed > 0) paper.paragraph(`【注意】本报告有 ${failed} 项平衡检查不平，见末页。`);
  if (simulated) paper.paragraph('【模拟数据 SIMULATED】影像、地块与图斑均为模拟，仅供演示。');
  paper.facts([
    ['范围', name || district || '全部区县'],
    ['期间', from === to ? from : `${from} 至 ${to}`],
    ['数据时点', `${localTime(at)}（北京时间）`],
    ['平衡检查', failed === 0 ? '全部平衡（见末页）' : `${failed} 项不平（见末页）`],
  ]);
}

/** A table whose columns that are not printed are left out; an empty one says so. */
function printTable(paper: Paper, table: ReportTable | undefined): void {
  if (table === undefined) return;
  const { title, note, columns, rows } = table;
  const printed = columns.filter(({ width }) => width !== undefined);
  paper.heading(title.zh);
  if (note !== undefined) paper.paragraph(note.zh);
  if (rows.length === 0) {
    paper.paragraph('（无）');
    return;
  }
  paper.table({
    columns: printed.map(({ title: name, width, format }) => ({
      title: name.zh,
      width: width as number,
      align: format === 'text' ? 'left' : 'right',
    })),
    rows: rows.map((row) => printed.map(({ id, format }) => cellText(row[id], shownAs(row[id], format)))),
  });
}

/** Amounts in 亩 to two places, counts among them whole. */
function shownAs(cell: unknown, format: ReportTable['columns'][number]['format']) {
  return format === 'number' && typeof cell === 'number' && !Number.isInteger(cell) ? 'area' : format;
}

/** Why figures are '–', each reason once. */
function printReasons(paper: Paper, table: ReportTable | undefined): void {
  const reasons = (table?.rows ?? []).flatMap((row) => (row['why'] ? cellText(row['why'], 'text').split('；') : []));
  if (reasons.length > 0) paper.paragraph(`“–”的原因：${[...new Set(reasons)].join('；')}。`);
}

function charts(paper: Paper, { rows }: ReportTable): void {
  const bars = rows.flatMap((row) => {
    const { name, rectifiedRate, rectified, violations, mark } = row;
    if (typeof rectifiedRate !== 'number') return [];
    const shown = `${cellText(rectifiedRate, 'rate')}%（${rectified}/${violations}）`;
    return [{ label: String(name), value: 100 * rectifiedRate, shown, ...(mark === null ? {} : { mark: '‡' }) }];
  });
  if (bars.length > 0) paper.bars({ title: '整改率', unit: '%', bars });
}

function monthLines(paper: Paper, { rows }: ReportTable): void {
  const values = (id: string) => rows.map((row) => (typeof row[id] === 'number' ? (row[id] as number) : null));
  paper.lines({
    title: '分月图斑',
    unit: '个',
    labels: rows.map(({ month }) => String(month).slice(2)),
    series: [
      { name: '下发', values: values('issued') },
      { name: '违法', values: values('violations') },
      { name: '已整改', values: values('rectified') },
    ],
  });
}

/** Counties filled by what is not put right; a county's own report has nothing to compare it with. */
function drawingOf({ map, tables }: Report) {
  const rows = tables.find(({ id }) => id === 'ranking')?.rows;
  if (rows === undefined) return { map, fills: new Map(map.outlines.map(({ code }) => [code, 0])), marks: new Map() };
  const open = (row: (typeof rows)[number]) =>
    typeof row['rectifiedRate'] === 'number' ? 1 - row['rectifiedRate'] : null;
  return {
    map,
    fills: new Map(rows.map((row) => [String(row['code']), open(row)])),
    marks: new Map(
      rows.map((row) => [String(row['code']), typeof row['rank'] === 'number' ? String(row['rank']) : '']),
    ),
  };
}
