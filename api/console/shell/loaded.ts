import { useEffect, useState } from 'preact/hooks';

/**
 * What `load` gives, again whenever one of `inputs` changes; null until it is there for the first time.
 * An answer that comes after the inputs have changed is dropped; the one before stays until the new one is there.
 */
export function useLoaded<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  inputs: readonly unknown[],
  onFailed: (error: Error) => void,
): Value | null {
  const [value, setValue] = useState<Value | null>(null);
  useEffect(() => {
    const loading = new AbortController();
    load(loading.signal).then(
      (loaded) => {
        if (!loading.signal.aborted) setValue(loaded);
      },
      (error: Error) => {
        if (!loading.signal.aborted) onFailed(error);
      },
    );
    return () => loading.abort();
  }, inputs);
  return value;
}
