import fc from 'fast-check';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What goes wrong with a value: another in its place, or none. */
const JUNK: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(undefined, null, true, '', ' 1', '0x10', '1e999', '-1', 'NaN', -1, 0, 1e300, 0.5),
  fc.string(),
  fc.double(),
  fc.constant([]),
  fc.constant({}),
);

/** The message with junk at one to three of its places, as it comes out of JSON. */
export const damaged = (message: Json): fc.Arbitrary<unknown> =>
  fc
    .array(fc.tuple(fc.nat(), JUNK), { minLength: 1, maxLength: 3 })
    .map((wounds) =>
      wounds.reduce<unknown>((body, [place, junk]) => {
        const copy = structuredClone(body);
        const places = placesOf(copy);
        const [holder, name] = places[place % Math.max(places.length, 1)] ?? [];
        if (holder !== undefined && name !== undefined) holder[name] = junk;
        return copy;
      }, message),
    )
    .map((body) => JSON.parse(JSON.stringify(body)) as unknown);

/** Every field of every object, and every entry of every list. */
function placesOf(value: unknown): readonly (readonly [Record<string, unknown>, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [
    [holder, name] as const,
    ...placesOf(holder[name]),
  ]);
}
