import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakLines } from '../../../services/print/break-lines.ts';

/** A Han character is 2 wide, everything else 1. */
const measure = (char: string) => (/[\u3000-\uffef\u{20000}-\u{3ffff}]/u.test(char) ? 2 : 1);
const width = (line: string) => [...line].reduce((sum, char) => sum + measure(char), 0);

describe('breaking lines', () => {
  it('breaks between any two Han characters', () => {
    expect(breakLines('违法占用耕地面积', 8, measure)).toEqual(['违法占用', '耕地面积']);
  });

  it('starts no line with a closing mark and ends none with an opening one', () => {
    expect(breakLines('违法占用。耕地', 8, measure)).toEqual(['违法占', '用。耕地']);
    expect(breakLines('依据土（法）', 8, measure)).toEqual(['依据土', '（法）']);
    expect(breakLines('面积为100%的', 8, measure)).toEqual(['面积为', '100%的']);
  });

  it('keeps words, numbers and patch numbers whole where a line can hold them', () => {
    expect(breakLines('面积 12,345.67 ㎡', 12, measure)).toEqual(['面积', '12,345.67 ㎡']);
    expect(breakLines('the quick brown fox', 10, measure)).toEqual(['the quick', 'brown fox']);
    expect(breakLines('编号430422-2026-000123的图斑', 19, measure)).toEqual(['编号', '430422-2026-000123', '的图斑']);
  });

  it('cuts what no line can hold', () => {
    expect(breakLines('9f86d081884c7d65', 6, measure)).toEqual(['9f86d0', '81884c', '7d65']);
    expect(breakLines('。'.repeat(5), 4, measure)).toEqual(['。。', '。。', '。']);
  });

  it('takes line feeds as they are, and the first line in', () => {
    expect(breakLines('一\n\n二', 8, measure)).toEqual(['一', '', '二']);
    expect(breakLines('一二三四五六', 8, measure, 4)).toEqual(['一二', '三四五六']);
  });

  it('loses nothing but spaces at line ends, and no line is too wide', () => {
    const text = fc.string({
      unit: fc.constantFrom('地', '，', '（', '）', 'a', '1', '.', ' ', '-', '%', '犇'),
      maxLength: 80,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (written, room) => {
        const lines = breakLines(written, room, measure);
        expect(lines.join('').replaceAll(' ', '')).toBe(written.replaceAll(' ', ''));
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(room);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('breaks no closing mark off where each line could have kept it', () => {
    const text = fc.array(fc.constantFrom('地', '亩，', '（法', '）', '㎡'), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, (parts) => {
        const lines = breakLines(parts.join('').replace(/^）+/, ''), 24, measure);
        const broken = lines.slice(1).filter((line) => /^[，）㎡]/.test(line));
        // Only a run of marks longer than a line is cut.
        expect(broken.filter((line) => !/^[，）㎡（]{2,}/.test(line))).toEqual([]);
        for (const line of lines.slice(0, -1)) expect(line).not.toMatch(/（$/);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
