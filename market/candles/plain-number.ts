const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NUMBER_TEXT = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** 10⁰ to 10²², the powers of ten that a double holds exactly. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/**
 * The number written in ASCII at `bytes[start, end)`, or NaN when the text is not a number such as
 * `12.5` or `1e-7`. Spaces, a leading plus, hexadecimal, `Infinity` and overflow are not numbers here.
 *
 * Digits without an exponent are gathered by hand: while the digits fit 2⁵³ and the places fit 10²²,
 * both are exact doubles and one division rounds correctly (Clinger 1990, the fast path), so the
 * result equals `Number(text)` at a fraction of its cost. Everything else takes the slow way.
 */
export function parsePlainNumber(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  let digits = 0;
  let mantissa = 0;
  let pointAt = -1;
  for (let i = negative ? start + 1 : start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= ZERO && byte <= ZERO + 9) {
      mantissa = mantissa * 10 + (byte - ZERO);
      digits++;
    } else if (byte === POINT && pointAt === -1 && digits > 0) {
      pointAt = digits;
    } else {
      return parseSlowly(bytes, start, end);
    }
  }
  const places = pointAt === -1 ? 0 : digits - pointAt;
  if (digits === 0 || pointAt === digits) return Number.NaN;
  if (mantissa > Number.MAX_SAFE_INTEGER || places > 22) return parseSlowly(bytes, start, end);
  const magnitude = mantissa / POWERS_OF_TEN[places]!;
  return negative ? -magnitude : magnitude;
}

function parseSlowly(bytes: Uint8Array, start: number, end: number): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  if (!NUMBER_TEXT.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}
