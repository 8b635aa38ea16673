import type { Command } from 'commander';
import { FILTER_NAMES, type PatchFilter, parsePatchFilter } from '../../services/queue/filter.ts';

/** The filter of patches as options: the same for every command that has one. */
export type PatchFilterArguments = Partial<Record<(typeof FILTER_NAMES)[number], string>>;

export function patchFilterOptions(command: Command): Command {
  return command
    .option('--month <month>', 'YYYY-MM')
    .option('--district <code>', 'district code or its first digits')
    .option('--layer <names>', 'lying in any of these layers')
    .option('--state <states>', 'in any of these states')
    .option('--stage <stage>', 'find, warn or resolve')
    .option('--type <types>', 'of any of these types')
    .option('--theme <names>', 'of any of these themes')
    .option('--min-area <m2>', 'at least this large')
    .option('--max-area <m2>', 'at most this large')
    .option('--bbox <box>', 'minLon,minLat,maxLon,maxLat')
    .option('--overdue <yes>', 'true or false')
    .option('--text <words>', 'all in the number, district, type or a note')
    .option('--assignee <name>', 'who has it in hand (承办人)')
    .option('--filter <cql2>', "such as areaM2 > 400 AND type IN ('20','TD')");
}

/** @throws ServiceError bad-input */
export function patchFilterOf(options: PatchFilterArguments, now: Date): PatchFilter {
  return parsePatchFilter(Object.fromEntries(FILTER_NAMES.map((name) => [name, options[name]])), now);
}
