import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenZip, openZip } from '../../archive/zip-reader.ts';
import { deviceId } from '../../field/devices.ts';
import { MANIFEST, type Manifest, parseManifest, SIGNATURE } from '../bundle/manifest.ts';
import { type Check, checked, demand, Fault, type Held } from './check.ts';
import { areaFollows, detectionFollows, overlapsFollow, scenesFollow } from './ground-checks.ts';
import { anchorFollows, historyFollows, opinionsReplay, papersHold, photosHold } from './record-checks.ts';

const MOST_MANIFEST_BYTES = 32 * 2 ** 20;
/** Of a file that a check reads whole; others are only hashed. */
const MOST_JSON_BYTES = 512 * 2 ** 20;
/** What a bundle may unpack to: it is written stored, so that this is more than any holds. */
const MOST_BYTES = 16 * 2 ** 30;

export interface Verified {
  ok: boolean;
  /** null where not even the manifest can be read. */
  subject: string | null;
  kind: Manifest['kind'] | null;
  at: string | null;
  /** Id of the key that signed, and whether that key was handed in: one in the bundle alone proves no sender. */
  signedBy: string | null;
  keyGiven: boolean;
  checks: Check[];
  missing: Manifest['missing'];
}

/**
 * Checks a bundle with nothing else at hand: signature, every byte, history, detection, areas, opinions, readings.
 * @param key the public key it must be signed with; left out: the one it brings, which proves that it is whole, not whose
 * @throws ServiceError bad-input, one line, where it cannot be opened as a zip at all
 */
export async function verifyBundle(path: string, key: KeyObject | null = null): Promise<Verified> {
  const zip = await openZip(path, 'an evidence bundle');
  try {
    const checks: Check[] = [];
    let manifest: Manifest | null = null;
    checks.push(
      await checked('signature', { zh: '签名', en: 'signature' }, async () => {
        manifest = await signedManifest(zip, path, key);
        return `${manifest.key.id}${key === null ? '（包内公钥 the key it brings）' : '（与给定公钥相符 as given）'}`;
      }),
    );
    const known = manifest as Manifest | null;
    if (known !== null) {
      const held = heldOf(zip, known);
      checks.push(await checked('files', { zh: '文件', en: 'files' }, () => filesMatch(zip, known)));
      if (checks.every(({ ok }) => ok)) checks.push(...(await contentChecks(known, held, zip, key)));
    }
    return {
      ok: checks.every(({ ok }) => ok !== false),
      subject: known?.subject ?? null,
      kind: known?.kind ?? null,
      at: known?.at ?? null,
      signedBy: known?.key.id ?? null,
      keyGiven: key !== null,
      checks,
      missing: known?.missing ?? [],
    };
  } finally {
    zip.close();
  }
}

async function signedManifest(zip: OpenZip, path: string, given: KeyObject | null): Promise<Manifest> {
  const text = await zip.read(MANIFEST, MOST_MANIFEST_BYTES);
  const manifest = parseManifest(text, path);
  const own = createPublicKey(manifest.key.publicKey);
  demand(own.asymmetricKeyType === 'ed25519', `${MANIFEST} names a key that is no Ed25519 one`);
  demand(
    deviceId(own) === manifest.key.id,
    `${MANIFEST} names the key ${manifest.key.id}, which is not the key it brings`,
  );
  const wanted = given === null ? manifest.key.id : deviceId(given);
  demand(wanted === manifest.key.id, `it is signed with the key ${manifest.key.id}, wanted ${wanted}`);
  const signature = (await zip.read(SIGNATURE, 256)).toString('latin1');
  const bytes = Buffer.from(signature, 'base64');
  // Base64 can be written in several ways; a changed byte is to show.
  const plain = signature === `${bytes.toString('base64')}\n`;
  demand(
    plain && verify(null, text, given ?? own, bytes),
    `${MANIFEST} is not what was signed: it or ${SIGNATURE} was changed`,
  );
  return manifest;
}

/** What is listed is there, byte for byte, and nothing else is. */
async function filesMatch(zip: OpenZip, { files }: Manifest): Promise<string> {
  const listed = new Set([MANIFEST, SIGNATURE, ...files.map(({ name }) => name)]);
  for (const name of zip.sizes.keys()) {
    demand(listed.has(name), `${JSON.stringify(name).slice(0, 100)} is in the zip, but not in the manifest`);
  }
  let total = 0;
  for (const { name, bytes } of files) {
    const size = zip.sizes.get(name);
    demand(size !== undefined, `${name} is listed, but not in the zip`);
    demand(size === bytes, `${name} has ${size} bytes, ${bytes} are listed`);
    total += bytes;
  }
  demand(total <= MOST_BYTES, `it unpacks to ${total} bytes; wanted at most ${MOST_BYTES}`);
  for (const { name, sha256 } of files) {
    demand((await zip.hash(name)) === sha256, `${name} was changed: its bytes are not those that were listed`);
  }
  return `${files.length} 个文件 files，${total} 字节 bytes`;
}

function heldOf(zip: OpenZip, { files }: Manifest): Held {
  const listed = new Map(files.map(({ name, sha256 }) => [name, sha256]));
  const bytes = (name: string) => zip.read(name, MOST_JSON_BYTES);
  const text = async (name: string) => {
    if (!listed.has(name)) throw new Fault(`${name} is missing`);
    return (await bytes(name)).toString('utf8');
  };
  return {
    text,
    bytes,
    json: async (name) => JSON.parse(await text(name)),
    listed: (name) => listed.get(name) ?? null,
    names: [...listed.keys()],
  };
}

function contentChecks(manifest: Manifest, held: Held, zip: OpenZip, key: KeyObject | null): Promise<Check[]> {
  return manifest.kind === 'patch' ? patchChecks(held) : caseChecks(held, zip, key);
}

async function patchChecks(held: Held): Promise<Check[]> {
  return [
    await checked('history', { zh: '办理历史', en: 'history' }, () => historyFollows(held, 'patch')),
    await checked('audit', { zh: '审计链', en: 'audit chain' }, () => anchorFollows(held)),
    await checked('detection', { zh: '检测', en: 'detection' }, () => detectionFollows(held)),
    await checked('area', { zh: '面积', en: 'area' }, () => areaFollows(held)),
    await checked('scenes', { zh: '影像', en: 'scenes' }, () => scenesFollow(held)),
    await checked('overlaps', { zh: '压占', en: 'overlaps' }, () => overlapsFollow(held)),
    await checked('opinions', { zh: '意见', en: 'opinions' }, () => opinionsReplay(held)),
    await checked('photos', { zh: '照片', en: 'photos' }, () => photosHold(held)),
    await checked('papers', { zh: '材料', en: 'papers' }, () => papersHold(held)),
  ];
}

/** Of a package: its own history and papers, and the bundle of every patch within it. */
async function caseChecks(held: Held, zip: OpenZip, key: KeyObject | null): Promise<Check[]> {
  const checks = [
    await checked('history', { zh: '案件历史', en: 'case history' }, () => historyFollows(held, 'case')),
    await checked('audit', { zh: '审计链', en: 'audit chain' }, () => anchorFollows(held)),
    await checked('papers', { zh: '材料', en: 'papers' }, () => papersHold(held)),
  ];
  const folder = await mkdtemp(join(tmpdir(), 'tuban-verify-'));
  try {
    for (const name of held.names.filter((one) => /^patches\/[^/]+\.zip$/.test(one))) {
      const path = join(folder, createHash('sha256').update(name).digest('hex'));
      checks.push(
        await checked(name, { zh: '图斑', en: 'patch' }, async () => {
          await zip.copy(name, path);
          const inner = await verifyBundle(path, key);
          demand(inner.kind === 'patch', 'is no bundle of a patch');
          const fault = inner.checks.find(({ ok }) => ok === false);
          demand(fault === undefined, `${fault?.label.zh} ${fault?.name}: ${fault?.said}`);
          return `${inner.checks.length} 项检查 checks`;
        }),
      );
      await rm(path, { force: true });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return checks;
}
