const localHeader = 0x04034b50;
const entryHeader = 0x02014b50;
const end = 0x06054b50;
/** 1980-01-01 00:00 as zips write it. */
const firstDay = 0x21;

/**
 * The zip with the times of its files set to the first that a zip can say: the same content is the same file, whenever
 * it is packed. Changes the bytes given and returns them.
 */
export function fixedZip(zip: Buffer): Uint8Array {
  const tail = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (tail < 0 || zip.readUInt32LE(tail) !== end) throw new Error('A zip without its end record.');
  let at = zip.readUInt32LE(tail + 16);
  for (let left = zip.readUInt16LE(tail + 10); left > 0; left--) {
    const local = zip.readUInt32LE(at + 42);
    if (zip.readUInt32LE(at) !== entryHeader || zip.readUInt32LE(local) !== localHeader) {
      throw new Error('A zip whose records are not where its list says.');
    }
    for (const time of [at + 12, local + 10]) {
      zip.writeUInt16LE(0, time);
      zip.writeUInt16LE(firstDay, time + 2);
    }
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return new Uint8Array(zip.buffer, zip.byteOffset, zip.byteLength);
}
