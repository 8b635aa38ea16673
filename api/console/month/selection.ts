import { useRef, useState } from 'preact/hooks';
import type { PatchItem } from '../../server/schemas.ts';

/** Which patches are selected, by id. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** One more or one less; with `extend` all from the last one to this. */
  pick: (patch: PatchItem, extend: boolean) => void;
  /** The one stood on and the one gone to, as Shift+J does. */
  extend: (from: PatchItem | undefined, to: PatchItem | undefined) => void;
  all: (patches: readonly PatchItem[]) => void;
  clear: () => void;
}

export function useSelection(patches: readonly PatchItem[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  return {
    ids,
    pick(patch, extend) {
      const next = new Set(ids);
      const [a, b] = [last.current, patch.id].map((id) => patches.findIndex((one) => one.id === id));
      if (extend && a >= 0 && b >= 0) {
        for (const { id } of patches.slice(Math.min(a, b), Math.max(a, b) + 1)) next.add(id);
      } else if (!next.delete(patch.id)) next.add(patch.id);
      last.current = patch.id;
      setIds(next);
    },
    extend(from, to) {
      const next = new Set(ids);
      for (const patch of [from, to]) if (patch !== undefined) next.add(patch.id);
      last.current = to?.id ?? last.current;
      setIds(next);
    },
    all: (wanted) => setIds(new Set(wanted.map(({ id }) => id))),
    clear: () => setIds(new Set()),
  };
}
