import type { Label } from '../lifecycle/label.ts';

/** To whom a case is handed over, by the codes of the step. */
export const RECEIVER_WORDS: Readonly<Record<string, Label>> = {
  discipline: { zh: '纪检监察机关', en: 'Discipline inspection' },
  police: { zh: '公安机关', en: 'Police' },
  prosecutor: { zh: '人民检察院', en: 'Prosecutor' },
  court: { zh: '人民法院', en: 'Court' },
  audit: { zh: '审计机关', en: 'Audit' },
  'credit-list': { zh: '信用管理机关', en: 'Credit list' },
};
