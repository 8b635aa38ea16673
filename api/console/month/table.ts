import { html } from 'htm/preact';
import type { MonthRow, MonthTable as Table } from '../../server/schemas.ts';
import { areaText, dayText, muText } from '../shell/format.ts';
import { type Word, word } from '../shell/text.ts';

interface MonthTableProps {
  table: Table;
  district: string;
  onDistrict: (district: string) => void;
}

const columns: [name: Word, hint: Word][] = [
  ['found', 'foundHint'],
  ['warned', 'warnedHint'],
  ['overdue', 'overdueHint'],
  ['resolved', 'resolvedHint'],
  ['dismissed', 'dismissedHint'],
  ['observed', 'observedHint'],
];

/** The month by district: 发现 find, 预警 warn, 超期 overdue, 处置 resolve, 排除 dismiss, and how much was seen. */
export function MonthTable({ table, district, onDistrict }: MonthTableProps) {
  const choose = (code: string) => () => onDistrict(code === district ? '' : code);
  const row = (figures: MonthRow, chosen: boolean, code: string) => html`
    <tr class=${chosen ? 'chosen' : ''} onClick=${choose(code)}>
      <th scope="row"><button class="plain" aria-pressed=${chosen}>${code === '' ? word('all') : figures.name}</button></th>
      <td>${figures.found}</td>
      <td>${figures.warned}</td>
      <td class=${figures.overdue > 0 ? 'late' : ''}>${figures.overdue}</td>
      <td>${figures.resolved}</td>
      <td>${figures.dismissed}</td>
      <td class="faint">${figures.observedFraction === null ? '–' : seenText(figures.observedFraction)}</td>
    </tr>
  `;
  return html`
    <section class="month-table">
      <h2>${word('monthTable')} <span class="faint">${word('asOf')} ${dayText(table.at)}</span></h2>
      <table>
        <thead>
          <tr>
            <th scope="col">${word('district')}</th>
            ${columns.map(([name, hint]) => html`<th scope="col" title=${word(hint)}>${word(name)}</th>`)}
          </tr>
        </thead>
        <tbody>${table.rows.map((figures) => row(figures, figures.district === district, figures.district))}</tbody>
        <tfoot>${row(table.total, district === '', '')}</tfoot>
      </table>
      <p class="sums">
        <span>${word('foundArea')}</span>
        <span><b>${areaText(table.total.areaM2)}</b> m² · <b>${muText(table.total.areaM2)}</b> ${word('mu')}</span>
      </p>
    </section>
  `;
}

/** Rounded down to a tenth: 99.96 % seen is not all. */
function seenText(fraction: number): string {
  return fraction === 1 ? '100%' : `${(Math.floor(fraction * 1000) / 10).toFixed(1)}%`;
}
