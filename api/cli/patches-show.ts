import { Command } from 'commander';
import { stateOf } from '../../services/lifecycle/transitions.ts';
import { MU_PER_M2, type PatchDetail, patchDetail } from '../../services/queue/detail.ts';
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

/** `tuban patches show NUMBER` */
export function patchesShowCommand(): Command {
  return workspaceOptions(new Command('show'))
    .description('one patch: its place, what was seen there again, its kin and its history')
    .argument('<patch>', 'number or id')
    .addHelpText('after', '\nExample: tuban patches show 4304022026070001')
    .action(show);
}

async function show(patch: string, options: WorkspaceArguments): Promise<void> {
  const detail = await withWorkspace(options, ({ store }) => patchDetail(store, patch));
  if (options.json) {
    const { evidence: _, ...detection } = detail.detection;
    return printJson({ ...detail, detection });
  }
  printDetail(detail);
}

function printDetail({
  patch,
  districtName,
  detection,
  samePlace,
  seenAgain,
  earlierPhotos,
  family,
  history,
}: PatchDetail) {
  const { number, type, areaM2, state, dueAt, version, placeId } = patch;
  const lines = [
    `图斑 patch ${number}  ${districtName}  ${type}  ${areaM2.toFixed(2)} m²  ${(areaM2 * MU_PER_M2).toFixed(2)} 亩`,
    `  ${stateOf('patch', state).label.zh} ${state}  限期 due ${dueAt?.slice(0, 10) ?? '–'}  版本 version ${version}`,
    `  变化 changed ${detection.beforeDate} – ${detection.afterDate}  地点 place ${placeId}`,
    ...samePlace.map((other) => `  同一地点 same place: ${other.number} ${other.month} ${other.state}`),
    ...seenAgain.flatMap(({ month, relation, effect, sharedM2, beyondM2, alsoAt }) => [
      `  再次监测 seen again ${month}: ${relations[relation]}, ${effects[effect]}, 重叠 shared ${sharedM2.toFixed(0)} m², 超出 beyond ${beyondM2.toFixed(0)} m²`,
      ...alsoAt.map((other) => `    同一变化涉及 the same change also touches ${other.number}`),
    ]),
    ...earlierPhotos.map(
      (photo) => `  既有照片 earlier photo ${photo.id} (${photo.number}, ${photo.addedAt.slice(0, 10)})`,
    ),
    ...history.map(({ at, actor, action, toState }) => `  ${at}  ${actor}  ${action} → ${toState}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (family.patches.length > 1) printFamily(family);
}
