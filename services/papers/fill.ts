import { ServiceError } from '../error.ts';
import { oneLine } from './clean.ts';
import { FIELDS, ISSUE_DATE, ISSUE_NUMBER } from './fields.ts';
import { blank, dateMark, type FilledBlock, type FilledPaper, type FilledPicture, numberMark } from './filled.ts';
import type { PaperRecord } from './record.ts';
import { overlapsTable, patchesTable } from './tables.ts';
import { type PaperTemplate, type TemplateBlock, withFields } from './template.ts';

export interface Filling {
  template: PaperTemplate;
  record: PaperRecord;
  /** What a person says of fields that the record does not have. */
  given?: Readonly<Record<string, string>>;
  /** Before and after of each patch, by its id; null where they cannot be shown. */
  pictures?: ReadonlyMap<string, FilledPicture[] | null>;
}

/**
 * Fills a template from the record; pure. What is not on record is a visible blank and listed as missing, never guessed.
 * @throws ServiceError bad-input where a field given is none, or stands on record otherwise
 */
export function fillPaper({ template, record, given = {}, pictures = new Map() }: Filling): FilledPaper {
  checkGiven(given, record);
  const missing = new Set<string>();
  const said = (name: string): string => {
    if (name === ISSUE_NUMBER) return numberMark;
    if (name === ISSUE_DATE) return dateMark;
    const value = oneLine(FIELDS[name].of(record) ?? given[name] ?? '');
    if (value !== '') return value;
    missing.add(name);
    return blank(FIELDS[name].label);
  };
  const written = (text: string) => withFields(text, said);
  const blocks = template.blocks.flatMap((block) => {
    if (block.block === 'pictures') return [picturesBlock(record, pictures, missing)];
    return [fillBlock(block, record, written)];
  });
  return {
    edition: 'filled-paper-1',
    kind: template.kind,
    name: template.name,
    step: template.step,
    blocks,
    missing: [...missing].map((field) => ({ field, label: FIELDS[field]?.label ?? picturesLabel })),
  };
}

const picturesLabel = { zh: '前后时相影像', en: 'pictures before and after' };

function fillBlock(
  block: Exclude<TemplateBlock, { block: 'pictures' }>,
  record: PaperRecord,
  written: (text: string) => string,
): FilledBlock {
  switch (block.block) {
    case 'facts':
      return { block: 'facts', pairs: block.rows.map(({ label, value }) => [written(label), written(value)]) };
    case 'patches':
      return patchesTable(record);
    case 'overlaps':
      return overlapsTable(record);
    case 'attachments':
      return { block: 'attachments', items: block.items.map(written) };
    case 'opinions':
      return { block: 'opinions', rows: block.rows.map(written) };
    case 'signature':
      return { block: 'signature', lines: block.lines.map(written) };
    default:
      return { block: block.block, text: written(block.text) };
  }
}

function picturesBlock(
  { patches }: PaperRecord,
  pictures: NonNullable<Filling['pictures']>,
  missing: Set<string>,
): FilledBlock {
  const rows = patches.map(({ detail }) => pictures.get(detail.patch.id) ?? null).filter((row) => row !== null);
  if (rows.length === patches.length) return { block: 'pictures', rows };
  missing.add('pictures');
  // Pictures of some patches only would let the others seem seen.
  return { block: 'paragraph', text: blank(picturesLabel) };
}

function checkGiven(given: Readonly<Record<string, string>>, record: PaperRecord): void {
  for (const [name, value] of Object.entries(given)) {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (field === undefined || name === ISSUE_NUMBER || name === ISSUE_DATE) {
      const known = Object.keys(FIELDS).filter((one) => one !== ISSUE_NUMBER && one !== ISSUE_DATE);
      throw new ServiceError('bad-input', `There is no field '${name}' to be given; known are ${known.join(', ')}.`);
    }
    const onRecord = field.of(record);
    if (onRecord === null) continue;
    const said = `is ${oneLine(onRecord)} on record; it is not said otherwise here, got ${oneLine(value)}`;
    throw new ServiceError('bad-input', `The field ${name} (${field.label.zh}) ${said}.`);
  }
}
