import { CASE_FIELDS } from './case-fields.ts';
import { dayText, type Field, field } from './field.ts';
import { PATCH_FIELDS } from './patch-fields.ts';

const nowhere = () => null;

/** Filled when the paper is issued. */
export const ISSUE_NUMBER = 'issue.number';
export const ISSUE_DATE = 'issue.date';

/** Every field there is. Those that no record holds are blanks until somebody says them. */
export const FIELDS: Readonly<Record<string, Field>> = {
  [ISSUE_NUMBER]: field('文号', 'number of the paper', nowhere),
  [ISSUE_DATE]: field('签发日期', 'date of issue', nowhere),
  'draft.date': field('拟稿日期', 'drafted on', ({ at }) => dayText(at)),
  office: field('发文机关', 'issuing office', nowhere),
  addressee: field('主送单位', 'addressee', nowhere),
  contact: field('联系人及电话', 'contact', nowhere),
  'reply-by': field('反馈期限', 'answer by', nowhere),
  demand: field('处置要求', 'what is asked for', nowhere),
  grounds: field('移送理由', 'grounds of the referral', nowhere),
  district: field('县（市、区）', 'county', ({ districtName }) => districtName),
  ...PATCH_FIELDS,
  ...CASE_FIELDS,
};
