import type { Condition, Value } from './cql2/tree.ts';
import type { Feature } from './feature.ts';
import { meet } from './meet.ts';

/** Null: not known, as of a property that is null; SQL decides alike. */
type Verdict = boolean | null;

/** Whether a feature is one that a filter means. */
export function matches(condition: Condition, feature: Pick<Feature, 'geometry' | 'properties'>): boolean {
  return verdict(condition, feature) === true;
}

function verdict(condition: Condition, feature: Pick<Feature, 'geometry' | 'properties'>): Verdict {
  const known = (property: string, decide: (value: Value) => boolean): Verdict => {
    const value = feature.properties[property] ?? null;
    return value === null ? null : decide(value);
  };
  switch (condition.kind) {
    case 'and':
      return all(condition.conditions.map((one) => verdict(one, feature)));
    case 'or':
      return not(all(condition.conditions.map((one) => not(verdict(one, feature)))));
    case 'not':
      return not(verdict(condition.condition, feature));
    case 'always':
      return condition.value;
    case 'compare':
      return known(condition.property, (value) => compares(value, condition.comparison, condition.value));
    case 'in':
      return known(condition.property, (value) => condition.values.includes(value));
    case 'between':
      return known(condition.property, (value) => value >= condition.from && value <= condition.to);
    case 'like':
      return known(condition.property, (value) => isLike(String(value), condition.pattern));
    case 'is-null':
      return (feature.properties[condition.property] ?? null) === null;
    case 'intersects':
      return feature.geometry === null ? null : meet(feature.geometry, condition.place);
  }
}

function not(verdict: Verdict): Verdict {
  return verdict === null ? null : !verdict;
}

function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(null) ? null : true;
}

function compares(value: Value, comparison: string, other: Value): boolean {
  switch (comparison) {
    case '=':
      return value === other;
    case '<>':
      return value !== other;
    case '<':
      return value < other;
    case '<=':
      return value <= other;
    case '>':
      return value > other;
    default:
      return value >= other;
  }
}

/** In steps of the pattern: no regular expression, which a hostile pattern could keep busy. */
function isLike(text: string, pattern: Extract<Condition, { kind: 'like' }>['pattern']): boolean {
  const letters = [...text];
  let reached = new Set([0]);
  for (const part of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (part === 'any') for (let end = at; end <= letters.length; end++) next.add(end);
      else if (part === 'one') next.add(at + 1);
      else if (letters.slice(at, at + [...part.text].length).join('') === part.text)
        next.add(at + [...part.text].length);
    }
    reached = new Set([...next].filter((at) => at <= letters.length));
  }
  return reached.has(letters.length);
}
