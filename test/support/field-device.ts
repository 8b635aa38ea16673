import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { addDevice, deviceId } from '../../services/field/devices.ts';
import { type PackFile, writePack } from '../../services/field/pack/write-pack.ts';
import { type Reading, type SignedReading, signedText } from '../../services/field/reading.ts';
import { sha256Of } from '../../services/sha256.ts';
import type { Store } from '../../services/store/open.ts';

/** A phone in the field, with the key it was given. */
export class FieldDevice {
  readonly id: string;
  readonly publicKey: string;
  readonly #key: KeyObject;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.#key = privateKey;
    this.id = deviceId(publicKey);
    this.publicKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  static async registered(store: Store): Promise<FieldDevice> {
    const device = new FieldDevice();
    await addDevice(store, 'phone of Li', device.publicKey, new Date('2025-07-01T00:00:00Z'));
    return device;
  }

  /** What its sensors say beside a photo, signed. */
  reading(photo: Uint8Array, given: Partial<Reading> = {}): SignedReading {
    const said = { lon: 112.5005, lat: 26.8995, accuracyM: 4, azimuth: 0, at: '2025-07-05T02:00:00.000Z' };
    const reading: Reading = { format: 'tuban-reading-1', device: this.id, photo: sha256Of(photo), ...said, ...given };
    const signature = sign(null, Buffer.from(signedText(reading)), this.#key).toString('base64');
    return { ...reading, signature };
  }

  /** A package of evidence as it brings it home. */
  pack(path: string, files: PackFile[], items: object[]): Promise<string> {
    const about = { name: 'evidence.json', bytes: Buffer.from(JSON.stringify({ format: 'tuban-evidence-1', items })) };
    const at = new Date('2025-07-05T10:00:00Z');
    return writePack(path, [...files, about], { kind: 'evidence', key: this.#key, signedBy: this.id, at });
  }
}
