import { html } from 'htm/preact';
import type { StateRow } from '../../server/schemas.ts';
import { label } from './text.ts';

/** The colour class of a state: its column on the monthly board, or how it ended. */
export function toneOf(state: StateRow | undefined): string {
  if (state === undefined) return 'dismissed';
  if (state.outcome === 'resolved') return 'done';
  return state.outcome === 'open' ? state.stage : 'dismissed';
}

export function StateLabel({ name, states }: { name: string; states: readonly StateRow[] }) {
  const state = states.find((row) => row.name === name);
  return html`<span class=${`state ${toneOf(state)}`}>${state ? label(state.label) : name}</span>`;
}
