import { html } from 'htm/preact';
import type { MonthRow, MonthTable as Table } from '../server/schemas.ts';
import { areaText, muText } from './format.ts';
import { word } from './text.ts';

interface MonthTableProps {
  table: Table;
  district: string;
  onDistrict: (district: string) => void;
}

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
      <h2>${word('monthTable')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">${word('district')}</th><th scope="col">${word('found')}</th>
            <th scope="col">${word('warned')}</th><th scope="col">${word('overdue')}</th>
            <th scope="col">${word('resolved')}</th><th scope="col">${word('dismissed')}</th>
            <th scope="col" title=${word('observedHint')}>${word('observed')}</th>
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

/** Rounded down: 99.9 % seen is not all. */
function seenText(fraction: number): string {
  return `${Math.floor(fraction * 100)}%`;
}
