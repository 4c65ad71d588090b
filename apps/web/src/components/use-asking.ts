import { useState } from 'react';
import { messageOf } from '../state/api.ts';

export interface Asking {
  readonly busy: boolean;
  /** Why the last try failed, or null. */
  readonly failure: string | null;
  ask(task: () => Promise<void>): void;
}

/** One request at a time behind a button, with its failure kept to be shown. */
export function useAsking(): Asking {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  return {
    busy,
    failure,
    ask: (task) => {
      if (busy) return;
      setBusy(true);
      setFailure(null);
      void task()
        .catch((error: unknown) => setFailure(messageOf(error)))
        .finally(() => setBusy(false));
    },
  };
}
