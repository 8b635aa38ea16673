import { html } from 'htm/preact';
import type { Workspace } from '../../server/schemas.ts';
import { KeyMenu } from '../session/key-menu.ts';
import { Rooms } from './rooms.ts';
import { SimulatedBadge } from './simulated-badge.ts';
import { currentLanguage, type Language, word } from './text.ts';

interface HeaderProps {
  workspace: Workspace;
  months: string[];
  month: string;
  onMonth: (month: string) => void;
  onLanguage: (language: Language) => void;
}

export function Header({ workspace, months, month, onMonth, onLanguage }: HeaderProps) {
  const other = currentLanguage() === 'zh' ? 'en' : 'zh';
  const place = months.indexOf(month);
  const step = (by: number) => () => onMonth(months[place + by]);
  return html`
    <header class="top">
      <img src="shell/icon.svg" alt="" width="26" height="26" />
      <div class="brand"><h1>${word('title')}</h1><span>${word('subtitle')}</span></div>
      <span class="workspace">${workspace.name}</span>
      ${workspace.simulated && html`<${SimulatedBadge} />`}
      <${Rooms} role=${workspace.access.role} month=${month} />
      <span class="gap"></span>
      <div class="months">
        <button class="plain" aria-label=${word('previousMonth')} title=${word('previousMonth')} disabled=${place >= months.length - 1} onClick=${step(1)}>‹</button>
        <label><span class="faint">${word('month')}</span>
          <select value=${month} onChange=${(event: Event) => onMonth((event.target as HTMLSelectElement).value)}>
            ${months.map((name) => html`<option value=${name}>${name}</option>`)}
          </select>
        </label>
        <button class="plain" aria-label=${word('nextMonth')} title=${word('nextMonth')} disabled=${place <= 0} onClick=${step(-1)}>›</button>
      </div>
      <${KeyMenu} access=${workspace.access} />
      <button class="plain" lang=${other} onClick=${() => onLanguage(other)}>${word('otherLanguage')}</button>
    </header>
  `;
}
