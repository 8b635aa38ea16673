import { randomBytes } from 'node:crypto';
import { ServiceError } from '../error.ts';
import { reopenDeliveries } from '../store/notify-deliveries.ts';
import {
  addSecret,
  deleteSecrets,
  type EndpointRow,
  endpointOf,
  endSecrets,
  insertEndpoint,
  moveCursor,
  setEndpointState,
} from '../store/notify-endpoints.ts';
import { headOfLog } from '../store/notify-figures.ts';
import type { Store } from '../store/open.ts';
import { MESSAGE_TYPES } from './message.ts';
import { type Reach, receiverUrl } from './receiver-address.ts';
import { newSecret } from './sign.ts';

/** How long the secret before still signs beside the new one. */
const OVERLAP_MS = 86_400_000;

export interface NewWebhook extends Reach {
  url: string;
  /** District code prefix; '' = all. */
  district: string;
  /** Message types; none = all. */
  types: readonly string[];
  /** Cursor to begin after; undefined: only what happens from now on. */
  from?: number | undefined;
}

/**
 * Adds a webhook. Its secret is returned this once.
 * @throws ServiceError bad-input for an address that may not be called, unknown types or a bad district
 */
export async function addWebhook(store: Store, webhook: NewWebhook, at: Date): Promise<{ id: string; secret: string }> {
  receiverUrl(webhook.url, webhook);
  checkDistrict(webhook.district);
  const unknown = webhook.types.find((type) => !MESSAGE_TYPES.includes(type));
  if (unknown !== undefined) {
    throw new ServiceError('bad-input', `Types of messages are ${MESSAGE_TYPES.join(', ')}; got '${unknown}'.`);
  }
  const id = newId();
  const secret = newSecret();
  const { url, district, types, from, allowHttp, allowPrivate } = webhook;
  await store.db.transaction().execute(async (trx) => {
    const cursor = from ?? (await headOfLog(trx));
    const reach = { allowHttp: Number(allowHttp), allowPrivate: Number(allowPrivate) };
    const said = { kind: 'webhook', address: url, typesJson: JSON.stringify(types), digest: 'none' } as const;
    await insertEndpoint(trx, { id, district, cursor, ...said, ...reach, ...fresh(at) });
    await addSecret(trx, id, secret, at.toISOString());
  });
  return { id, secret };
}

export interface NewMail {
  address: string;
  district: string;
  digest: EndpointRow['digest'];
  /** Whether it is told when something is due soon, late or to be escalated. */
  notices: boolean;
}

/** Adds somebody who is told by mail. @throws ServiceError bad-input */
export async function addMail(store: Store, mail: NewMail, at: Date): Promise<{ id: string }> {
  if (!/^[^\s@<>",;:]+@[^\s@<>",;:]+$/.test(mail.address)) {
    throw new ServiceError('bad-input', `A mail receiver is name@host; got '${mail.address.slice(0, 80)}'.`);
  }
  checkDistrict(mail.district);
  if (mail.digest === 'none' && !mail.notices) {
    throw new ServiceError('bad-input', `${mail.address} would get nothing: wanted a digest, notices or both.`);
  }
  const id = newId();
  const types = mail.notices ? MESSAGE_TYPES.filter((type) => !/opened|moved/.test(type)) : ['none'];
  const said = { kind: 'mail', typesJson: JSON.stringify(types), cursor: 0, allowHttp: 0, allowPrivate: 0 } as const;
  const { address, district, digest } = mail;
  await insertEndpoint(store.db, { id, address, district, digest, ...said, ...fresh(at) });
  return { id };
}

/** A new secret, returned this once; the one before signs beside it for a day. */
export async function rotateSecret({ db }: Store, id: string, at: Date): Promise<{ secret: string; until: string }> {
  const { kind } = await endpointOf(db, id);
  if (kind !== 'webhook') throw new ServiceError('bad-input', `${id} gets mail: there is no secret to replace.`);
  const secret = newSecret();
  const until = new Date(at.getTime() + OVERLAP_MS).toISOString();
  await db.transaction().execute(async (trx) => {
    await endSecrets(trx, id, until);
    await addSecret(trx, id, secret, at.toISOString());
  });
  return { secret, until };
}

/** Sends nothing more to it and forgets its secrets; what it was sent stays on record. */
export async function removeEndpoint({ db }: Store, id: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await setEndpointState(trx, id, 'removed', null);
    await deleteSecrets(trx, id);
  });
}

/**
 * Sends a webhook everything after an event of the log once more, in order, with the ids it had; also what it was never
 * sent since it was added later.
 * @param from seq of the last event that is not sent again; 0 = all
 */
export async function replay({ db }: Store, id: string, from: number, at: Date): Promise<{ reopened: number }> {
  const { kind } = await endpointOf(db, id);
  if (kind !== 'webhook') throw new ServiceError('bad-input', `${id} gets mail: only webhooks are replayed.`);
  return db.transaction().execute(async (trx) => {
    // Read anew: within the transaction nobody moves it.
    const { cursor } = await endpointOf(trx, id);
    if (from < cursor && !(await moveCursor(trx, id, cursor, from))) {
      throw new ServiceError('busy', `${id} is being written to by a sender just now; replay it again.`);
    }
    return { reopened: await reopenDeliveries(trx, id, from, at.toISOString()) };
  });
}

function checkDistrict(district: string): void {
  if (/^\d{0,12}$/.test(district)) return;
  throw new ServiceError('bad-input', `A district is named by the first digits of its code; got '${district}'.`);
}

function fresh(at: Date) {
  return { state: 'active', note: null, notBefore: null, addedAt: at.toISOString() } as const;
}

function newId(): string {
  return randomBytes(4).toString('hex');
}
