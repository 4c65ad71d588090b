/**
 * Our order ids in the forms that venues take. An id is 1 to 32 letters and digits, which most venues take
 * as it is; some want a UUID (Coinbase, Kraken), some 128 bits in hex (Hyperliquid), some a prefix of their
 * own and fewer characters (Gate). Each form follows from the id alone, so that an order can be asked for
 * after a crash with nothing but the journal.
 */
import { createHash } from 'node:crypto';
import type { ClientOrderId } from '../domain/ids.ts';

export type ClientIdForm = 'TEXT_32' | 'UUID' | 'HEX_128' | 'GATE';

/** What a venue of each form accepts. */
export const CLIENT_ID_SHAPES: Readonly<Record<ClientIdForm, RegExp>> = {
  TEXT_32: /^[A-Za-z0-9]{1,32}$/,
  UUID: /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  HEX_128: /^0x[0-9a-f]{32}$/,
  GATE: /^t-[0-9a-f]{28}$/,
};

export function clientIdIn(form: ClientIdForm, id: ClientOrderId): string {
  if (form === 'TEXT_32') return id;
  const hex = createHash('sha256').update(`plimsoll/order\0${id}`).digest('hex');
  switch (form) {
    case 'UUID':
      return uuidFrom(hex);
    case 'HEX_128':
      return `0x${hex.slice(0, 32)}`;
    case 'GATE':
      return `t-${hex.slice(0, 28)}`;
  }
}

/** Version 8 of RFC 9562: bits of our own choosing, marked as such. */
function uuidFrom(hex: string): string {
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0b0011) | 0b1000).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
