/** Enough of a hash to tell two apart at a glance; the whole one stands in the title. */
export const shortHash = (hash: string): string => hash.replace(/^sha256:/, '').slice(0, 10);

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;

/** A share of 0 to 1 as whole percent. */
export const formatShare = (share: number): string => `${Math.round(share * 100)} %`;

/** Basis points as percent with two places: 125 is `1.25 %`. */
export const formatBps = (bps: number): string => `${(bps / 100).toFixed(2)} %`;
