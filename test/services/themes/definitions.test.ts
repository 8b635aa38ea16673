import { describe, expect, it } from 'vitest';
import { mappingUnitsM2 } from '../../../services/detection/mapping-unit.ts';
import { assumptions, notApplying } from '../../../services/themes/applying.ts';
import { minAreaOf, parseThemes, standardThemes } from '../../../services/themes/definition.ts';
import { roleOf } from '../../../services/zones/layer-roles.ts';

const theme = (id: string) => standardThemes.themes.find((each) => each.id === id)!;

describe('the standard themes', () => {
  it('are the twelve rows of the domain, one of them general', () => {
    expect(standardThemes.themes.map(({ title }) => title.zh)).toEqual([
      '违法用地',
      '耕地数量（非农化）',
      '耕地使用（非粮化）',
      '农民建房',
      '无证采矿',
      '生态保护红线',
      '城镇开发边界（规划实施）',
      '重要河湖',
      '批而未供与闲置土地',
      '生态修复',
      '新增耕地',
      '应急监测',
    ]);
  });

  it('name layers that have a role', () => {
    const named = standardThemes.themes.flatMap(({ zones, needs }) => [...zones.in, ...zones.outside, ...needs.flat()]);
    expect([...new Set(named)].filter((layer) => roleOf(layer) === null)).toEqual([]);
  });

  it('take their smallest areas from the detector’s', () => {
    for (const { id, mappingUnit } of standardThemes.themes) {
      expect(minAreaOf(theme(id))).toBe(mappingUnitsM2[mappingUnit]);
    }
    expect(minAreaOf(theme('illegal-land-use'))).toBe(200);
    expect(minAreaOf(theme('farmland-use'))).toBe(400);
    expect(minAreaOf(theme('red-line'))).toBe(600);
  });

  it('cure another use of farmland by a balance plan, and idle land by a start', () => {
    expect(theme('farmland-use').lawfulIf).toEqual(['balance-plan']);
    expect(theme('idle-land')).toMatchObject({ signal: 'no-change', lawfulIf: ['started'] });
    expect(theme('restoration').signal).toBe('greening');
  });
});

describe('themes in a workspace', () => {
  it('without layers: all but illegal land use cannot be watched, and each says what it lacks', () => {
    const lacking = notApplying(standardThemes, new Set());
    expect(lacking).toHaveLength(11);
    expect(lacking.find(({ theme }) => theme === 'farmers-houses')).toMatchObject({
      missing: [['villages', 'built-up']],
      zh: '未导入图层：村庄 或 已建成区，本专题不能监测',
    });
  });

  it('one of a group of layers is enough', () => {
    const lacking = (layer: string) => notApplying(standardThemes, new Set([layer])).map((each) => each.theme);
    expect(lacking('land-use')).not.toContain('farmland-quantity');
    expect(lacking('permanent-basic-farmland')).not.toContain('farmland-use');
    expect(lacking('red-line')).toContain('farmland-quantity');
  });

  it('what is taken for granted for want of a layer is listed, of themes that are watched', () => {
    const assumed = assumptions(standardThemes, new Set(['mining-licences']));
    expect(assumed.map(({ theme, layer }) => `${theme} ${layer}`)).toEqual([
      'illegal-land-use built-up',
      'unlicensed-mining built-up',
    ]);
  });
});

describe('definitions are refused, in one line', () => {
  const edited = (edit: (first: Record<string, unknown>) => void) => {
    const copy = structuredClone(standardThemes) as unknown as { themes: Record<string, unknown>[] };
    edit(copy.themes[0]);
    return () => parseThemes(copy);
  };
  it.each<[string, () => unknown, string]>([
    ['a type that no detector tells', edited((theme) => (theme['types'] = ['castle'])), 'themes.0.types.0'],
    ['a word nobody knows', edited((theme) => (theme['colour'] = 'red')), 'colour'],
    ['no edition', () => parseThemes({ themes: [] }), 'edition'],
    ['an id twice', edited((theme) => (theme['id'] = 'red-line')), "the id 'red-line': stands there twice"],
    [
      'bands that fall',
      edited((theme) => (theme['severity'] = { bands: [{ fromMu: 1, grade: 'minor' }], grounds: [] })),
      "the bands of 'illegal-land-use': must begin at 0 亩 and rise",
    ],
    ['a lawful reason the rules do not know', edited((theme) => (theme['lawfulIf'] = ['friendship'])), 'lawfulIf'],
  ])('%s', (_, parse, words) => {
    expect(parse).toThrow(words);
    expect(parse).toThrow(/^Theme definitions: [^\n]*$/);
  });
});
