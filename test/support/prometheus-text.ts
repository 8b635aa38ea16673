/** A strict reader of the Prometheus text exposition format 0.0.4, as promtool would check it. */

export interface Family {
  type: string;
  help: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const typeLine = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram|summary|untyped)$/;
const helpLine = /^# HELP ([a-zA-Z_:][\w:]*) (.*)$/;
const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (NaN|[+-]Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;
const labelPair = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;

/** @throws Error naming the line and what of the format it breaks */
export function readExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Family>();
  const helps = new Map<string, string>();
  let current: [string, Family] | null = null;
  for (const line of text.slice(0, -1).split('\n')) {
    const refuse = (why: string) => new Error(`${why}: ${line}`);
    if (line === '') continue;
    const [help, type, sample] = [helpLine.exec(line), typeLine.exec(line), sampleLine.exec(line)];
    if (help) {
      if (helps.has(help[1])) throw refuse('a second HELP');
      helps.set(help[1], help[2]);
    } else if (type) {
      if (families.has(type[1])) throw refuse('a second TYPE, or samples of one metric apart');
      if (!helps.has(type[1])) throw refuse('no HELP before');
      current = [type[1], { type: type[2], help: helps.get(type[1])!, samples: [] }];
      families.set(...current);
    } else if (sample) {
      if (current === null || !namesOf(...current).includes(sample[1])) throw refuse('not of the metric before it');
      const labels = labelsIn(sample[2] ?? '', refuse);
      const series = `${sample[1]}${JSON.stringify(Object.entries(labels).sort())}`;
      const known = current[1].samples.map((one) => `${one.name}${JSON.stringify(Object.entries(one.labels).sort())}`);
      if (known.includes(series)) throw refuse('the same series twice');
      current[1].samples.push({ name: sample[1], labels, value: Number(sample[3].replace('Inf', 'Infinity')) });
    } else throw refuse('no line of the format');
  }
  for (const [name, family] of families) checkFamily(name, family);
  return families;
}

function namesOf(name: string, { type }: Family): string[] {
  if (type === 'histogram') return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
  return type === 'summary' ? [name, `${name}_sum`, `${name}_count`] : [name];
}

function labelsIn(text: string, refuse: (why: string) => Error): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const pair = labelPair.exec(rest);
    if (!pair) throw refuse('labels are none');
    if (pair[1] in labels) throw refuse('a label twice');
    labels[pair[1]] = pair[2];
    rest = rest.slice(pair[0].length);
  }
  return labels;
}

/** What promtool and Prometheus itself demand of the values. */
function checkFamily(name: string, { type, samples }: Family): void {
  if (type === 'counter' && samples.some(({ value }) => !(value >= 0))) throw new Error(`${name} counts down`);
  if (type === 'counter' && !name.endsWith('_total')) throw new Error(`${name} counts and does not end in _total`);
  if (type !== 'histogram') return;
  const series = new Map<string, { name: string; le: number; value: number }[]>();
  for (const { name: of, labels, value } of samples) {
    const { le, ...rest } = labels;
    const key = JSON.stringify(Object.entries(rest).sort());
    series.set(key, [...(series.get(key) ?? []), { name: of, le: Number(le?.replace('+Inf', 'Infinity')), value }]);
  }
  for (const [key, all] of series) {
    const buckets = all.filter((one) => one.name.endsWith('_bucket'));
    const count = all.find((one) => one.name.endsWith('_count'))?.value;
    const rising = buckets.every(
      ({ le, value }, n) => n === 0 || (le > buckets[n - 1].le && value >= buckets[n - 1].value),
    );
    const last = buckets.at(-1);
    if (!rising || last?.le !== Infinity || last.value !== count) throw new Error(`${name}${key} is no histogram`);
  }
}
