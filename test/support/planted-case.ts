import { openCase } from '../../services/lifecycle/case-opening.ts';
import { transition } from '../../services/lifecycle/transition.ts';
import type { Store } from '../../services/store/open.ts';
import { findPatch } from '../../services/store/patches.ts';
import { GROUND, part, patchFacts } from './legal-facts.ts';
import { plantOpinion } from './opinions.ts';
import { plantPatch, plantZone } from './patches.ts';

export interface PlantedCase {
  caseId: string;
  patchId: string;
  number: string;
}

const at = (day: string) => new Date(`2025-${day}T02:00:00Z`);

/**
 * A patch of 2,000 m², 1,200 of them permanent basic farmland, found in June 2025 in 衡阳县, warned, verified, judged
 * illegal by named people, reviewed and put in a case that is filed, decided and handed over to the police.
 */
export async function plantCase(
  store: Store,
  names: { district?: string; occupier?: string } = {},
): Promise<PlantedCase> {
  const { district = '衡阳县', occupier = '某某建材有限公司' } = names;
  await plantZone(store, 'districts', '430421', district);
  const farmland = await plantZone(store, 'farmland', 'GD-1', '西渡镇水田 GD-1');
  const lines = await plantZone(store, 'permanent-basic-farmland', 'JB-7', '');
  const overlaps = [
    { zoneId: farmland, layer: 'farmland', areaM2: 2000 },
    { zoneId: lines, layer: 'permanent-basic-farmland', areaM2: 1200 },
  ];
  const id = await plantPatch(store, { areaM2: 2000, overlaps, type: 'built' });
  const atoms = [part(800), part(1200, GROUND.permanentBasicFarmland)];
  await plantOpinion(store, id, patchFacts({ atoms }));
  const step = (action: string, day: string, actor: string, payload: Record<string, unknown> = {}) =>
    transition(store, { subject: 'patch', id, action, actor, at: at(day), payload });
  await step('warn', '07-02', '市监测中心', { note: '疑似违法占用永久基本农田，请核查' });
  await step('acknowledge', '07-03', '李明');
  await step('verify', '07-08', '张伟', { evidence: ['photo-1', 'photo-2'] });
  await step('judge', '07-09', '李明', { judgement: 'illegal-construction', violationM2: 1850.5, occupier });
  for (const [action, day] of [
    ['submit', '07-10'],
    ['approve', '07-11'],
    ['approve', '07-14'],
    ['approve', '07-15'],
  ]) {
    await step(action, day, '王强');
  }
  const opening = {
    title: '某某建材有限公司违法占地案',
    district: '430421',
    patchIds: [id],
    actor: '李明',
    at: at('07-16'),
  };
  const { id: caseId } = await openCase(store, opening);
  await step('put-in-case', '07-17', '李明', { caseId });
  const handle = (action: string, day: string, payload: Record<string, unknown>) =>
    transition(store, { subject: 'case', id: caseId, action, actor: '王强', at: at(day), payload });
  await handle('file', '07-18', { level: 'county' });
  await handle('decide', '08-20', { evidence: ['decision-1'], note: '责令退还土地，没收建筑物，罚款 18,505 元' });
  await handle('hand-over', '09-01', { receiver: 'police', evidence: ['package-1'] });
  return { caseId, patchId: id, number: (await findPatch(store.db, id))!.number };
}
