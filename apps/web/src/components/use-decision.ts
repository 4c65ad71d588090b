import { useState } from 'react';
import type { ApprovalView } from '../../../api/views.ts';
import { decide } from '../state/decide.ts';
import type { Attempt } from '../state/page-state.ts';
import { usePage } from '../state/page.ts';
import { isInsideBand } from '../state/price-band.ts';

export interface Decision {
  readonly attempt: Attempt | undefined;
  /** Why approving is off, or null when it is on. */
  readonly blocked: string | null;
  readonly outside: boolean;
  readonly declining: boolean;
  setDeclining(declining: boolean): void;
  approve(): void;
  decline(reason: string): void;
}

interface Circumstances {
  readonly connected: boolean;
  readonly outside: boolean;
  readonly expired: boolean;
}

/** Nobody approves what they cannot see as it is; declining stays open, it can only make things safer. */
function blockedBecause({ connected, outside, expired }: Circumstances): string | null {
  if (!connected) return 'Approving is off until the page is in step with the server.';
  if (expired) return 'The time to decide is over.';
  if (outside) return 'The price left the band this approval would be good for.';
  return null;
}

/** One proposal's way from the screen to a result. */
export function useDecision(
  approval: ApprovalView,
  price: string,
  leftMs: number | null,
): Decision {
  const attempt = usePage((state) => state.attempts[approval.id]);
  const connected = usePage((state) => state.connection.status === 'LIVE');
  const [declining, setDeclining] = useState(false);
  const outside = !isInsideBand(price, approval.bandLow, approval.bandHigh);
  const blocked = blockedBecause({ connected, outside, expired: leftMs === 0 });
  return {
    attempt,
    blocked,
    outside,
    declining,
    setDeclining,
    approve: () => {
      if (blocked === null) void decide(approval, 'APPROVE', '');
    },
    decline: (reason) => {
      setDeclining(false);
      void decide(approval, 'DECLINE', reason);
    },
  };
}
