import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ServiceError } from '../../error.ts';
import { deviceId } from '../devices.ts';

export interface WorkspaceKey {
  id: string;
  key: KeyObject;
  /** PEM, for those who check what this workspace signed. */
  publicKey: string;
}

/**
 * The Ed25519 key that a workspace signs with, made the first time it is needed: keys/workspace.pem, readable by its
 * owner alone.
 * @throws ServiceError store-unusable where the file is there and is no such key
 */
export async function workspaceKey(home: string): Promise<WorkspaceKey> {
  const path = join(home, 'keys', 'workspace.pem');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const made = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  // wx: of two that come first at once, one key is kept.
  await writeFile(path, made, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  try {
    const key = createPrivateKey(await readFile(path));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is a key of the kind ${key.asymmetricKeyType}`);
    const open = createPublicKey(key);
    return { id: deviceId(open), key, publicKey: open.export({ type: 'spki', format: 'pem' }).toString() };
  } catch (error) {
    const wanted = 'wanted the Ed25519 private key of the workspace';
    throw new ServiceError('store-unusable', `${path}: ${wanted}: ${(error as Error).message}.`, undefined, error);
  }
}
