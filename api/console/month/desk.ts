import { html } from 'htm/preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PatchDetail, PatchItem } from '../../server/schemas.ts';
import { PatchMap } from '../map/map.ts';
import type { PatchMark } from '../map/patch-layers.ts';
import { PatchPanel } from '../patch/panel.ts';
import { useLoaded } from '../shell/loaded.ts';
import type { PageProps } from '../shell/page.ts';
import { getJson, Refusal } from '../shell/server.ts';
import { toneOf } from '../shell/state-label.ts';
import { word } from '../shell/text.ts';
import { type Notice, Toast } from '../shell/toast.ts';
import { lookAhead } from './ahead.ts';
import { useAddress, useFirstOfList, useItem, useSameMoment, useToday } from './desk-state.ts';
import { boxOf, boxText, filterQuery } from './filter.ts';
import type { Theme } from './filters.ts';
import { useKeys } from './keys.ts';
import { KeysHelp } from './keys-help.ts';
import { usePatchList } from './list.ts';
import { ListPart } from './list-part.ts';
import type { Order } from './order.ts';
import { useOverview } from './overview.ts';
import { keptWidth, type Pane, PaneTabs, Splitter } from './panes.ts';
import { useSelection } from './selection.ts';
import { useFigures } from './statistics.ts';
import { StepSheet } from './step-sheet.ts';
import { TopBar } from './top-bar.ts';
import { type StepName, stateAfter } from './triage.ts';
import { useTriage } from './use-triage.ts';
import { say } from './words.ts';

/** One month: its counts and filters, the queue beside the map, and the patch that is being looked at. */
export function Desk(props: PageProps) {
  const { workspace, lifecycle } = props;
  const [pane, setPane] = useState<Pane>('list');
  const [width, setWidth] = useState(keptWidth);
  const [helping, setHelping] = useState(false);
  const desk = useDesk(props);
  const { filter, list, item, chosen, triage, query, edition, selection, mayAct } = desk;
  const states = lifecycle.states.patch;
  const goTo = (number: string) => {
    desk.setChosen(number);
    if (pane === 'list') setPane('patch');
  };
  useDeskKeys(desk, () => setHelping(true));
  const panel = html`
    <${PatchPanel} key=${chosen} number=${chosen} lifecycle=${lifecycle} mayAct=${mayAct} edition=${triage.outbox.versionOf(item?.id)}
      onStep=${desk.step} onMoved=${desk.moved} onFailed=${desk.failed} />
  `;
  return html`
    <main class="desk" data-pane=${pane} style=${{ '--patch-width': width === null ? '' : `${width}px` }}>
      <${TopBar} filter=${filter} query=${query} figures=${desk.figures} states=${states} overview=${desk.overview}
        themes=${desk.themes} total=${list.total} fileName=${`${word('title')}-${filter.month}`} onFilter=${desk.change} onFailed=${desk.failed} />
      <${ListPart} list=${list} filter=${filter} states=${states} chosen=${chosen} triage=${triage} selection=${selection}
        mayAct=${mayAct} order=${desk.order} isApart=${desk.isApart} onOrder=${desk.setOrder} onChoose=${goTo} onStep=${desk.ask}
        onUndo=${desk.undo} onRefresh=${desk.refresh} onHelp=${() => setHelping(true)} />
      <${PatchMap} month=${filter.month} query=${query} edition=${edition} district=${filter.district} chosen=${item}
        basemap=${workspace.basemap} box=${boxOf(filter.bbox)} toneOf=${desk.toneNow} onChoose=${goTo}
        onBox=${(box: number[] | null) => desk.change({ bbox: box === null ? '' : boxText(box) })} />
      <${Splitter} width=${width} onWidth=${setWidth} />
      ${chosen === null ? html`<section class="patch"><p class="empty">${list.patches.length > 0 && word('choosePatch')}</p></section>` : panel}
      <${PaneTabs} pane=${pane} onPane=${setPane} />
      ${
        triage.asking !== null &&
        html`<${StepSheet} key=${triage.asking} step=${triage.asking} patches=${desk.subjects} lifecycle=${lifecycle}
          lastReason=${triage.lastReason} onTake=${desk.take} onCancel=${triage.leave} />`
      }
    </main>
    ${helping && html`<${KeysHelp} onClose=${() => setHelping(false)} />`}
    <${Toast} notice=${desk.notice} onGone=${() => desk.setNotice(null)} />
  `;
}

type DeskState = ReturnType<typeof useDesk>;

/** What is loaded, what is chosen, and what can be done with it. */
function useDesk({ workspace, lifecycle, month }: PageProps) {
  const { filter, change, chosen, setChosen } = useAddress(month);
  const [notice, setNotice] = useState<Notice | null>(null);
  const [order, setOrder] = useState<Order>('number');
  const [loads, setLoads] = useState(0);
  const [counts, setCounts] = useState(0);
  const failed = (error: Error) => setNotice(noticeOf(error));
  const refresh = () => setLoads((count) => count + 1);
  const countAgain = () => setCounts((count) => count + 1);
  const triage = useTriage(lifecycle, setNotice, countAgain);
  const { outbox } = triage;
  const edition = loads + counts;
  const query = filterQuery(filter).toString();
  const list = usePatchList(query, order, loads);
  const { patches } = list;
  const figures = useFigures(filter, edition, failed);
  const overview = useOverview(filter.month, edition, failed);
  const themes =
    useLoaded(
      (signal) => getJson<{ themes: Theme[] }>('themes', signal),
      [],
      () => {},
    )?.themes ?? [];
  const selection = useSelection(patches);
  const place = patches.findIndex((patch) => patch.number === chosen);
  const item = useItem(patches[place], chosen);
  useFirstOfList(list, chosen, setChosen);
  useNeighbours(patches, place);
  useToday(refresh, countAgain);
  const isApart = useSameMoment(list, figures?.snapshot, outbox.changes, refresh);
  const mayAct = workspace.access.role !== 'viewer';
  const subjects = selection.ids.size > 0 ? patches.filter(({ id }) => selection.ids.has(id)) : item ? [item] : [];
  const step = (by: number): PatchItem | undefined => {
    const next = patches[place < 0 ? 0 : Math.min(patches.length - 1, Math.max(0, place + by))];
    if (next) setChosen(next.number);
    return next;
  };
  const toneNow = useMemo(() => {
    const tones = new Map(lifecycle.states.patch.map((state) => [state.name, toneOf(state)]));
    return (mark: PatchMark) => tones.get(outbox.shown({ ...mark, version: 0, dueAt: null }).state) ?? 'dismissed';
  }, [outbox.changes]);
  const state = {
    filter,
    change,
    chosen,
    setChosen,
    notice,
    setNotice,
    order,
    setOrder,
    failed,
    refresh,
    triage,
    edition,
    query,
  };
  return {
    ...{ ...state, list, figures, overview, themes, selection, item, isApart, mayAct, subjects, step, toneNow },
    here: patches[place],
    ask(name: StepName) {
      if (!mayAct) setNotice({ text: say('viewer'), bad: true });
      else if (subjects.some((patch) => stateAfter(lifecycle, name, outbox.shown(patch).state) !== null))
        triage.ask(name);
      else if (subjects.length > 0) setNotice({ text: say('notPossible'), bad: true });
    },
    take(name: StepName, inputOf: (patch: PatchItem) => object) {
      const taken = triage.take(name, subjects, inputOf);
      if (selection.ids.size > 0) selection.clear();
      else if (taken && (name === 'dismiss' || name === 'warn')) step(1);
    },
    undo() {
      const number = mayAct ? triage.undo(item) : null;
      if (number !== null) setChosen(number);
    },
    moved(patch: PatchDetail, said: string) {
      triage.moved(patch);
      setNotice({ text: `${patch.number.slice(-4)} · ${said}`, bad: false });
    },
  };
}

/** Asks for the pictures of those that come next, once the chosen one stands. */
function useNeighbours(patches: PatchItem[], place: number): void {
  useEffect(() => {
    const soon = setTimeout(() => lookAhead([1, 2, -1].flatMap((by) => patches[place + by] ?? [])), 20);
    return () => clearTimeout(soon);
  }, [patches, place]);
}

function useDeskKeys(desk: DeskState, onHelp: () => void): void {
  const { step, selection, triage, list, item, here } = desk;
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    'Shift j': () => selection.extend(here, step(1)),
    'Shift k': () => selection.extend(here, step(-1)),
    d: () => desk.ask('dismiss'),
    w: () => desk.ask('warn'),
    n: () => desk.ask('note'),
    g: () => desk.ask('assign'),
    u: desk.undo,
    x: () => item && selection.pick(item, false),
    a: () => void list.all().then(selection.all, () => {}),
    r: desk.refresh,
    '?': onHelp,
    Escape: () => (triage.asking === null ? selection.clear() : triage.leave()),
    '/': () => document.querySelector<HTMLElement>('.filters input[type="search"]')?.focus(),
  });
}

function noticeOf(error: Error): Notice {
  const stale = error instanceof Refusal && error.code === 'precondition-failed';
  return { text: stale ? word('conflict') : `${word('failed')}: ${error.message}`, bad: true };
}
