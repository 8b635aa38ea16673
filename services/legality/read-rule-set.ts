import { readFile } from 'node:fs/promises';
import type { ZodError } from 'zod';
import { ServiceError } from '../error.ts';
import { CHECKS, type RuleSet, ruleSetSchema, USES } from './rule-set.ts';

/** A rule set and the text it was read from, which is what is kept. */
export interface WrittenRuleSet {
  ruleSet: RuleSet;
  text: string;
}

/** @throws ServiceError bad-input, one line: the file, the path in it, what was wanted and what was got */
export async function readRuleSet(file: string): Promise<WrittenRuleSet> {
  const text = await readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new ServiceError('bad-input', `${file}: wanted a rule set, but it cannot be read (${code}).`);
  });
  return { ruleSet: parseRuleSet(text, file), text };
}

/**
 * @param place what errors name, e.g. the file
 * @throws ServiceError bad-input, one line: the path, what was wanted and what was got
 */
export function parseRuleSet(text: string, place: string): RuleSet {
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    const start = text.slice(0, 40).replaceAll(/\s+/g, ' ').trim();
    throw new ServiceError('bad-input', `${place}: wanted a rule set in JSON, got text beginning "${start}".`);
  }
  const parsed = ruleSetSchema.safeParse(data);
  const flaw = parsed.success ? flawOf(parsed.data) : schemaFlaw(parsed.error, data);
  if (flaw !== null) throw new ServiceError('bad-input', `${place}: ${flaw}.`);
  return parsed.data as RuleSet;
}

function schemaFlaw({ issues: [issue] }: ZodError, data: unknown): string {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return `${[...path, issue.keys[0]].join('.')}: wanted only what a rule set knows, got '${issue.keys[0]}'`;
  }
  const got = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], data);
  const where = path.join('.') || '(whole)';
  if (issue.code === 'invalid_value') {
    return `${where}: wanted one of ${issue.values.map(String).join(', ')}, got ${shown(got)}`;
  }
  const type = /^Invalid input: expected (\w+), received/.exec(issue.message)?.[1];
  const wanted = type === undefined ? issue.message : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
  return `${where}: wanted ${wanted}, got ${shown(got)}`;
}

/** What the form alone does not catch; null where all is well. */
function flawOf(ruleSet: RuleSet): string | null {
  const { effectiveFrom, effectiveTo, checks, uses, coverage } = ruleSet;
  if (effectiveTo !== null && effectiveTo < effectiveFrom) {
    return `effectiveTo: wanted a day from ${effectiveFrom} on, got ${effectiveTo}`;
  }
  const bands = coverage.map(({ aboveMu }) => aboveMu);
  const lowest = Math.min(...bands);
  return (
    eachOnce(
      'checks',
      checks.map(({ check }) => check),
      CHECKS,
    ) ??
    eachOnce(
      'uses',
      uses.map(({ use }) => use),
      USES,
    ) ??
    eachOnce(
      'checks.instruments',
      checks.flatMap(({ instruments }) => instruments),
      ruleSetSchema.shape.checks.element.shape.instruments.element.options,
    ) ??
    eachType(uses.flatMap(({ types }) => types)) ??
    (lowest === 0 ? null : `coverage: wanted a band above 0 亩, got none below ${lowest}`) ??
    atMostOnce('coverage', bands.map(String)) ??
    (checks.at(-1)?.check === 'other' ? null : `checks: wanted 'other' last, got '${checks.at(-1)?.check}'`) ??
    atMostOnce('ids of rules', idsOf(ruleSet))
  );
}

/** Ids of rules that stand by themselves; kinds may share a rule. */
function idsOf(ruleSet: RuleSet): string[] {
  const { checks, coverage, uses, cures, expiry, time, landSupply, evidence, ground, nonGrain, near } = ruleSet;
  const single = [time, landSupply, evidence, ground, nonGrain, near, ruleSet.ruralRoad, ruleSet.facilityFarmland];
  return [...checks, ...coverage, ...uses, ...cures, ...expiry, ...single].map(({ id }) => id);
}

function eachOnce(what: string, got: readonly string[], wanted: readonly string[]): string | null {
  const lacking = wanted.find((name) => !got.includes(name));
  return lacking === undefined ? atMostOnce(what, got) : `${what}: wanted '${lacking}' among them, got none`;
}

function eachType(got: readonly string[]): string | null {
  const known = ruleSetSchema.shape.uses.element.shape.types.element.options;
  return eachOnce('uses.types', got, known);
}

function atMostOnce(what: string, got: readonly string[]): string | null {
  const twice = got.find((name, i) => got.indexOf(name) !== i);
  return twice === undefined ? null : `${what}: wanted each once, got '${twice}' twice`;
}

/** A value as a message may repeat it: short, and on one line. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
