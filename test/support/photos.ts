import sharp, { type Sharp } from 'sharp';
import { seededRandom } from './random.ts';

/** What a camera writes into a photo; what is left out it does not say. */
export interface CameraSays {
  lon?: number;
  lat?: number;
  accuracyM?: number;
  azimuth?: number;
  north?: 'T' | 'M';
  /** Local, 'YYYY:MM:DD HH:MM:SS'. */
  taken?: string;
  offset?: string;
  focal35mm?: number;
  make?: string;
  software?: string;
}

/** A picture of its own for every seed, with large and small shapes as photos have. */
export async function picture(seed: number, width = 480, height = 360): Promise<Sharp> {
  const random = seededRandom(seed);
  const coarse = Uint8Array.from({ length: 9 * 7 * 3 }, () => Math.floor(256 * random()));
  const raw = await sharp(coarse, { raw: { width: 9, height: 7, channels: 3 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .raw()
    .toBuffer();
  return sharp(raw, { raw: { width, height, channels: 3 } });
}

/** A real JPEG with real EXIF. */
export async function photo(seed: number, says: CameraSays = {}): Promise<Buffer> {
  return withExif(await picture(seed), says)
    .jpeg({ quality: 90 })
    .toBuffer();
}

export function withExif(image: Sharp, says: CameraSays): Sharp {
  const kept = (tags: Record<string, string | undefined>) =>
    Object.fromEntries(Object.entries(tags).filter((tag): tag is [string, string] => tag[1] !== undefined));
  const { lon, lat, accuracyM, azimuth, north, taken, offset, focal35mm, make, software } = says;
  const thousandths = (value: number | undefined) =>
    value === undefined ? undefined : `${Math.round(value * 1000)}/1000`;
  return image.withExif({
    IFD0: kept({ Make: make, Software: software }),
    IFD2: kept({ DateTimeOriginal: taken, OffsetTimeOriginal: offset, FocalLengthIn35mmFilm: focal35mm?.toString() }),
    IFD3: kept({
      GPSLatitudeRef: lat === undefined ? undefined : lat < 0 ? 'S' : 'N',
      GPSLatitude: lat === undefined ? undefined : degrees(lat),
      GPSLongitudeRef: lon === undefined ? undefined : lon < 0 ? 'W' : 'E',
      GPSLongitude: lon === undefined ? undefined : degrees(lon),
      GPSHPositioningError: thousandths(accuracyM),
      GPSImgDirection: thousandths(azimuth),
      GPSImgDirectionRef: azimuth === undefined ? undefined : north,
    }),
  });
}

/** The same EXIF in a HEIC file made by hand: boxes as a phone writes them, and no picture. */
export async function heic(says: CameraSays): Promise<Buffer> {
  const { exif } = await sharp(await photo(1, says)).metadata();
  const item = Buffer.concat([u32(6), exif as Buffer]);
  const ftyp = box('ftyp', Buffer.from('heic'), u32(0), Buffer.from('mif1heic'));
  const infe = fullBox('infe', 2, u16(1), u16(0), Buffer.from('Exif'), Buffer.from([0]));
  const iinf = fullBox('iinf', 0, u16(1), infe);
  const hdlr = fullBox('hdlr', 0, u32(0), Buffer.from('pict'), Buffer.alloc(13));
  // Offsets and lengths of four bytes; one item of one extent.
  const iloc = (at: number) =>
    fullBox('iloc', 0, u16(0x4400), u16(1), u16(1), u16(0), u16(1), u32(at), u32(item.byteLength));
  const meta = (at: number) => fullBox('meta', 0, hdlr, iinf, iloc(at));
  const at = ftyp.byteLength + meta(0).byteLength + 8;
  return Buffer.concat([ftyp, meta(at), box('mdat', item)]);
}

function degrees(angle: number): string {
  const all = Math.round(Math.abs(angle) * 3_600_000);
  return `${Math.floor(all / 3_600_000)}/1 ${Math.floor((all % 3_600_000) / 60_000)}/1 ${all % 60_000}/1000`;
}

function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.byteLength + 8), Buffer.from(type), body]);
}

function fullBox(type: string, version: number, ...parts: Buffer[]): Buffer {
  return box(type, u32(version * 2 ** 24), ...parts);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
