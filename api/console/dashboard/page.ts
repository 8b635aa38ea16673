import { html } from 'htm/preact';
import type { PageProps } from '../shell/page.ts';

export function Dashboard({ workspace, month }: PageProps) {
  return html`<main class="dashboard"><h2>${workspace.name} ${month}</h2></main>`;
}
