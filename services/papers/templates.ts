import { ServiceError } from '../error.ts';
import { localDay } from '../local-time.ts';
import type { Store } from '../store/open.ts';
import { insertPaperTemplate, paperTemplates } from '../store/papers.ts';
import { checkTemplate, type PaperTemplate, readTemplate, templateHash } from './template.ts';
import caseFilingApproval from './templates/case-filing-approval.json' with { type: 'json' };
import referralLetter from './templates/referral-letter.json' with { type: 'json' };
import reminderLetter from './templates/reminder-letter.json' with { type: 'json' };
import supervisionNotice from './templates/supervision-notice.json' with { type: 'json' };
import verificationForm from './templates/verification-form.json' with { type: 'json' };

/** The papers that every workspace knows. */
export const SHIPPED: readonly PaperTemplate[] = [
  reminderLetter,
  supervisionNotice,
  verificationForm,
  caseFilingApproval,
  referralLetter,
].map((input) => checkTemplate(input, 'a template that comes with the program'));

export interface KnownTemplate {
  template: PaperTemplate;
  sha256: string;
  /** 'program', or the workspace's own with the day from which it holds. */
  source: 'program' | 'workspace';
  effectiveFrom: string | null;
}

/** The templates that hold at a time, one a kind: the workspace's own before those of the program. */
export async function templatesAt(store: Store, at: Date): Promise<KnownTemplate[]> {
  const known = new Map<string, KnownTemplate>();
  for (const template of SHIPPED) {
    known.set(template.kind, { template, sha256: templateHash(template), source: 'program', effectiveFrom: null });
  }
  for (const { kind, json, effectiveFrom } of await paperTemplates(store.db)) {
    if (effectiveFrom > localDay(at)) continue;
    const template = readTemplate(json, `the workspace's template ${kind} of ${effectiveFrom}`);
    known.set(kind, { template, sha256: templateHash(template), source: 'workspace', effectiveFrom });
  }
  return [...known.values()];
}

/** @throws ServiceError bad-input where there is no paper of this kind, with those there are */
export async function templateAt(store: Store, kind: string, at: Date): Promise<KnownTemplate> {
  const all = await templatesAt(store, at);
  const found = all.find(({ template }) => template.kind === kind);
  if (found) return found;
  const known = all.map(({ template }) => `${template.kind}（${template.name.zh}）`).join(', ');
  throw new ServiceError('bad-input', `There is no paper '${kind}'; known are ${known}.`);
}

export interface AddedTemplate {
  json: string;
  /** How errors name it: its file. */
  origin: string;
  /** First local day, YYYY-MM-DD. */
  from: string;
  actor: string;
  at: Date;
}

/** Enters a template of the workspace's own; the ones entered before stay on record. @throws ServiceError bad-input */
export async function addTemplate(
  store: Store,
  { json, origin, from, actor, at }: AddedTemplate,
): Promise<KnownTemplate> {
  const template = readTemplate(json, origin);
  const sha256 = templateHash(template);
  const row = { kind: template.kind, effectiveFrom: from, json, sha256, addedBy: actor, addedAt: at.toISOString() };
  await insertPaperTemplate(store.db, row);
  return { template, sha256, source: 'workspace', effectiveFrom: from };
}
