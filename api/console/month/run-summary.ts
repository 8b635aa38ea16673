import { html } from 'htm/preact';
import type { RunSummary } from '../../../services/month/summary.ts';
import { percentText } from '../shell/format.ts';
import { type Word, word } from '../shell/text.ts';

/** What the month's comparison did with what it detected, and how much it could not see. */
export function MonthRun({ summary }: { summary: RunSummary }) {
  const { scenes, detections, issued, known, screened, observedFraction, warnings } = summary;
  const { seenAgain = 0, broughtBack = 0, leads = 0 } = summary;
  const held = Object.values(screened).reduce((sum, count) => sum + count, 0);
  const line = (name: Word, value: unknown, hint: Word | null = null) =>
    html`<dt title=${hint && word(hint)}>${word(name)}</dt><dd>${value}</dd>`;
  return html`
    <section class="run">
      <h2>${word('run')}</h2>
      <dl>
        ${line('runScenes', `${scenes} ${word('runScene')}`)}
        ${line('runUnseen', percentText(1 - observedFraction), 'runUnseenHint')}
        ${line('runIssued', detections)}
        ${line('runIssuedOf', issued, 'runIssuedHint')}
        ${line('runKnown', known, 'runKnownHint')}
        ${line('runSeenAgain', seenAgain, 'runSeenAgainHint')}
        ${line('runBroughtBack', broughtBack, 'runBroughtBackHint')}
        ${line('runHeld', held, 'runHeldHint')}
        ${leads > 0 && line('runLeads', leads, 'runLeadsHint')}
        ${warnings.length > 0 && html`<dt title=${warnings.join('\n')}>${word('runWarnings')}</dt><dd>${warnings.length}</dd>`}
      </dl>
    </section>
  `;
}
