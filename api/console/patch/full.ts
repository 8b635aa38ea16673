import { useState } from 'preact/hooks';
import { useStageKeys } from './swipe.ts';

/** Whether the patch has the whole page, as the address says (full=1), and what turns that; so does the key F. */
export function useFull(): [full: boolean, turn: () => void] {
  const [full, setFull] = useState(isFull());
  const turn = () => {
    const address = new URL(location.href);
    if (isFull()) address.searchParams.delete('full');
    else address.searchParams.set('full', '1');
    history.replaceState(null, '', address);
    setFull(isFull());
  };
  useStageKeys((key) => {
    if (key !== 'f' && key !== 'F') return false;
    turn();
    return true;
  });
  return [full, turn];
}

function isFull(): boolean {
  return new URLSearchParams(location.search).get('full') === '1';
}
