import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { FieldTaskBody, FieldTasksBody } from '../../server/field-schemas.ts';
import type { ChangeTypes, ChipFrame, StateRow, Workspace } from '../../server/schemas.ts';
import type { FormPart, Item } from './item.ts';

/** A task as it is kept on the phone, with its pictures. */
export interface KeptTask {
  id: string;
  task: FieldTaskBody;
}

export interface KeptPictures {
  id: string;
  before: Blob;
  after: Blob;
  frame: ChipFrame;
}

/** Who works here, and what of the server is needed without it. */
export interface Account {
  access: Workspace['access'];
  workspace: { name: string; simulated: boolean };
  /** Of the workspace's clock over the phone's, ms; 0 but in a simulated workspace. */
  leadMs: number;
  choices: FieldTasksBody['choices'];
  /** Names of change types and states. */
  types: { types: ChangeTypes; states: Pick<StateRow, 'name' | 'label'>[] };
  etag: string;
  /** When the tasks were last fetched, by the phone. */
  loadedAt: string;
}

/** A form half filled in. */
export interface Draft {
  id: string;
  visit: string;
  form: Partial<FormPart>;
}

interface FieldBox extends DBSchema {
  items: { key: number; value: Item };
  tasks: { key: string; value: KeptTask };
  pictures: { key: string; value: KeptPictures };
  drafts: { key: string; value: Draft };
  account: { key: string; value: Account };
}

export type Box = IDBPDatabase<FieldBox>;

/** What is the server's: it goes with the log-out. Items and drafts are the person's own, and stay. */
const borrowed = ['tasks', 'pictures', 'account'] as const;

/** The phone's own store, shared by the page and its worker. */
export function openBox(): Promise<Box> {
  return openDB<FieldBox>('tuban-field', 1, {
    upgrade(box) {
      box.createObjectStore('items', { keyPath: 'seq', autoIncrement: true });
      for (const name of ['tasks', 'pictures', 'drafts'] as const) box.createObjectStore(name, { keyPath: 'id' });
      box.createObjectStore('account');
    },
  });
}

export async function forgetBorrowed(box: Box): Promise<void> {
  await Promise.all(borrowed.map((name) => box.clear(name)));
}

export function allItems(box: Box): Promise<Item[]> {
  return box.getAll('items');
}

/** Writes an item as it is now, unless a person has deleted it in the meantime. */
export async function renewItem(box: Box, item: Item): Promise<void> {
  const change = box.transaction('items', 'readwrite');
  if ((await change.store.get(item.seq!)) !== undefined) await change.store.put(item);
  await change.done;
}

/** 32 digits nobody else draws, also where the page is not in a secure context. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
