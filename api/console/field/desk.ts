import { useEffect, useRef, useState } from 'preact/hooks';
import { keepKey } from '../session/key.ts';
import { ask, transportWith } from './ask.ts';
import { type Account, allItems, type Box, type Draft, forgetBorrowed, type KeptTask, newKey, openBox } from './box.ts';
import type { FormPart, Item, PhotoPart } from './item.ts';
import { sendWhenOnline } from './keeping.ts';
import { sendAll } from './sending.ts';
import { fetchPictures, type Refreshed, refreshTasks } from './tasks.ts';
import { say } from './words.ts';

/** All that the page knows, and what it can be asked to do. */
export interface Desk {
  box: Box | null;
  /** undefined: not read yet; null: nobody has logged in on this phone. */
  account: Account | null | undefined;
  tasks: KeptTask[];
  items: Item[];
  /** What the server does not have yet. */
  waiting: Item[];
  online: boolean;
  /** Why somebody must log in; null: nobody needs to. */
  login: 'log-in' | 'must-change' | null;
  refreshing: boolean;
  pictures: number;
  /** What of each item has gone out, 0–1, by key. */
  progress: ReadonlyMap<string, number>;
  toast: string;
  refresh(): Promise<void>;
  /** Those of these patches before all others. */
  fetchPictures(ids: readonly string[]): void;
  send(): void;
  tell(text: string): void;
  addPhoto(patch: Item['patch'], photo: PhotoPart): Promise<void>;
  addForm(patch: Item['patch'], form: FormPart): Promise<void>;
  change(item: Item): Promise<void>;
  remove(items: readonly Item[]): Promise<void>;
  draftOf(patchId: string): Promise<Draft>;
  keepDraft(draft: Draft): Promise<void>;
  logOut(): Promise<void>;
}

const toastMs = 4000;
/** While something waits the page looks so often whether the server is back: 'online' tells of a network, not of that. */
const lookAgainMs = 15_000;

export function useDesk(): Desk {
  const box = useRef<Box | null>(null);
  const [account, setAccount] = useState<Account | null | undefined>(undefined);
  const [tasks, setTasks] = useState<KeptTask[]>([]);
  const [items, setItems] = useState<Item[]>([]);
  const [pictures, setPictures] = useState(0);
  const [online, setOnline] = useState(navigator.onLine);
  const [login, setLogin] = useState<Desk['login']>(null);
  const [refreshing, setRefreshing] = useState(false);
  const [toast, setToast] = useState('');
  const [progress, setProgress] = useState<ReadonlyMap<string, number>>(new Map());

  const readItems = async () => setItems(await allItems(box.current!));
  const readTasks = async () => {
    setAccount((await box.current!.get('account', 'now')) ?? null);
    setTasks(await box.current!.getAll('tasks'));
    setPictures(await box.current!.count('pictures'));
  };
  const countPictures = () => void box.current!.count('pictures').then(setPictures);
  const leaving = useRef(false);
  const tell = (text: string) => {
    setToast(text);
    setTimeout(() => setToast((shown) => (shown === text ? '' : shown)), toastMs);
  };
  const told = (how: Refreshed) => {
    setOnline(how !== 'offline');
    setLogin(how === 'log-in' || how === 'must-change' ? how : null);
  };
  const refresh = async () => {
    setRefreshing(true);
    try {
      const how = await refreshTasks(box.current!, () => !leaving.current);
      told(how);
      await readTasks();
      if (how !== 'new' && how !== 'same') return;
      void navigator.storage?.persist?.();
      const kept = await box.current!.getAll('tasks');
      void fetchPictures(box.current!, kept, countPictures);
    } finally {
      setRefreshing(false);
    }
  };

  const fetchThese = (ids: readonly string[]) => {
    const wanted = ids.map((id) => ({ id }));
    if (box.current !== null) void fetchPictures(box.current, wanted, countPictures);
  };

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const send = () => {
    clearTimeout(timer.current);
    if (box.current === null) return;
    const before = items;
    void sendNow(box.current, { onItems: readItems, onProgress: setProgress, onHow: told }).then(async (when) => {
      setProgress(new Map());
      await readItems();
      const all = await allItems(box.current!);
      const left = all.some(({ state }) => state === 'waiting');
      // A patch that was moved on waits for nobody here any more.
      const forms = (among: readonly Item[]) =>
        among.filter(({ kind, state }) => kind === 'form' && state === 'sent').length;
      if (forms(all) > forms(before)) void refresh();
      if (!left) return;
      void sendWhenOnline();
      timer.current = setTimeout(
        send,
        when === null ? lookAgainMs : Math.min(lookAgainMs, Math.max(500, when - Date.now())),
      );
    });
  };

  useEffect(() => {
    const wake = () => {
      setOnline(navigator.onLine);
      if (!navigator.onLine) return;
      send();
      if (box.current !== null) void refresh();
    };
    openBox().then(async (opened) => {
      box.current = opened;
      await Promise.all([readItems(), readTasks()]);
      send();
      await refresh();
    });
    for (const name of ['online', 'offline']) addEventListener(name, wake);
    return () => {
      for (const name of ['online', 'offline']) removeEventListener(name, wake);
    };
  }, []);

  const acting = actions(box, { account, leaving, readItems, readTasks, send, tell });
  const waiting = items.filter(({ state }) => state !== 'sent');
  const known = { account, tasks, items, waiting, online, login, refreshing, pictures, progress, toast };
  return { box: box.current, ...known, refresh, fetchPictures: fetchThese, send, tell, ...acting };
}

interface Told {
  onItems(): Promise<void>;
  onProgress(progress: ReadonlyMap<string, number>): void;
  onHow(how: Refreshed): void;
}

async function sendNow(box: Box, { onItems, onProgress, onHow }: Told): Promise<number | null> {
  let shown = '';
  const transport = transportWith((item, share) => {
    const percent = `${item.key} ${Math.round(share * 20)}`;
    if (percent !== shown) onProgress(new Map([[item.key, share]]));
    shown = percent;
  });
  return sendAll(box, {
    transport,
    async whoIsThere() {
      const response = await ask('workspace');
      if (response === null) onHow('offline');
      else if (response.status === 401) onHow('log-in');
      else if (response.status === 403) onHow('must-change');
      if (!response?.ok) return null;
      onHow('same');
      const { access } = (await response.json()) as { access: { actor: string } };
      return access.actor;
    },
    now: () => new Date(),
    onChange: () => void onItems(),
    onLogIn: () => onHow('log-in'),
  });
}

interface Around {
  account: Account | null | undefined;
  /** Set while one logs out: what comes in then is not kept. */
  leaving: { current: boolean };
  readItems(): Promise<void>;
  readTasks(): Promise<void>;
  send(): void;
  tell(text: string): void;
}

type Acting = 'addPhoto' | 'addForm' | 'change' | 'remove' | 'draftOf' | 'keepDraft' | 'logOut';

function actions(
  box: { current: Box | null },
  { account, leaving, readItems, readTasks, send, tell }: Around,
): Pick<Desk, Acting> {
  const add = async (part: Pick<Item, 'kind' | 'patch' | 'visit' | 'state' | 'bytes'> & Partial<Item>) => {
    const rest = { tries: 0, notBefore: 0, trouble: null, sentAt: null, sha256: null, after: null };
    const about = { key: newKey(), owner: account!.access.actor, addedAt: new Date().toISOString() };
    try {
      await box.current!.add('items', { ...about, ...rest, ...part });
    } catch (error) {
      tell((error as Error).name === 'QuotaExceededError' ? say('storageFull') : (error as Error).message);
      throw error;
    }
    await readItems();
  };
  const draftOf = async (id: string): Promise<Draft> => {
    const known = await box.current!.get('drafts', id);
    if (known !== undefined) return known;
    const draft = { id, visit: newKey(), form: {} };
    await box.current!.put('drafts', draft);
    return draft;
  };
  return {
    draftOf,
    async keepDraft(draft) {
      const writing = box.current!.transaction('drafts', 'readwrite');
      void writing.store.put(draft);
      // Said at once: a page that goes in this moment takes nothing of it along.
      writing.commit();
      await writing.done;
    },
    async addPhoto(patch, photo) {
      const { visit } = await draftOf(patch.id);
      await add({ kind: 'photo', patch, visit, state: 'held', bytes: photo.file?.size ?? 0, photo });
    },
    async addForm(patch, form) {
      const { visit } = await draftOf(patch.id);
      await add({ kind: 'form', patch, visit, state: 'waiting', bytes: JSON.stringify(form).length, form });
      // The next photo of this patch begins another visit.
      await box.current!.delete('drafts', patch.id);
      send();
    },
    async change(item) {
      await box.current!.put('items', item);
      await readItems();
      if (item.state === 'waiting') send();
    },
    async remove(items) {
      for (const { seq } of items) await box.current!.delete('items', seq!);
      await readItems();
      send();
    },
    async logOut() {
      const answer = await fetch(new URL('../session', location.href), { method: 'DELETE' }).catch(() => null);
      // The session would go on behind a page that shows nobody.
      if (answer === null) return tell(say('noLogOutOffline'));
      leaving.current = true;
      keepKey('');
      await forgetBorrowed(box.current!);
      await readTasks();
      location.assign('#');
      location.reload();
    },
  };
}
