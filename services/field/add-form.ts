import { canonicalJson } from '../canonical-json.ts';
import { ServiceError } from '../error.ts';
import { maySatisfy, type Office } from '../lifecycle/office.ts';
import { factsOf, project } from '../lifecycle/projection.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { findTransition } from '../lifecycle/transitions.ts';
import { contentId } from '../month/evidence.ts';
import { eventsOf } from '../store/events.ts';
import { listPhotos } from '../store/field-photos.ts';
import { type FieldFormRow, findForm, insertForm } from '../store/field-reports.ts';
import type { Store } from '../store/open.ts';
import type { PatchRow } from '../store/patches.ts';
import { checkFindings, type Findings, wordsOf } from './findings.ts';

export interface SentForm {
  findings: Findings;
  /** The sender's own name for this form; null: it is known by what it says. */
  key: string | null;
  actor: string;
  office: Office;
  at: Date;
}

/** Whether it had come in before, and what became of it then. */
export interface TakenForm {
  form: FieldFormRow;
  isNew: boolean;
}

/** Steps a finished visit may take, where the state waits for one. */
const FINISHING = ['verify', 'add-evidence'];
/** The step that only puts it on record. */
const RECORDING = 'field-report';
/** So often somebody else may have been faster. */
const TRIES = 3;

/**
 * Takes a form in, once, with a step of the lifecycle: the one that the patch waits for where the visit is finished, has
 * photos and the sender may take it, otherwise one that leaves the patch where it is. What was found is never refused
 * because somebody moved the patch on in the meantime.
 * @throws ServiceError bad-input; forbidden
 */
export async function addForm(store: Store, patch: PatchRow, sent: SentForm): Promise<TakenForm> {
  checkFindings(sent.findings);
  const formJson = canonicalJson(sent.findings);
  const id = contentId('form', patch.id, sent.actor, sent.key ?? formJson);
  for (let tried = 1; ; tried++) {
    const known = await findForm(store.db, id);
    if (known !== null) return again(known, formJson);
    try {
      return { form: await take(store, patch, sent, { id, formJson }), isNew: true };
    } catch (error) {
      const overtaken = error instanceof ServiceError && error.code === 'version-conflict';
      if (!overtaken || tried === TRIES) throw error;
    }
  }
}

function again(form: FieldFormRow, formJson: string): TakenForm {
  if (form.formJson === formJson) return { form, isNew: false };
  throw new ServiceError('bad-input', 'A form with this key came in before and said something else; take a new key.');
}

async function take(
  store: Store,
  patch: PatchRow,
  { findings, actor, office, at }: SentForm,
  { id, formJson }: { id: string; formJson: string },
): Promise<FieldFormRow> {
  return store.db.transaction().execute(async (trx) => {
    const evidence = await evidenceOf(trx, patch, findings.photos);
    const before = project(await eventsOf(trx, 'patch', patch.id))!;
    const steps = findings.done && evidence.length > 0 ? FINISHING : [];
    const rows = steps.map((name) => findTransition('patch', before.state, name, factsOf(before)));
    const action = rows.find((row) => row !== undefined && maySatisfy(office, row))?.action ?? RECORDING;
    const stopped = findings.stopped === null ? {} : { stopped: findings.stopped };
    const payload = { note: wordsOf(findings), evidence, findings, form: id, ...stopped };
    const move = { subject: 'patch', id: patch.id, action, payload, actor, office, at } as const;
    const { state: toState, version } = await transitionIn(trx, { ...move, expectedVersion: before.version });
    const about = { patchId: patch.id, district: patch.district, sentBy: actor, addedAt: at.toISOString() };
    const form = { id, ...about, formJson, action, toState, version };
    if (await insertForm(trx, form)) return form;
    // The same form came in at the same moment: its step stands for both.
    throw new ServiceError('version-conflict', `The form ${id} is just coming in.`);
  });
}

/** @throws ServiceError bad-input naming the photo that has not come in */
async function evidenceOf(db: Store['db'], patch: PatchRow, hashes: readonly string[]): Promise<string[]> {
  const photos = new Map((await listPhotos(db, patch.id)).map(({ sha256, id }) => [sha256, id]));
  return hashes.map((hash) => {
    const id = photos.get(hash);
    if (id !== undefined) return id;
    const wanted = 'send its photos first';
    throw new ServiceError(
      'bad-input',
      `The form names the photo ${hash.slice(0, 12)}…, which is not here; ${wanted}.`,
    );
  });
}
