import { html } from 'htm/preact';
import { workspaceNow } from './clock.ts';
import { minuteText } from './format.ts';
import { Popover } from './popover.ts';
import { word } from './text.ts';

/** Stands on every screen of a simulated workspace, and says what that means when pressed. */
export function SimulatedBadge() {
  return html`
    <${Popover} class="simulated" label=${word('simulated')} title=${word('simulatedHint')}>
      <p>${word('simulatedHint')}</p>
      <p>${word('simulatedClock')} <b>${minuteText(new Date(workspaceNow()).toISOString())}</b>. ${word('simulatedClockHint')}</p>
      <p class="faint">${word('simulatedOwn')}</p>
    <//>
  `;
}
