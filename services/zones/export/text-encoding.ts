/** How a shapefile writes its text. */
export type EncodingName = 'utf-8' | 'gbk';

export interface TextEncoding {
  name: EncodingName;
  /** As people write it, and as a .cpg does. */
  title: string;
  /** Byte 29 of a .dbf: 0 = see the .cpg, 0x4d = code page 936. */
  languageDriver: number;
  /** Most bytes of one UTF-16 unit. */
  mostBytes: number;
  /** Writes the text; returns how many bytes, or -1 where a character of it is not in the encoding. */
  write(text: string, buffer: Buffer, offset: number): number;
  /** The first character that the encoding lacks, or null. */
  lacking(text: string): string | null;
}

/** @throws nothing; an encoding is built when it is first asked for */
export function textEncoding(name: EncodingName): TextEncoding {
  return name === 'gbk' ? GBK : UTF_8;
}

const UTF_8: TextEncoding = {
  name: 'utf-8',
  title: 'UTF-8',
  languageDriver: 0,
  mostBytes: 3,
  write: (text, buffer, offset) => buffer.write(text, offset, 'utf8'),
  lacking: () => null,
};

const GBK: TextEncoding = {
  name: 'gbk',
  title: 'GBK',
  languageDriver: 0x4d,
  mostBytes: 2,
  write(text, buffer, offset) {
    const codes = gbkCodes();
    let at = offset;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x80) buffer[at++] = unit;
      else {
        const code = codes[unit];
        if (code === 0) return -1;
        buffer[at++] = code >> 8;
        buffer[at++] = code & 0xff;
      }
    }
    return at - offset;
  },
  lacking(text) {
    const codes = gbkCodes();
    for (const character of text) {
      const unit = character.charCodeAt(0);
      if (character.length > 1 || (unit >= 0x80 && codes[unit] === 0)) return character;
    }
    return null;
  },
};

let table: Uint16Array | undefined;

/** The two-byte code of each UTF-16 unit, 0 = none: the decoder every reader has, turned round. */
function gbkCodes(): Uint16Array {
  if (table) return table;
  table = new Uint16Array(0x10000);
  const decoder = new TextDecoder('gb18030');
  const pair = new Uint8Array(2);
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      pair[0] = lead;
      pair[1] = trail;
      const text = decoder.decode(pair);
      const unit = text.charCodeAt(0);
      // Of two codes of one character (the ideographic space) the first is the usual one.
      if (text.length === 1 && unit !== 0xfffd && table[unit] === 0) table[unit] = (lead << 8) | trail;
    }
  }
  return table;
}
