import { html } from 'htm/preact';
import type { PageProps } from '../shell/page.ts';

export function Admin({ workspace, month }: PageProps) {
  return html`<main class="admin"><h2>${workspace.name} ${month}</h2></main>`;
}
