/** What is handed in with a step, in a word. */
export const needNames: Record<string, { zh: string; en: string }> = {
  reason: { zh: '理由', en: 'reason' },
  note: { zh: '意见', en: 'opinion' },
  judgement: { zh: '结论', en: 'judgement' },
  evidence: { zh: '举证', en: 'evidence' },
  department: { zh: '部门', en: 'department' },
  caseId: { zh: '案件', en: 'case' },
  assignee: { zh: '承办人', en: 'who' },
  occupierId: { zh: '主体', en: 'actor' },
  extension: { zh: '期限', en: 'days' },
  cause: { zh: '原因', en: 'cause' },
  remedy: { zh: '整改面积', en: 'areas put right' },
};
