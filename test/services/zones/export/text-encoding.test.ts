import { describe, expect, it } from 'vitest';
import { textEncoding } from '../../../../services/zones/export/text-encoding.ts';
import { osgeo, osgeoMissing } from '../../../support/gdal-python.ts';

const gbk = textEncoding('gbk');

function encoded(text: string): Buffer | null {
  const buffer = Buffer.alloc(4 * text.length + 4);
  const bytes = gbk.write(text, buffer, 0);
  return bytes < 0 ? null : buffer.subarray(0, bytes);
}

describe('GBK', () => {
  it.skipIf(osgeoMissing)('writes each character of the code page as iconv does', () => {
    const script = `
print(json.dumps([[chr(u), chr(u).encode('gbk').hex()] for u in range(0x80, 0x10000)
  if not 0xd800 <= u < 0xe000 and len(chr(u).encode('gbk', 'ignore')) == 2]))`;
    const known = JSON.parse(osgeo(script)) as [string, string][];
    expect(known.length).toBeGreaterThan(21_000);
    expect(known.filter(([character, hex]) => encoded(character)?.toString('hex') !== hex)).toEqual([]);
  });

  it('is read back by the decoder the import uses', () => {
    const text = '衡阳县（西渡镇）A-1 图斑①②ⅢЖ　々';
    expect(new TextDecoder('gb18030').decode(encoded(text)!)).toBe(text);
  });

  it.each(['𠮷', 'é€😀', 'ü한'])('lacks a character of %s and says which', (text) => {
    const first = [...text].find((character) => encoded(character) === null);
    expect(first).toBeDefined();
    expect(encoded(text)).toBeNull();
    expect(gbk.lacking(text)).toBe(first);
  });
});
