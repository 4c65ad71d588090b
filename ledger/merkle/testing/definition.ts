/** RFC 6962 §2.1 word for word, over event hashes: slow, recursive, and nothing of the code it judges. */
import { createHash } from 'node:crypto';

/** MTH. */
export function treeRoot(events: readonly string[]): string {
  if (events.length === 0) return sha256();
  if (events.length === 1) return sha256('00', events[0]);
  const k = split(events.length);
  return sha256('01', treeRoot(events.slice(0, k)), treeRoot(events.slice(k)));
}

/** PATH(m, D[n]). */
export function auditPath(m: number, events: readonly string[]): readonly string[] {
  if (events.length <= 1) return [];
  const k = split(events.length);
  return m < k
    ? [...auditPath(m, events.slice(0, k)), treeRoot(events.slice(k))]
    : [...auditPath(m - k, events.slice(k)), treeRoot(events.slice(0, k))];
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

const sha256 = (...hex: readonly (string | undefined)[]): string =>
  createHash('sha256')
    .update(Buffer.from(hex.join(''), 'hex'))
    .digest('hex');
