import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../../../services/legality/built-in.ts';
import { explainOpinion, type Language } from '../../../services/legality/explain.ts';
import { formOpinion } from '../../../services/legality/form-opinion.ts';
import { AFTER, allLayers, document, type FactsSeed, part, patchFacts } from '../../support/legal-facts.ts';

const [{ ruleSet: rules }] = BUILT_IN;
const explained = (seed: FactsSeed, language: Language = 'zh') =>
  explainOpinion('4304212025060001', formOpinion(patchFacts(seed), rules), rules, language);

const partly: FactsSeed = {
  atoms: [part(1500, { instruments: ['宅1'] }), part(500, { instruments: ['宅2'] })],
  instruments: [document('宅1', 'homestead'), document('宅2', 'homestead', { date: AFTER })],
};

describe('An opinion explained', () => {
  it('says the verdict, its rule, areas in m² and 亩, documents and every check', () => {
    const lines = explained(partly);
    expect(lines.slice(0, 5)).toEqual([
      '图斑 4304212025060001: 疑似违法 · 未批先用',
      '依据 cn-2024@1.0 规则 breach.used-before-approval（国家通用规则（示例参数，省级可另定））',
      '用途: 建设',
      '新增/存量: 新增',
      '补办：宅2号，2025-07-01，500.00 m²（0.75 亩），晚于变化，不改变认定',
    ]);
    expect(lines).toContain('  图斑 2,000.00 m²（3.00 亩）');
    expect(lines).toContain(
      '  耕地 2,000.00 m²（3.00 亩），其中无合法依据 500.00 m²（0.75 亩），存疑 0.00 m²（0.00 亩）',
    );
    expect(lines).toContain('  宅基地 宅1号：日期 2025-03-01，有效期至 无，时间有效，覆盖 1,500.00 m²（2.25 亩）');
    const checks = lines.filter((line) => /^ {2}\d\. /.test(line));
    expect(checks.map((line) => line.split('：')[0])).toEqual([
      '  1. 批文 [check.approval] 不通过',
      '  2. 供地 [check.land-supply] 不通过',
      '  3. 登记 [check.registration] 不通过',
      '  4. 设施农用地 [check.facility-farmland] 不通过',
      '  5. 农村道路 [check.rural-road] 不通过',
      '  6. 其他 [check.other] 不通过',
    ]);
    expect(checks[0]).toMatch(/合规 1,500\.00 m²（2\.25 亩），.*coverage\.above-2-mu: ≥ 95 %, < 0\.5 亩/);
    expect(lines.at(-1)).toMatch(/实地核查/);
  });

  it('says the same in English, without a Chinese character but for names', () => {
    const lines = explained(partly, 'en');
    expect(lines[0]).toBe('Patch 4304212025060001: Suspected illegal · Used before approval');
    expect(lines).toContain('  Patch 2,000.00 m² (3.00 mu)');
    const foreign = lines.filter((line) => /[\u4e00-\u9fff]/.test(line.replaceAll(/宅\d号|亩/g, '')));
    expect(foreign).toEqual([]);
  });

  it('says what is missing, whether it decides, and how to come by it', () => {
    const lines = explained({ layers: allLayers({ approvals: null, 'red-line': null }) });
    expect(lines).toContain('  [影响认定] 没有图层：审批（批文等） → 导入图层“审批（批文等）”并注明完整截止日期');
    expect(lines).toContain('  [仅提示] 没有图层：生态保护红线 → 导入图层“生态保护红线”并注明完整截止日期');
  });
});
