import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../services/legality/built-in.ts';
import { KINDS } from '../../../services/legality/kinds.ts';
import { chooseRuleSet } from '../../../services/legality/known-rule-sets.ts';
import { parseRuleSet, readRuleSet } from '../../../services/legality/read-rule-set.ts';
import { nameOf, type RuleSet } from '../../../services/legality/rule-set.ts';

const [{ ruleSet: national, text }] = BUILT_IN;

/** The national rules with something put in at a path. */
function changed(path: string, value: unknown): string {
  const data = JSON.parse(text);
  const steps = path.split('.');
  const last = steps.pop()!;
  const owner = steps.reduce((each, step) => each[step], data);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return JSON.stringify(data);
}

describe('A rule set', () => {
  it('gives every kind of opinion a rule to cite', () => {
    expect(Object.keys(national.kinds).sort()).toEqual(Object.keys(KINDS).sort());
  });

  it.each([
    ['coverage.0.leastShare', 1.5, 'coverage.0.leastShare: wanted a number from 0 to 1, got 1.5.'],
    ['coverage.0.aboveMu', '2', "coverage.0.aboveMu: wanted a number of 0 or more, got '2'."],
    ['effectiveFrom', '2024-02-30', "effectiveFrom: wanted a day as YYYY-MM-DD, got '2024-02-30'."],
    ['effectiveTo', '2019-12-31', 'effectiveTo: wanted a day from 2020-01-01 on, got 2019-12-31.'],
    ['province', '湖南', "province: wanted the first two digits of the province, or an empty text, got '湖南'."],
    ['version', '1', "version: wanted a version such as 1.0 or 2.1.3, got '1'."],
    ['colour', 'red', "colour: wanted only what a rule set knows, got 'colour'."],
    ['time', undefined, 'time: wanted an object, got nothing.'],
    ['time.validAtLaterImageSuffices', 'no', "time.validAtLaterImageSuffices: wanted a boolean, got 'no'."],
    [
      'kinds.non-grain',
      undefined,
      'kinds.non-grain: wanted an id of small letters, digits, dots and hyphens, got nothing.',
    ],
    ['cures.0.zones.0', 'moon', /^cures\.0\.zones\.0: wanted one of permanent-basic-farmland, .*, got 'moon'\.$/],
    ['checks.4', { ...national.checks[3], id: 'x' }, "checks: wanted 'rural-road' among them, got none."],
    ['checks.1.instruments', [], "checks.instruments: wanted 'land-supply' among them, got none."],
    [
      'checks.1.instruments',
      ['land-supply', 'approval'],
      "checks.instruments: wanted each once, got 'approval' twice.",
    ],
    ['uses.0.types', ['built'], "uses.types: wanted 'road' among them, got none."],
    ['coverage.1.aboveMu', 1, 'coverage: wanted a band above 0 亩, got none below 1.'],
    ['cures.1.id', 'time.onset', "ids of rules: wanted each once, got 'time.onset' twice."],
  ])('that is wrong at %s (%j) is refused in one line', (path, value, message) => {
    const refusal = (() => {
      try {
        parseRuleSet(changed(path, value), 'f.json');
        return 'accepted';
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(refusal.startsWith('f.json: '), refusal).toBe(true);
    const said = refusal.slice('f.json: '.length);
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  it('is the same set when it is written in another order of nothing but space', () => {
    expect(parseRuleSet(`\uFEFF${JSON.stringify(JSON.parse(text), null, 4)}`, 'f')).toEqual(national);
  });
});

describe('A rule set file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tuban-rules-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('that is missing or no JSON is refused with its name', async () => {
    const missing = join(folder, 'missing.json');
    await expect(readRuleSet(missing)).rejects.toThrow(
      `${missing}: wanted a rule set, but it cannot be read (ENOENT).`,
    );
    const page = join(folder, 'page.json');
    await writeFile(page, '<html>\n 404');
    await expect(readRuleSet(page)).rejects.toThrow(
      `${page}: wanted a rule set in JSON, got text beginning "<html> 404".`,
    );
  });
});

describe('The rule set in effect', () => {
  const set = (id: string, version: string, given: Partial<RuleSet> = {}): RuleSet => ({
    ...national,
    id,
    version,
    ...given,
  });
  const hunan = { province: '43', effectiveFrom: '2024-01-01' };
  const known = [
    set('cn', '1.9'),
    set('cn', '1.10'),
    set('cn', '2.0', { effectiveFrom: '2026-01-01' }),
    set('hunan', '1.0', { ...hunan, effectiveTo: '2025-06-30' }),
    set('hunan', '1.1', { ...hunan, effectiveFrom: '2025-07-01' }),
  ];
  it.each([
    ['2025-06-01', '330400', 'cn@1.10', 'the newest version, counted by numbers'],
    ['2026-01-01', '330400', 'cn@2.0', 'a later one from its first day'],
    ['2025-06-30', '430421', 'hunan@1.0', "the province's own before the national one, to its last day"],
    ['2025-07-01', '430421', 'hunan@1.1', 'and its successor on the next'],
    ['2023-12-31', '430421', 'cn@1.10', 'the national one before there was one of the province'],
  ])('on %s in %s is %s: %s', (day, district, name) => {
    expect(nameOf(chooseRuleSet(known, day, district)!)).toBe(name);
    expect(nameOf(chooseRuleSet(known.toReversed(), day, district)!)).toBe(name);
  });

  it('is none before the first', () => {
    expect(chooseRuleSet(known, '2019-12-31', '430421')).toBeNull();
  });
});
