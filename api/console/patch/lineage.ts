import { html } from 'htm/preact';
import type { DossierBody } from '../../server/dossier-schemas.ts';
import type { Lifecycle } from '../../server/schemas.ts';
import { areaText, muText } from '../shell/format.ts';
import { StateLabel } from '../shell/state-label.ts';
import { word } from '../shell/text.ts';
import { say } from './words.ts';

type Member = DossierBody['family'][number];

interface LineageProps {
  family: DossierBody['family'];
  /** Number of the patch that is looked at. */
  number: string;
  states: Lifecycle['states']['patch'];
}

/** What splits and merges made of a patch, as a tree from what came first; a merged one hangs under its first parent. */
export function Lineage({ family, number, states }: LineageProps) {
  const known = new Map(family.map((member) => [member.id, member]));
  const roots = family.filter(({ parents }) => !parents.some((id) => known.has(id)));
  const branch = (member: Member): unknown => {
    const children = member.children
      .flatMap((id) => known.get(id) ?? [])
      .filter(({ parents }) => firstKnown(parents) === member.id);
    const others = member.parents.filter((id) => known.has(id) && id !== firstKnown(member.parents));
    return html`
      <li key=${member.id} class=${member.number === number ? 'self' : ''}>
        <span class="mono">${member.number}</span>
        <${StateLabel} name=${member.state} states=${states} />
        <span class="faint">${areaText(member.areaM2)} m² · ${muText(member.areaM2)} ${word('mu')}</span>
        ${member.number === number && html`<span class="tag">${say('thisOne')}</span>`}
        ${others.length > 0 && html`<span class="faint">+ ${say('parentOf')} ${others.map((id) => known.get(id)!.number).join(', ')}</span>`}
        ${children.length > 0 && html`<ul>${children.map(branch)}</ul>`}
      </li>
    `;
  };
  const firstKnown = (parents: readonly string[]) => parents.find((id) => known.has(id));
  return html`<ul class="tree">${roots.map(branch)}</ul>`;
}
