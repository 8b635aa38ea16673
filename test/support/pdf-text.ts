import { inflateSync } from 'node:zlib';

export interface PdfText {
  /** One per page: its lines of text in the order drawn. */
  pages: string[][];
  /** Characters that stand for no letter: the font's box, and glyphs that the file gives no meaning. */
  boxes: number;
}

/**
 * The text of a PDF as a reader copies it: by its cross-reference table, its page tree and the Unicode that its fonts
 * give each glyph. Written from the format's description, not from the writer's code; no encryption, no object streams.
 */
export function pdfText(file: Uint8Array): PdfText {
  const objects = objectsOf(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
  let boxes = 0;
  const pages = pagesOf(objects).map((page) => {
    const fonts = fontsOf(objects, page);
    let glyphs = new Map<string, string>();
    const lines: string[] = [];
    const content = stream(objects, reference(page, 'Contents')!).toString('latin1');
    for (const [, font, shown] of content.matchAll(/\/(\w+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
      if (font !== undefined) {
        glyphs = fonts.get(font) ?? new Map();
        continue;
      }
      let line = '';
      for (const code of [...shown.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex]) => hex.match(/.{4}/g) ?? [])) {
        const letter = glyphs.get(code);
        if (letter === undefined || code === '0000') boxes++;
        line += letter ?? '\ufffd';
      }
      lines.push(line);
    }
    return lines;
  });
  return { pages, boxes };
}

interface PdfObject {
  /** The object's text up to its stream. */
  head: string;
  bytes: Buffer | null;
}

function objectsOf(file: Buffer): Map<number, PdfObject> {
  const text = file.toString('latin1');
  const table = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)![1]);
  const [, count] = /^xref\s+0 (\d+)\s/.exec(text.slice(table))!;
  const entries = [...text.slice(table).matchAll(/(\d{10}) \d{5} ([nf])/g)].slice(0, Number(count));
  const objects = new Map<number, PdfObject>();
  for (const [number, [, offset, kind]] of entries.entries()) {
    if (kind === 'n') objects.set(number, objectAt(file, text, Number(offset), number));
  }
  objects.set(-1, { head: text.slice(text.lastIndexOf('trailer')), bytes: null });
  return objects;
}

function objectAt(file: Buffer, text: string, offset: number, number: number): PdfObject {
  if (!text.startsWith(`${number} 0 obj`, offset)) throw new Error(`Object ${number} is not where the table says.`);
  const end = text.indexOf('endobj', offset);
  const begins = text.indexOf('\nstream\n', offset);
  if (begins < 0 || begins > end) return { head: text.slice(offset, end), bytes: null };
  const head = text.slice(offset, begins);
  const length = Number(/\/Length (\d+)/.exec(head)![1]);
  const raw = file.subarray(begins + 8, begins + 8 + length);
  return { head, bytes: head.includes('/FlateDecode') ? inflateSync(raw) : raw };
}

function reference(head: string, key: string): number | null {
  const found = new RegExp(`/${key} (\\d+) 0 R`).exec(head);
  return found && Number(found[1]);
}

function stream(objects: Map<number, PdfObject>, number: number): Buffer {
  return objects.get(number)!.bytes!;
}

function pagesOf(objects: Map<number, PdfObject>): string[] {
  const root = objects.get(reference(objects.get(-1)!.head, 'Root')!)!.head;
  const walk = (number: number): string[] => {
    const { head } = objects.get(number)!;
    const kids = /\/Kids \[([^\]]*)\]/.exec(head);
    return kids === null ? [head] : [...kids[1].matchAll(/(\d+) 0 R/g)].flatMap(([, kid]) => walk(Number(kid)));
  };
  return walk(reference(root, 'Pages')!);
}

/** What each code of a page's fonts means, by the font's name on the page. */
function fontsOf(objects: Map<number, PdfObject>, page: string): Map<string, Map<string, string>> {
  const resources = objects.get(reference(page, 'Resources')!)!.head;
  const fonts = /\/Font <<([^>]*)>>/.exec(resources)?.[1] ?? '';
  return new Map(
    [...fonts.matchAll(/\/(\w+) (\d+) 0 R/g)].map(([, name, number]) => {
      const { head } = objects.get(Number(number))!;
      return [name, meanings(stream(objects, reference(head, 'ToUnicode')!).toString('latin1'))];
    }),
  );
}

function meanings(map: string): Map<string, string> {
  const letters = new Map<string, string>();
  for (const [, from, , listed] of map.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/g)) {
    for (const [k, [, hex]] of [...listed.matchAll(/<([0-9a-f ]*)>/g)].entries()) {
      const units = hex.replaceAll(' ', '').match(/.{4}/g) ?? [];
      const letter = String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)));
      letters.set((Number.parseInt(from, 16) + k).toString(16).padStart(4, '0'), letter);
    }
  }
  return letters;
}
