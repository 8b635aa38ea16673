import { Command, Option } from 'commander';
import { localDay } from '../../services/local-time.ts';
import { listLayers } from '../../services/store/layers.ts';
import { standardThemes } from '../../services/themes/definition.ts';
import { projectReport } from '../../services/themes/project-report.ts';
import { type ProjectLayer, projectLayers } from '../../services/themes/project-watch.ts';
import { watchedThemes } from '../../services/themes/watched-themes.ts';
import { dateName } from './options.ts';
import { printJson, printTable } from './output.ts';
import { printProjects } from './project-tables.ts';
import { clockOf, type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

const signals = { change: '变化', 'no-change': '无变化', greening: '变绿', any: '不限' };

export function themesCommand(): Command {
  const themes = new Command('themes').description('what is watched for: one general survey and its themes');
  workspaceOptions(themes.command('list'))
    .description('the themes, which of them can be watched here, and what the others lack')
    .action(list);
  workspaceOptions(themes.command('projects'))
    .description('how idle land, restoration and new farmland stand by what the months have seen of each zone')
    .addOption(new Option('--layer <name>', 'of one layer (default: all three)').choices(projectLayers))
    .option('--day <date>', 'as seen by this day, YYYY-MM-DD (default: today)', dateName)
    .action(projects);
  return themes;
}

interface ProjectArguments extends WorkspaceArguments {
  layer?: ProjectLayer;
  day?: string;
}

async function projects({ layer, ...options }: ProjectArguments): Promise<void> {
  const report = await withWorkspace(options, async ({ store }) => {
    const day = options.day ?? localDay((await clockOf(store))());
    return projectReport(store, day, layer === undefined ? projectLayers : [layer]);
  });
  if (options.json) printJson(report);
  else printProjects(report);
}

async function list(options: WorkspaceArguments): Promise<void> {
  const layers = await withWorkspace(options, ({ store }) => listLayers(store.db));
  const themes = watchedThemes(standardThemes, layers);
  if (options.json) return printJson({ edition: standardThemes.edition, themes });
  printTable(
    ['专题 theme', '', '信号 signal', '最小 m²', '监测', '说明 why'],
    themes.map(({ id, title, signal, minAreaM2, watched, because, note }) => [
      title.zh,
      id,
      signals[signal],
      String(minAreaM2),
      watched ? '是 yes' : '否 no',
      [...because, ...(note ? [note] : [])].map(({ zh }) => zh).join('；'),
    ]),
  );
  const watched = themes.filter((theme) => theme.watched).length;
  process.stdout.write(`${watched} of ${themes.length} themes are watched (edition ${standardThemes.edition})\n`);
}
