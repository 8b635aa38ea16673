import { isUtf8 } from 'node:buffer';

/** Encodings of .dbf files by the name Tuban has for them, with what TextDecoder calls them. */
const DECODERS: Record<string, string> = {
  'utf-8': 'utf-8',
  gbk: 'gb18030',
  gb18030: 'gb18030',
  big5: 'big5',
  shift_jis: 'shift_jis',
  'euc-kr': 'euc-kr',
  'windows-1252': 'windows-1252',
  'windows-1251': 'windows-1251',
};

const ALIASES: readonly [RegExp, string][] = [
  [/^(utf-?8|65001|cp65001)$/, 'utf-8'],
  [/^(gbk|gb2312|gb_2312(-80)?|hz-gb-2312|x-gbk|cp936|ms936|windows-936|ansi936|936|chinese|euc-?cn)$/, 'gbk'],
  [/^(gb18030(-\d+)?|54936|cp54936)$/, 'gb18030'],
  [/^(big-?5(-hkscs)?|cp950|950|ansi950)$/, 'big5'],
  [/^(shift[-_]?jis|sjis|cp932|932|ansi932)$/, 'shift_jis'],
  [/^(euc-?kr|cp949|949|ansi949)$/, 'euc-kr'],
  [/^(iso-?8859-?1|88591|latin-?1|l1|windows-1252|cp1252|1252|ansi1252|us-?ascii|ascii)$/, 'windows-1252'],
  [/^(windows-1251|cp1251|1251|ansi1251)$/, 'windows-1251'],
];

/**
 * What byte 29 of a .dbf says, where it tells a script. Those that writers put in without thought (1, 2, 3, 0x57: the
 * "ANSI" of whatever machine it was) are left out: most GBK files of Chinese offices carry one of them.
 */
const OF_LANGUAGE_ID: Record<number, string> = {
  19: 'shift_jis',
  77: 'gbk',
  78: 'euc-kr',
  79: 'big5',
  120: 'big5',
  121: 'euc-kr',
  122: 'gbk',
  123: 'shift_jis',
  201: 'windows-1251',
};

/** Tuban's name of an encoding however it is written (GB2312, CP936, 936, UTF8), or null. */
export function encodingNamed(text: string): string | null {
  const name = text.replace(/[\0\s﻿]+/g, '').toLowerCase();
  return ALIASES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

export function encodingOfLanguageId(id: number): string | null {
  return OF_LANGUAGE_ID[id] ?? null;
}

/** Human words for what --encoding takes. */
export const KNOWN_ENCODINGS = Object.keys(DECODERS).join(', ');

/**
 * Decodes a value, or says null where its bytes are not of the encoding. A value that fills its field may have been
 * cut within its last character by whoever wrote it: what is left of that character is dropped.
 */
export function decoderOf(encoding: string): (bytes: Uint8Array, fillsField: boolean) => string | null {
  const decoder = new TextDecoder(DECODERS[encoding], { fatal: true, ignoreBOM: true });
  const decode = (bytes: Uint8Array): string | null => {
    try {
      return decoder.decode(bytes);
    } catch {
      return null;
    }
  };
  return (bytes, fillsField) => {
    const text = decode(bytes);
    if (text !== null || !fillsField) return text;
    for (let less = 1; less <= 3 && less < bytes.length; less++) {
      const shorter = decode(bytes.subarray(0, bytes.length - less));
      if (shorter !== null) return shorter;
    }
    return null;
  };
}

/** What the values of a file say of their encoding: counted over those that are not plain ASCII. */
export class EncodingEvidence {
  /** The first that is not UTF-8. */
  notUtf8: { record: number; field: number; bytes: Uint8Array } | null = null;
  /** Values that are UTF-8, that are GB18030, and all that were looked at. */
  utf8 = 0;
  gb18030 = 0;
  values = 0;
  /** Characters of three and more bytes in the values that are UTF-8. */
  longCharacters = 0;
  /** Values made of ASCII and whole pairs of bytes of GB 2312, as Chinese is. */
  chinesePairs = 0;
  private readonly decodeUtf8 = decoderOf('utf-8');
  private readonly decodeGb18030 = decoderOf('gb18030');

  /** @param record from 1; 0 = the names of the fields */
  add(value: Uint8Array, fillsField: boolean, record: number, field: number): void {
    this.values++;
    const text = isUtf8(value) || fillsField ? this.decodeUtf8(value, fillsField) : null;
    if (text === null) this.notUtf8 ??= { record, field, bytes: Uint8Array.from(value) };
    else {
      this.utf8++;
      for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x800) this.longCharacters++;
    }
    if (this.decodeGb18030(value, fillsField) !== null) this.gb18030++;
    if (isPairsOfGb2312(value)) this.chinesePairs++;
  }

  /** By the bytes alone; null = nothing but ASCII. */
  best(): 'utf-8' | 'gb18030' | null {
    if (this.values === 0) return null;
    return this.utf8 === this.values ? 'utf-8' : 'gb18030';
  }

  /** An encoding that the values are written in though another, which may decode them too, was stated; else null. */
  against(stated: string): 'utf-8' | 'gbk' | null {
    if (this.values === 0) return null;
    const surelyUtf8 = this.utf8 === this.values && this.longCharacters >= 4;
    if (stated !== 'utf-8' && surelyUtf8) return 'utf-8';
    const chinese = this.chinesePairs === this.values && this.utf8 < this.values;
    if (stated === 'windows-1252' && chinese && this.values >= 3) return 'gbk';
    return null;
  }
}

function isPairsOfGb2312(value: Uint8Array): boolean {
  for (let i = 0; i < value.length; i++) {
    if (value[i] < 0x80) continue;
    const lead = value[i];
    const trail = value[i + 1] ?? 0;
    if (lead < 0xa1 || lead > 0xf7 || trail < 0xa1) return false;
    i++;
  }
  return true;
}
