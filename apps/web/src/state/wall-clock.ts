/** The page's only look at real time: for countdowns, for retries and for the age of what it shows. */
import { useEffect, useState } from 'react';

export const wallNowMs = (): number => Date.now();

/** The wall time, looked at again every so many milliseconds. */
export function useWallClock(everyMs: number): number {
  const [now, setNow] = useState(wallNowMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(wallNowMs()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
