/**
 * What must happen although nothing happens: once a second the feed is asked whether it has fallen
 * silent, once a minute the kernel whether it still denies what it must deny. In real time.
 */
export interface Pulse {
  /** How long the feed has been waited for, in real milliseconds. */
  silentMs(): number;
  onSilence(waitedMs: number): Promise<void>;
  /** The time of a live market, which passes by itself; undefined for any other. */
  nowMs(): number | undefined;
  onTime(nowMs: number): Promise<void>;
  tryCanaries(): Promise<void>;
}

const BEAT_MS = 1_000;
const BEATS_PER_CANARY = 60;

/** Beats until it is stopped. A beat that fails is told once and ends it: the ledger is broken then. */
export function startHeartbeat(pulse: Pulse, onFault: (error: unknown) => void): () => void {
  let beats = 0;
  let busy = false;
  const beat = async (): Promise<void> => {
    // A beat that takes longer than a second is not overtaken by the next.
    if (busy) return;
    busy = true;
    beats += 1;
    const nowMs = pulse.nowMs();
    if (nowMs !== undefined) await pulse.onTime(Math.floor(nowMs));
    const waitedMs = pulse.silentMs();
    if (waitedMs > 0) await pulse.onSilence(waitedMs);
    if (beats % BEATS_PER_CANARY === 0) await pulse.tryCanaries();
    busy = false;
  };
  const timer = setInterval(() => {
    beat().catch((error: unknown) => {
      clearInterval(timer);
      onFault(error);
    });
  }, BEAT_MS);
  return () => clearInterval(timer);
}
