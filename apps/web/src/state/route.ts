/** The address bar as state: `#/decision/<cycle>` opens that decision's trace. */
import { useSyncExternalStore } from 'react';

const DECISION = /^#\/decision\/(.+)$/;

/** The cycle a hash names, or null for the plain page. */
export function cycleIn(hash: string): string | null {
  const match = DECISION.exec(hash);
  return match?.[1] === undefined ? null : decodeURIComponent(match[1]);
}

export const decisionHash = (cycleId: string): string =>
  `#/decision/${encodeURIComponent(cycleId)}`;

export const openDecision = (cycleId: string): void => {
  location.hash = decisionHash(cycleId);
};

/** Back to the plain page without scrolling to its top, as an empty hash would. */
export function closeDecision(): void {
  history.pushState(null, '', location.pathname + location.search);
  dispatchEvent(new HashChangeEvent('hashchange'));
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  addEventListener('popstate', listener);
  return () => {
    removeEventListener('hashchange', listener);
    removeEventListener('popstate', listener);
  };
}

export const useOpenCycle = (): string | null =>
  useSyncExternalStore(subscribe, () => cycleIn(location.hash));
