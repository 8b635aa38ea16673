import { html } from 'htm/preact';
import { adminWord } from './words.ts';

/** A secret that is shown this once, and is gone from the page when it was kept. */
export function Once({ secret, onDone }: { secret: string; onDone: () => void }) {
  return html`
    <div class="once" role="alert">
      <p>${adminWord('once')}</p>
      <p><code>${secret}</code></p>
      <button onClick=${() => navigator.clipboard?.writeText(secret)}>${adminWord('copy')}</button>
      <button class="main" onClick=${onDone}>${adminWord('done')}</button>
    </div>
  `;
}
