import { useEffect, useState } from 'preact/hooks';

/** The worker that keeps the page's files, as far as it is. */
export interface Keeping {
  /** True once the page opens without the server. */
  ready: boolean;
  /** Takes the new version over, where one waits; else null. */
  update: (() => void) | null;
}

/** Set while this page itself asked for the change: only then it is loaded anew. */
let asked = false;

/** @param onSend told by the worker that the network is back */
export function useKeeping(onSend: () => void): Keeping {
  const [keeping, setKeeping] = useState<Keeping>({ ready: false, update: null });
  useEffect(() => {
    const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    if (workers === undefined) return;
    workers.addEventListener('message', ({ data }) => data === 'send' && onSend());
    workers.addEventListener('controllerchange', () => asked && location.reload());
    const options = { scope: 'field', type: 'module', updateViaCache: 'none' } as const;
    workers.register('field/worker.ts', options).then(
      (registration) => follow(registration, setKeeping),
      () => setKeeping({ ready: false, update: null }),
    );
  }, []);
  return keeping;
}

function follow(registration: ServiceWorkerRegistration, set: (keeping: Keeping) => void): void {
  const tell = () => {
    const { active, waiting } = registration;
    const update = () => {
      asked = true;
      waiting?.postMessage('take-over');
    };
    set({ ready: active !== null, update: active !== null && waiting !== null ? update : null });
  };
  const watch = () => registration.installing?.addEventListener('statechange', tell);
  registration.addEventListener('updatefound', watch);
  watch();
  tell();
  // A page that stays open for days asks when it comes to the front again.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => {});
  });
}

/** Has the browser send what waits when it finds a network, also with the page closed, where it can do that. */
export async function sendWhenOnline(): Promise<void> {
  const registration = (await navigator.serviceWorker?.getRegistration('field')) as
    | (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } })
    | undefined;
  await registration?.sync?.register('send').catch(() => {});
}
