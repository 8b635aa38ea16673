import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';

export interface Notice {
  text: string;
  bad: boolean;
}

/** Says what just happened, and goes by itself. */
export function Toast({ notice, onGone }: { notice: Notice | null; onGone: () => void }) {
  useEffect(() => {
    if (notice === null) return undefined;
    const gone = setTimeout(onGone, notice.bad ? 8000 : 3000);
    return () => clearTimeout(gone);
  }, [notice]);
  return html`
    <div role="status" aria-live="polite">
      ${notice !== null && html`<p class=${notice.bad ? 'toast bad' : 'toast'} onClick=${onGone}>${notice.text}</p>`}
    </div>
  `;
}
