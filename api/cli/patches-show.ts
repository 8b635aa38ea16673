import { Command } from 'commander';
import { actionLabel, reasonLabel } from '../../services/evidence/bundle/history-words.ts';
import { verdictWords } from '../../services/legality/explain.ts';
import { opinionOf } from '../../services/legality/recorded.ts';
import { stateOf } from '../../services/lifecycle/transitions.ts';
import { localDay, localTime } from '../../services/local-time.ts';
import { type Lead, leadWords } from '../../services/month/lead.ts';
import type { ProposedCause } from '../../services/people/causes.ts';
import { proposeCauses, proposedWords } from '../../services/people/propose-causes.ts';
import { MU_PER_M2, type PatchDetail, patchDetail } from '../../services/queue/detail.ts';
import { roleOf } from '../../services/zones/layer-roles.ts';
import { printJson } from './output.ts';
import { printFamily } from './patches-lineage.ts';
import { type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

const relations = { continues: '持续 continues', grows: '扩大 grows', repeats: '重现 repeats' };
const effects = {
  linked: '关联 linked',
  reinstated: '恢复办理 brought back',
  reopened: '重开 reopened',
  issued: '另立图斑 a patch of its own',
};

/** One step in the words of the evidence report: when, who, what, where it led, and what was said. */
function stepLine({ at, actor, action, fromState, toState, reason, payload }: PatchDetail['history'][number]): string {
  const step = `${actionLabel('patch', action, fromState)} ${action}`;
  const said = [reasonLabel(reason), payload['note']].filter((word) => typeof word === 'string' && word !== '');
  return `  ${localTime(at)}  ${actor}  ${step} → ${stateOf('patch', toState).label.zh} ${toState}  ${oneLine(said.join('，'))}`.trimEnd();
}

/** What somebody wrote may hold line ends, and codes that a terminal would obey. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ');
}

/** `tuban patches show NUMBER` */
export function patchesShowCommand(): Command {
  return workspaceOptions(new Command('show'))
    .description('one patch: its place, what was seen there again, its kin and its history')
    .argument('<patch>', 'number or id')
    .addHelpText('after', '\nExample: tuban patches show 4304022026070001')
    .action(show);
}

async function show(patch: string, options: WorkspaceArguments): Promise<void> {
  const { detail, proposed } = await withWorkspace(options, async ({ store }) => {
    const detail = await patchDetail(store, patch);
    return { detail, proposed: asksCause(detail) ? await proposeCauses(store.db, detail.patch) : null };
  });
  if (options.json) {
    const { evidence: _, ...detection } = detail.detection;
    return printJson({ ...detail, detection, lead: leadIn(detail) ?? null, proposedCauses: proposed });
  }
  printDetail(detail, proposed);
}

/** While it is put right: the cause is asked for when it is cleared. */
function asksCause({ patch: { state } }: PatchDetail): boolean {
  const { stage, outcome } = stateOf('patch', state);
  return stage === 'resolve' && outcome === 'open';
}

/** How the zone stands for which the patch was issued, as it was told last. */
function leadIn({ history }: PatchDetail): Lead | undefined {
  const told = history.findLast(({ payload }) => payload['lead'] !== undefined);
  return told?.payload['lead'] as Lead | undefined;
}

function printDetail(detail: PatchDetail, proposed: readonly ProposedCause[] | null) {
  const { patch, districtName, detection, overlaps, opinion, samePlace, seenAgain, earlierPhotos, family, history } =
    detail;
  const lead = leadIn(detail);
  const { number, type, areaM2, state, dueAt, version, placeId } = patch;
  const lines = [
    `图斑 patch ${number}  ${districtName}  ${type}  ${areaM2.toFixed(2)} m²  ${(areaM2 * MU_PER_M2).toFixed(2)} 亩`,
    `  ${stateOf('patch', state).label.zh} ${state}  限期 due ${dueAt ? localDay(dueAt) : '–'}  版本 version ${version}`,
    `  变化 changed ${detection.beforeDate} – ${detection.afterDate}  地点 place ${placeId}`,
    ...overlaps.map(
      ({ layer, name, areaM2: shared, areaMu, shareOfPatch }) =>
        `  压占 lies in ${roleOf(layer)?.title.zh ?? layer} ${name}  ${shared.toFixed(2)} m²  ${areaMu.toFixed(2)} 亩  ${(100 * shareOfPatch).toFixed(1)} %`,
    ),
    ...(opinion ? [`  规则意见 opinion: ${verdictWords(opinionOf(opinion), 'zh')}`] : []),
    ...(lead ? [`  项目线索 lead: ${leadWords(lead).zh} ${leadWords(lead).en}`] : []),
    ...(proposed ? [`  建议原因 proposed cause: ${proposedWords(proposed)}`] : []),
    ...samePlace.map((other) => `  同一地点 same place: ${other.number} ${other.month} ${other.state}`),
    ...seenAgain.flatMap(({ month, relation, effect, sharedM2, beyondM2, alsoAt }) => [
      `  再次监测 seen again ${month}: ${relations[relation]}, ${effects[effect]}, 重叠 shared ${sharedM2.toFixed(0)} m², 超出 beyond ${beyondM2.toFixed(0)} m²`,
      ...alsoAt.map((other) => `    同一变化涉及 the same change also touches ${other.number}`),
    ]),
    ...earlierPhotos.map(
      (photo) => `  既有照片 earlier photo ${photo.id} (${photo.number}, ${localDay(photo.addedAt)})`,
    ),
    '  办理历史 history（北京时间 Beijing time）',
    ...history.map(stepLine),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (family.patches.length > 1) printFamily(family);
}
