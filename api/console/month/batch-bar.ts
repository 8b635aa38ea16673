import { html } from 'htm/preact';
import type { StepName } from './triage.ts';
import { type MonthWord, say } from './words.ts';

const steps: [StepName, MonthWord, string][] = [
  ['dismiss', 'dismiss', 'D'],
  ['warn', 'warnStep', 'W'],
  ['assign', 'assign', 'G'],
  ['note', 'note', 'N'],
];

interface BatchBarProps {
  count: number;
  mayAct: boolean;
  onStep: (step: StepName) => void;
  onClear: () => void;
}

/** What can be done with all that are selected. */
export function BatchBar({ count, mayAct, onStep, onClear }: BatchBarProps) {
  return html`
    <div class="batch" role="toolbar" aria-label=${say('selected', count)}>
      <b>${say('selected', count)}</b>
      ${steps.map(
        ([step, name, key]) =>
          html`<button disabled=${!mayAct} title=${mayAct ? key : say('viewer')} onClick=${() => onStep(step)}>${say(name)} <kbd>${key}</kbd></button>`,
      )}
      <button class="plain" title=${say('deselect')} aria-label=${say('deselect')} onClick=${onClear}>×</button>
    </div>
  `;
}
