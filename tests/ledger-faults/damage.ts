/** As a failing disk would give it back: so many bytes of it are others. */
export function flipped(bytes: Buffer, at: number, count = 64): Buffer {
  const changed = Buffer.from(bytes);
  for (let offset = at; offset < at + count; offset++) changed[offset] = ~(changed[offset] ?? 0);
  return changed;
}
