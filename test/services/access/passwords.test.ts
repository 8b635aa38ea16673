import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashPassword, isPassword, requireStrong, STRONG } from '../../../services/access/passwords.ts';

describe('passwords', () => {
  it('are kept as scrypt with salt and parameters, which anybody can compute again', async () => {
    const stored = await hashPassword('correct horse battery');
    const [name, log2N, r, p, salt, hash] = stored.split('$');
    expect([name, log2N, r, p]).toEqual(['scrypt', '15', '8', '3']);
    const options = { N: 32_768, r: 8, p: 3, maxmem: 1 << 26 };
    const again = scryptSync('correct horse battery', Buffer.from(salt, 'base64url'), 32, options);
    expect(again.toString('base64url')).toBe(hash);
    expect(await isPassword('correct horse battery', stored)).toBe(true);
    expect(await isPassword('correct horse batterY', stored)).toBe(false);
  });

  it('have a salt of their own each time', async () => {
    const cost = { ...STRONG, log2N: 8 };
    expect(await hashPassword('the same words', cost)).not.toBe(await hashPassword('the same words', cost));
  });

  it('are right also when stored with an earlier cost, and the same in full width', async () => {
    const stored = await hashPassword('ｐａｓｓ 2025 words', { log2N: 8, r: 4, p: 1 });
    expect(await isPassword('pass 2025 words', stored)).toBe(true);
  });

  it('are nobody’s where there is no user', async () => {
    expect(await isPassword('', null)).toBe(false);
  });

  it.each([
    '',
    'nine-char',
    '九个字的密码不够长',
    'x'.repeat(257),
    'Wang.Xiaoming',
    'wangxiaoming1',
    'WANG-XIAOMING-2025',
  ])('that are weak are refused: %s', (word) => {
    expect(() => requireStrong(word, 'wang.xiaoming')).toThrow('A password');
  });

  it('that are refused are not repeated', () => {
    expect(() => requireStrong('secret!', 'wang')).toThrow('got one of 7.');
  });

  it('of ten characters are taken', () => {
    expect(() => requireStrong('十个字的密码就够长了', 'wang')).not.toThrow();
  });
});
