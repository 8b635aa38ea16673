import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '../error.ts';

/** How much work a guess costs: N = 2^log2N, as scrypt names them. */
export interface PasswordCost {
  log2N: number;
  r: number;
  p: number;
}

/** 32 MB and about a third of a second: one of the settings that OWASP names. */
export const STRONG: PasswordCost = { log2N: 15, r: 8, p: 3 };

const leastLength = 10;
const mostLength = 256;
const hashBytes = 32;

/** What nobody's password is: the work of looking is the same for a name that does not exist. */
const nobody = formOf(STRONG, Buffer.alloc(16), Buffer.alloc(hashBytes));

/** As it is stored: 'scrypt$15$8$3$salt$hash', salt and hash in base64url. */
export async function hashPassword(password: string, cost = STRONG): Promise<string> {
  const salt = randomBytes(16);
  return formOf(cost, salt, await derive(password, salt, cost));
}

/** Null stands for a user who does not exist: looked up at the same cost, and false. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, log2N, r, p, salt, hash] = (stored ?? nobody).split('$');
  const cost = { log2N: Number(log2N), r: Number(r), p: Number(p) };
  const got = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return timingSafeEqual(got, Buffer.from(hash, 'base64url')) && stored !== null;
}

/** @throws ServiceError bad-input where it is short, very long, or the name; the password itself is not repeated */
export function requireStrong(password: string, name: string): void {
  const length = [...password].length;
  if (length < leastLength || length > mostLength) {
    const wanted = `A password has ${leastLength} to ${mostLength} characters`;
    throw new ServiceError('bad-input', `${wanted}; got one of ${length}.`);
  }
  if (folded(password).replace(/[\s\d\p{P}]/gu, '') === folded(name).replace(/[\s\d\p{P}]/gu, '')) {
    throw new ServiceError('bad-input', 'A password is something else than the name; got the name.');
  }
}

/** In place of a password where another provider logs somebody in: nobody knows what it is the hash of. */
export function unusablePassword(): string {
  return formOf(STRONG, randomBytes(16), randomBytes(hashBytes));
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function formOf({ log2N, r, p }: PasswordCost, salt: Buffer, hash: Buffer): string {
  return ['scrypt', log2N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** The same characters typed on another keyboard are the same password (NFKC). */
function derive(password: string, salt: Buffer, { log2N, r, p }: PasswordCost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
