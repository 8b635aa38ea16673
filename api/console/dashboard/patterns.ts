import { html } from 'htm/preact';

/** Patterns beside colours, so that nobody has to tell red from green. Their lines take their colour from the class. */

/** Slanted lines. */
export function Hatch({ id }: { id: string }) {
  return html`
    <pattern id=${id} class="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="paper" width="6" height="6" />
      <line x1="0" y1="0" x2="0" y2="6" />
    </pattern>
  `;
}

/** What is overdue, for every chart of the page: drawn once. */
export function LatePattern() {
  return html`
    <svg class="patterns" width="0" height="0" aria-hidden="true">
      <defs>
        <pattern id="late" class="late-pattern" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="paper" width="4" height="4" />
          <line x1="0" y1="0" x2="0" y2="4" />
        </pattern>
      </defs>
    </svg>
  `;
}

/** Dots. */
export function Dots({ id }: { id: string }) {
  return html`
    <pattern id=${id} class="dots" width="6" height="6" patternUnits="userSpaceOnUse">
      <rect class="paper" width="6" height="6" />
      <circle cx="3" cy="3" r="1.5" />
    </pattern>
  `;
}

/** Crossed lines. */
export function Grating({ id }: { id: string }) {
  return html`
    <pattern id=${id} class="grating" width="8" height="8" patternUnits="userSpaceOnUse">
      <rect class="paper" width="8" height="8" />
      <path d="M0 0L8 8M8 0L0 8" />
    </pattern>
  `;
}
