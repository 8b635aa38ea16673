import { createHash } from 'node:crypto';
import sharp from 'sharp';

/** What the simulated camera writes into the file. */
export interface CameraSays {
  lon: number;
  lat: number;
  /** Degrees from true north. */
  azimuth: number;
  takenAt: Date;
}

const width = 960;
const height = 720;
const shanghaiMs = 8 * 3_600_000;

/**
 * A photo that nobody took: a drawn landscape as JPEG, with the EXIF of a phone. The same name gives the same bytes, and
 * every name a picture of its own, so that the test for copies finds none.
 */
export function drawnPhoto(name: string, says: CameraSays): Promise<Buffer> {
  const local = new Date(says.takenAt.getTime() + shanghaiMs).toISOString();
  const taken = `${local.slice(0, 10).replaceAll('-', ':')} ${local.slice(11, 19)}`;
  return sharp(Buffer.from(drawing(name)))
    .withExif({
      IFD0: { Make: 'SIMULATED', Model: 'drawn, not taken', Software: 'simulated camera' },
      IFD2: { DateTimeOriginal: taken, OffsetTimeOriginal: '+08:00', FocalLengthIn35mmFilm: '26' },
      IFD3: {
        ...{ GPSLatitudeRef: 'N', GPSLatitude: angle(says.lat), GPSLongitudeRef: 'E', GPSLongitude: angle(says.lon) },
        ...{ GPSImgDirectionRef: 'T', GPSImgDirection: `${Math.round(says.azimuth * 100)}/100` },
        GPSHPositioningError: '5/1',
      },
    })
    .jpeg({ quality: 82 })
    .toBuffer();
}

function angle(degrees: number): string {
  const thousandths = Math.round(degrees * 3_600_000);
  const [whole, rest] = [Math.floor(thousandths / 3_600_000), thousandths % 3_600_000];
  return `${whole}/1 ${Math.floor(rest / 60_000)}/1 ${rest % 60_000}/1000`;
}

/** Sky, fields and what was built, each where the name's digits put it. No text: it would hang on the machine's fonts. */
function drawing(name: string): string {
  const digits = createHash('sha512').update(name).digest();
  let used = 0;
  const pick = (least: number, most: number) => least + ((most - least) * digits[used++ % digits.length]) / 255;
  const horizon = pick(200, 380);
  const shapes = [`<rect width="${width}" height="${height}" fill="hsl(205 60% ${pick(55, 88)}%)"/>`];
  for (let i = 0; i < 3; i++) {
    shapes.push(ellipse(pick(0, width), horizon, pick(200, 480), pick(40, 150), `hsl(140 20% ${pick(25, 55)}%)`));
  }
  shapes.push(`<rect y="${horizon}" width="${width}" height="${height}" fill="hsl(90 30% ${pick(20, 50)}%)"/>`);
  for (let i = 0; i < 7; i++) {
    const [x, y] = [pick(-80, width - 120), pick(horizon, height - 60)];
    const soil = `hsl(${pick(25, 100)} ${pick(20, 50)}% ${pick(12, 72)}%)`;
    shapes.push(
      `<path d="M${x} ${y}h${pick(140, 420)}l${pick(-80, 120)} ${pick(70, 220)}h${-pick(140, 420)}z" fill="${soil}"/>`,
    );
  }
  const [x, y, wide, high] = [pick(120, 560), pick(horizon - 90, horizon + 60), pick(140, 330), pick(80, 190)];
  shapes.push(`<rect x="${x}" y="${y}" width="${wide}" height="${high}" fill="hsl(20 8% ${pick(60, 95)}%)"/>`);
  shapes.push(
    `<path d="M${x - 20} ${y}h${wide + 40}l-40 ${-pick(20, 60)}h${-wide + 40}z" fill="hsl(${pick(0, 220)} 50% 42%)"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`;
}

function ellipse(x: number, y: number, rx: number, ry: number, fill: string): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"/>`;
}
