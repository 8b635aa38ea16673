import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { ServiceError } from '../error.ts';
import { type FieldDeviceRow, findDevice, insertDevice } from '../store/field-devices.ts';
import type { Store } from '../store/open.ts';

/**
 * Registers the device whose public key this is: PEM (SPKI), or its 32 bytes in base64. Its id is the key's hash.
 * Registered again it is the same device.
 * @throws ServiceError bad-input where it is no Ed25519 public key
 */
export async function addDevice(store: Store, name: string, keyText: string, now: Date): Promise<FieldDeviceRow> {
  if (name.trim() === '') throw new ServiceError('bad-input', 'A field device needs a name; got an empty one.');
  const key = publicKeyOf(keyText);
  const id = deviceId(key);
  const publicKey = key.export({ type: 'spki', format: 'pem' }).toString();
  await insertDevice(store.db, { id, name: name.trim(), publicKey, addedAt: now.toISOString(), revokedAt: null });
  return (await findDevice(store.db, id))!;
}

/** First 16 digits of the sha256 of the key as SPKI. */
export function deviceId(key: KeyObject): string {
  const spki = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex').slice(0, 16);
}

/** The key of a device that may sign. @throws ServiceError bad-input where it is unknown or was revoked */
export async function signingDevice(store: Store, id: string, what: string): Promise<KeyObject> {
  const device = await findDevice(store.db, id);
  if (device === null) {
    const wanted = "wanted one registered with 'tuban field device add'";
    throw new ServiceError(
      'bad-input',
      `${what}: is signed by the device '${id}', which is not known here; ${wanted}.`,
    );
  }
  if (device.revokedAt !== null) {
    const since = `was revoked at ${device.revokedAt}`;
    throw new ServiceError('bad-input', `${what}: is signed by the device '${id}' (${device.name}), which ${since}.`);
  }
  return createPublicKey(device.publicKey);
}

const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

function publicKeyOf(text: string): KeyObject {
  const refused = (why: string) =>
    new ServiceError(
      'bad-input',
      `A field device is known by its Ed25519 public key (PEM, or 32 bytes in base64); got ${why}.`,
    );
  if (text.includes('PRIVATE KEY')) throw refused('a private key, which must stay on the device');
  try {
    const raw = Buffer.from(text.trim(), 'base64');
    const key = text.includes('-----BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    throw refused('something else');
  }
  throw refused('another kind of key');
}
