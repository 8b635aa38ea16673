import { Command } from 'commander';
import { listLayers } from '../../services/store/layers.ts';
import { assumptions, notApplying } from '../../services/themes/applying.ts';
import { minAreaOf, standardThemes } from '../../services/themes/definition.ts';
import { printJson, printTable } from './output.ts';
import { type WorkspaceArguments, withWorkspace, workspaceOptions } from './workspace.ts';

const signals = { change: '变化', 'no-change': '无变化', greening: '变绿', any: '不限' };

export function themesCommand(): Command {
  const themes = new Command('themes').description('what is watched for: one general survey and its themes');
  workspaceOptions(themes.command('list'))
    .description('the themes, which of them can be watched here, and what the others lack')
    .action(list);
  return themes;
}

async function list(options: WorkspaceArguments): Promise<void> {
  const layers = await withWorkspace(options, ({ store }) => listLayers(store.db));
  const known = new Set(layers.filter(({ state }) => state === 'ready').map(({ name }) => name));
  const lacking = notApplying(standardThemes, known);
  const assumed = assumptions(standardThemes, known);
  const themes = standardThemes.themes.map((theme) => {
    const lack = lacking.find(({ theme: id }) => id === theme.id);
    return {
      ...theme,
      minAreaM2: minAreaOf(theme),
      watched: lack === undefined,
      missing: lack?.missing ?? [],
      because: [...(lack ? [lack] : []), ...assumed.filter(({ theme: id }) => id === theme.id)].map(({ zh, en }) => ({
        zh,
        en,
      })),
    };
  });
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
