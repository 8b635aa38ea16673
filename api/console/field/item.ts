/** What waits on the phone to be sent. Kept until the server has it or a person deletes it. */

export interface Item {
  /** Order in which it was taken. */
  seq?: number;
  /** Sent as Idempotency-Key: however often it is sent, it is one. */
  key: string;
  kind: 'photo' | 'form';
  /** Who was logged in: nothing is sent under another name. */
  owner: string;
  patch: { id: string; number: string };
  /** Photos and form of one visit belong together: the form goes last. */
  visit: string;
  /** held: not confirmed yet. */
  state: 'held' | 'waiting' | 'sent' | 'refused';
  tries: number;
  /** Not to be tried again before, ms since 1970. */
  notBefore: number;
  /** Why the last try failed, as the server put it or as the page does. */
  trouble: Trouble | null;
  addedAt: string;
  sentAt: string | null;
  bytes: number;
  photo?: PhotoPart;
  form?: FormPart;
  /** Of a photo that has arrived. */
  sha256: string | null;
  /** The state of the patch after a form that has arrived. */
  after: { action: string; state: string } | null;
}

export interface Trouble {
  code: string;
  /** The server's own line; '' where it said nothing. */
  detail: string;
}

export interface PhotoPart {
  /** The file as the camera wrote it; dropped once it has arrived. */
  file: Blob | null;
  type: string;
  thumb: Blob | null;
  said: Said;
}

/** As the query of POST /patches/{id}/photos has it. */
export interface Said {
  lon: number | null;
  lat: number | null;
  accuracyM: number | null;
  azimuth: number | null;
  azimuthBy: 'compass' | 'hand' | null;
  takenAt: string;
}

/** As the body of POST /patches/{id}/forms has it, but for its photos. */
export interface FormPart {
  seen: string[];
  use: string | null;
  occupier: string | null;
  stopped: boolean | null;
  remedyM2: number | null;
  note: string | null;
  done: boolean;
  filledAt: string;
}

/** What one try came to. status 0: the server was not reached. */
export interface Answer {
  status: number;
  body: { code?: string; detail?: string; sha256?: string; action?: string; state?: string };
  retryAfterS: number | null;
}

export type Outcome = 'sent' | 'again' | 'refused' | 'log-in';

const firstWaitMs = 2000;
const mostWaitMs = 300_000;

/** What an answer means for the item: only what will be refused tomorrow too is refused. */
export function outcomeOf({ status, body }: Answer): Outcome {
  if (status >= 200 && status < 300) return 'sent';
  if (status === 401 || (status === 403 && body.code === 'forbidden' && /password/.test(body.detail ?? ''))) {
    return 'log-in';
  }
  const passing = status === 0 || status === 408 || status === 409 || status === 429 || status >= 500;
  return passing ? 'again' : 'refused';
}

/** How long to wait after so many tries, ms: twice as long each time, up to five minutes; `chance` 0–1 spreads phones. */
export function waitMs(tries: number, retryAfterS: number | null, chance: number): number {
  const wait = Math.min(mostWaitMs, firstWaitMs * 2 ** Math.max(0, tries - 1)) * (0.75 + chance / 2);
  return Math.max(wait, (retryAfterS ?? 0) * 1000);
}

/** The item after an answer. */
export function afterAnswer(item: Item, answer: Answer, now: Date, chance: number): Item {
  const outcome = outcomeOf(answer);
  const { code = answer.status === 0 ? 'offline' : 'internal', detail = '' } = answer.body;
  if (outcome === 'sent') {
    const { sha256 = null, action = '', state = '' } = answer.body;
    const photo = item.photo && { ...item.photo, file: null };
    const about = { state: 'sent', trouble: null, sentAt: now.toISOString() } as const;
    return { ...item, ...about, ...(photo && { photo }), sha256, after: item.form ? { action, state } : null };
  }
  const trouble = { code, detail };
  if (outcome === 'refused') return { ...item, state: 'refused', trouble, tries: item.tries + 1 };
  if (outcome === 'log-in') return { ...item, trouble };
  const tries = item.tries + 1;
  return { ...item, tries, trouble, notBefore: now.getTime() + waitMs(tries, answer.retryAfterS, chance) };
}

/** Whether a form still waits for photos of its visit: 'photos' on their way, 'refused' ones that a person decides on. */
export function waitsFor(item: Item, all: readonly Item[]): 'photos' | 'refused' | null {
  if (item.kind !== 'form') return null;
  const photos = all.filter((other) => other.kind === 'photo' && other.visit === item.visit && other.seq! < item.seq!);
  if (photos.some(({ state }) => state === 'refused')) return 'refused';
  return photos.some(({ state }) => state === 'waiting' || state === 'held') ? 'photos' : null;
}

/** Photos that have arrived but whose form has not: without them the form could not name what it shows. */
export function isNeeded(item: Item, all: readonly Item[]): boolean {
  if (item.kind !== 'photo' || item.state !== 'sent') return false;
  return !all.some(({ kind, visit, state }) => kind === 'form' && visit === item.visit && state === 'sent');
}

/** The item that is to be sent now, and when to look again where none is. */
export function nextItem(
  all: readonly Item[],
  owner: string,
  nowMs: number,
): { item: Item | null; atMs: number | null } {
  const ready = all.filter((item) => item.state === 'waiting' && item.owner === owner && waitsFor(item, all) === null);
  const item = ready.find(({ notBefore }) => notBefore <= nowMs) ?? null;
  const later = ready.map(({ notBefore }) => notBefore).filter((at) => at > nowMs);
  return { item, atMs: later.length === 0 ? null : Math.min(...later) };
}
