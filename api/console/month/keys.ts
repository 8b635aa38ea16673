import { useEffect, useRef } from 'preact/hooks';

/** What the keys of the page do; a name with Shift before it is a key pressed with Shift. */
export type Keys = Record<string, () => void>;

/** Keys work wherever the focus is, except while writing, on the map, or behind a window. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const target = event.target as HTMLElement;
      if (target.closest('input:not([type="checkbox"]), select, textarea, dialog')) return;
      if (event.key.startsWith('Arrow') && target.closest('.ol-target, [role="slider"], [role="separator"]')) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const act = latest.current[event.shiftKey && event.key !== '?' ? `Shift ${key}` : key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}
