import { html } from 'htm/preact';
import type { ComponentChildren } from 'preact';
import { type DashboardWord, say } from './words.ts';

interface CardProps {
  name: string;
  title: DashboardWord;
  says?: DashboardWord;
  /** Said in place of the figures, where there are none. */
  empty?: string | null;
  table?: TableOf | null;
  children?: ComponentChildren;
}

/** The same figures for those who read rather than look. */
export interface TableOf {
  columns: string[];
  rows: (string | number)[][];
}

export function Card({ name, title, says, empty = null, table = null, children }: CardProps) {
  return html`
    <section class=${`card ${name}`} aria-labelledby=${`card-${name}`}>
      <header>
        <h2 id=${`card-${name}`}>${say(title)}</h2>
        ${says !== undefined && html`<p class="says">${say(says)}</p>`}
      </header>
      ${empty === null ? children : html`<p class="nothing">${empty}</p>`}
      ${empty === null && table !== null && html`<${Figures} table=${table} />`}
    </section>
  `;
}

function Figures({ table }: { table: TableOf }) {
  const cells = ([first, ...rest]: (string | number)[]) => html`
    <tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>
  `;
  return html`
    <details class="as-table">
      <summary>${say('table')}</summary>
      <div class="scroll" tabindex="0">
        <table>
          <thead><tr>${table.columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
          <tbody>${table.rows.map(cells)}</tbody>
        </table>
      </div>
    </details>
  `;
}
