import { describe, expect, it } from 'vitest';
import { IdRegister } from '../../../../services/zones/import/id-register.ts';
import { seeded } from '../../../support/random-shapes.ts';

describe('the register of ids', () => {
  it('knows what was given, whether ids come in order or not', () => {
    const random = seeded(3);
    for (let round = 0; round < 50; round++) {
      const sorted = Array.from({ length: 40 }, (_, i) => `P${String(i).padStart(3, '0')}`);
      const rest = Array.from({ length: 40 }, () => `P${String(Math.floor(random() * 60)).padStart(3, '0')}`);
      const register = new IdRegister(sorted.slice(0, 10));
      const known = new Set(sorted.slice(0, 10));
      for (const id of [...sorted.slice(10), ...rest]) {
        expect(register.add(id)).toBe(!known.has(id));
        known.add(id);
      }
    }
  });
});
