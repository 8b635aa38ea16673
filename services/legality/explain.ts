import type { Label } from '../lifecycle/label.ts';
import { roleOf } from '../zones/layer-roles.ts';
import { muOf } from './area.ts';
import {
  BUILT_WORDS,
  ESTABLISHED_WORDS,
  INSTRUMENT_WORDS,
  RESULT_WORDS,
  STANDING_WORDS,
  TIME_WORDS,
  TYPE_WORDS,
  USE_WORDS,
} from './explain-words.ts';
import { KINDS, OPINIONS } from './kinds.ts';
import type { Evidence, Opinion, Step } from './opinion.ts';
import type { RuleSet } from './rule-set.ts';

export type Language = keyof Label;

/** Says a text in one language, or a code as the table of words has it. */
interface Say {
  (zh: string, en: string): string;
  language: Language;
  word(words: Readonly<Record<string, Label>>, code: unknown): string;
}

/**
 * An opinion in words, a line each: verdict and rule, figures in m² and 亩, documents against the onset, every check in
 * order, what is missing and how to come by it.
 * @param ruleSet the one that formed it
 */
export function explainOpinion(number: string, opinion: Opinion, ruleSet: RuleSet, language: Language): string[] {
  const say = tellerOf(language);
  return [
    ...verdictLines(number, opinion, ruleSet, say),
    ...figureLines(opinion, say),
    ...evidenceLines(opinion, say),
    ...stepLines(opinion, ruleSet, say),
    ...missingLines(opinion, say),
    say(
      '影像是线索，不是证据：认定违法前须实地核查，意见由人签署。',
      'Images are a clue, not proof: verify on site before finding a breach; a person signs.',
    ),
  ];
}

/** 'Suspected illegal · Used before approval'. */
export function verdictWords({ opinion, kind }: Pick<Opinion, 'opinion' | 'kind'>, language: Language): string {
  return kind === null ? OPINIONS[opinion][language] : `${OPINIONS[opinion][language]} · ${KINDS[kind][language]}`;
}

export function areaWords(m2: number, language: Language): string {
  const amount = m2.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const mu = muOf(m2).toFixed(2);
  return language === 'zh' ? `${amount} m²（${mu} 亩）` : `${amount} m² (${mu} mu)`;
}

function tellerOf(language: Language): Say {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const word = (words: Readonly<Record<string, Label>>, code: unknown) =>
    words[String(code)]?.[language] ?? String(code);
  return Object.assign(say, { word, language });
}

function verdictLines(number: string, opinion: Opinion, ruleSet: RuleSet, say: Say): string[] {
  const { use, built, ruleId, ruleSetId, ruleVersion, regularisedBy } = opinion;
  const lines = [
    `${say('图斑', 'Patch')} ${number}: ${verdictWords(opinion, say.language)}`,
    say(
      `依据 ${ruleSetId}@${ruleVersion} 规则 ${ruleId}（${ruleSet.title.zh}）`,
      `By rule ${ruleId} of ${ruleSetId}@${ruleVersion} (${ruleSet.title.en})`,
    ),
    `${say('用途', 'Use')}: ${say.word(USE_WORDS, use)}`,
  ];
  if (built !== null) lines.push(`${say('新增/存量', 'New or old')}: ${say.word(BUILT_WORDS, built)}`);
  for (const { number, ref, date, coveredM2 } of regularisedBy) {
    const [name, area] = [number ?? ref, areaWords(coveredM2, say.language)];
    lines.push(
      say(
        `补办：${name}，${date}，${area}，晚于变化，不改变认定`,
        `Regularised late: ${name}, ${date}, ${area}; it does not undo the breach`,
      ),
    );
  }
  return lines;
}

function figureLines({ figures }: Opinion, say: Say): string[] {
  const { areaM2, coveredM2, freeM2, doubtfulM2, uncoveredM2 } = figures;
  const area = (m2: number) => areaWords(m2, say.language);
  const zone = (zh: string, en: string, { known, areaM2, uncoveredM2, doubtfulM2 }: typeof figures.farmland) => {
    const unknown = known ? '' : say('（图层不全，仅供参考）', ' (by a layer that does not vouch)');
    return say(
      `  ${zh} ${area(areaM2)}，其中无合法依据 ${area(uncoveredM2)}，存疑 ${area(doubtfulM2)}${unknown}`,
      `  ${en} ${area(areaM2)}, of it not covered ${area(uncoveredM2)}, in doubt ${area(doubtfulM2)}${unknown}`,
    );
  };
  return [
    say('面积', 'Areas'),
    `  ${say('图斑', 'Patch')} ${area(areaM2)}`,
    say(
      `  已覆盖 ${area(coveredM2)}，无需审批 ${area(freeM2)}，存疑 ${area(doubtfulM2)}，未覆盖 ${area(uncoveredM2)}`,
      `  Covered ${area(coveredM2)}, free ${area(freeM2)}, in doubt ${area(doubtfulM2)}, not covered ${area(uncoveredM2)}`,
    ),
    zone('耕地', 'Farmland', figures.farmland),
    zone('永久基本农田', 'Permanent basic farmland', figures.permanentBasicFarmland),
    zone('生态保护红线', 'Ecological red line', figures.redLine),
  ];
}

function evidenceLines({ evidence }: Opinion, say: Say): string[] {
  return [say('证据', 'Evidence'), ...evidence.map((one) => `  ${evidenceLine(one, say)}`)];
}

function evidenceLine({ what, ref, figures }: Evidence, say: Say): string {
  if (what === 'image') {
    const type = `${say.word(TYPE_WORDS, figures['type'])} ${Math.round(100 * Number(figures['typeConfidence']))} %`;
    const span = `${figures['lastUnchanged']} → ${figures['firstChanged']}`;
    return say(`变化区间 ${span}，类型 ${type}`, `Onset interval ${span}, type ${type}`);
  }
  if (what === 'established') return `${say.word(ESTABLISHED_WORDS, ref)}: ${figures['value']}`;
  if (what === 'layer') {
    const title = roleOf(ref)?.title[say.language] ?? ref;
    const standing = say.word(STANDING_WORDS, figures['standing']);
    const inside = areaWords(Number(figures['insideM2']), say.language);
    const complete = figures['completeTo'] ?? say('不明', 'unknown');
    const version = String(figures['version']);
    return say(
      `图层 ${title} ${version}：${standing}，完整至 ${complete}，图斑内 ${inside}`,
      `Layer ${title} ${version}: ${standing}, complete to ${complete}, ${inside} of the patch inside`,
    );
  }
  return documentLine({ what, ref, figures }, say);
}

function documentLine({ what, ref, figures }: Evidence, say: Say): string {
  const none = say('无', 'none');
  const kind = say.word(INSTRUMENT_WORDS, figures['kind']);
  const [date, expiry] = [figures['date'] ?? none, figures['expiry'] ?? none];
  const time = say.word(TIME_WORDS, figures['time']);
  const name = `${kind} ${figures['number'] ?? ref}`;
  const where =
    what === 'near-instrument'
      ? say('邻近未用', 'nearby, unused')
      : say(
          `覆盖 ${areaWords(Number(figures['coveredM2']), 'zh')}`,
          `covers ${areaWords(Number(figures['coveredM2']), 'en')}`,
        );
  return say(
    `${name}：日期 ${date}，有效期至 ${expiry}，${time}，${where}`,
    `${name}: dated ${date}, valid to ${expiry}, ${time}, ${where}`,
  );
}

function stepLines({ steps }: Opinion, ruleSet: RuleSet, say: Say): string[] {
  return [say('检查过程', 'Checks in order'), ...steps.map((step, i) => `  ${i + 1}. ${stepLine(step, ruleSet, say)}`)];
}

function stepLine(step: Step, ruleSet: RuleSet, say: Say): string {
  const title = ruleSet.checks.find(({ id }) => id === step.ruleId)?.title[say.language] ?? step.check;
  const head = `${title} [${step.ruleId}] ${say.word(RESULT_WORDS, step.result)}`;
  if (step.result === 'not-reached') return head;
  const area = (m2: number) => areaWords(m2, say.language);
  const farmland =
    step.farmlandUncoveredM2 === step.farmlandUncoveredAtMostM2
      ? area(step.farmlandUncoveredM2)
      : `${area(step.farmlandUncoveredM2)} – ${area(step.farmlandUncoveredAtMostM2)}`;
  const rule = ruleSet.coverage.find(({ id }) => id === step.coverageRuleId);
  const wanted = rule && `≥ ${Math.round(1000 * rule.leastShare) / 10} %, < ${rule.farmlandUncoveredBelowMu} 亩`;
  const layers = step.layersMissing.map((layer) => roleOf(layer)?.title[say.language] ?? layer).join(say('、', ', '));
  const lacking = layers === '' ? '' : say(`；图层不全：${layers}`, `; layers that do not vouch: ${layers}`);
  return say(
    `${head}：合规 ${area(step.allowedM2)}，存疑 ${area(step.doubtfulM2)}，未覆盖 ${area(step.uncoveredM2)}，未覆盖耕地 ${farmland}（${step.coverageRuleId}: ${wanted}）${lacking}`,
    `${head}: allowed ${area(step.allowedM2)}, in doubt ${area(step.doubtfulM2)}, not covered ${area(step.uncoveredM2)}, farmland not covered ${farmland} (${step.coverageRuleId}: ${wanted})${lacking}`,
  );
}

function missingLines({ missing }: Opinion, say: Say): string[] {
  if (missing.length === 0) return [];
  const lines = missing.map(({ text, remedy, decides }) => {
    const weight = decides ? say('影响认定', 'decides') : say('仅提示', 'noted only');
    return `  [${weight}] ${text[say.language]} → ${remedy[say.language]}`;
  });
  return [say('缺失与补正', 'Missing, and how to come by it'), ...lines];
}
