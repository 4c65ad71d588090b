import { setTimeout as delay } from 'node:timers/promises';

import { seededRandom } from '../../domain/random.ts';
import type { Outside } from '../../market/feeds/provider.ts';

/** The real world, as if it were `startMs` now; whoever sleeps is woken `haste` times sooner. */
export function hastyOutside(startMs = Date.now(), haste = 1): Outside {
  const bootMs = performance.now();
  const random = seededRandom(1);
  return {
    now: () => startMs + Math.floor(performance.now() - bootMs),
    sleep: (ms, signal) =>
      delay(ms / haste, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      }),
    random: () => random.next(),
  };
}
