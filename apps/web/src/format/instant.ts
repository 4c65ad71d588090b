/** Instants are UTC milliseconds on the market's clock and are shown in UTC, never in local time. */
const iso = (ms: number): string => new Date(ms).toISOString();

/** `2019-06-01 14:05` */
export const formatMinute = (ms: number): string => iso(ms).slice(0, 16).replace('T', ' ');

/** `06-01 14:05:09` for dense tables; the year stands in the title of the cell. */
export const formatDense = (ms: number): string => iso(ms).slice(5, 19).replace('T', ' ');

/** `2019-06-01 14:05:09.120 UTC` */
export const formatFull = (ms: number): string => `${iso(ms).slice(0, 23).replace('T', ' ')} UTC`;
