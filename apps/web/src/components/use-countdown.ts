import type { ApprovalView } from '../../../api/views.ts';
import { usePage } from '../state/page.ts';
import { useWallClock } from '../state/wall-clock.ts';

/** Real milliseconds left to decide, counted on from the last picture; null while the market waits. */
export function useCountdown({ wallMsLeft }: ApprovalView): number | null {
  const now = useWallClock(250);
  const serverAtMs = usePage((state) => state.serverAtMs);
  if (wallMsLeft === null) return null;
  return Math.max(0, wallMsLeft - Math.max(0, now - serverAtMs));
}
