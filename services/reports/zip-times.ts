const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endRecord = 0x06054b50;
const endSize = 22;
/** 1980-01-01 00:00, the first moment that a zip can say. */
const firstDay = 0x0021;

/** A zip whose entries bear no time, so that the same content is the same bytes. The array is changed and handed back. */
export function withoutTimes(zip: Uint8Array): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  let end = zip.length - endSize;
  while (end >= 0 && view.getUint32(end, true) !== endRecord) end--;
  if (end < 0) throw new Error('A workbook was written that is no zip.');
  const entries = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let n = 0; n < entries; n++) {
    if (view.getUint32(at, true) !== centralHeader)
      throw new Error('A workbook was written whose directory is broken.');
    clear(view, at + 12);
    const local = view.getUint32(at + 42, true);
    if (view.getUint32(local, true) !== localHeader)
      throw new Error('A workbook was written whose entries are broken.');
    clear(view, local + 10);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return zip;
}

function clear(view: DataView, at: number): void {
  view.setUint16(at, 0, true);
  view.setUint16(at + 2, firstDay, true);
}
