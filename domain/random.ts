/** Chance is a dependency too: everything random comes from a seed, so that a run can be repeated. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
}

/** sfc32 (Chris Doty-Humphrey), seeded by splitmix32: small, fast, and the same on every machine. */
export function seededRandom(seed: number): Random {
  let mix = seed >>> 0;
  const splitmix = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) >>> 0) + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + t) >>> 0;
    return t / 4_294_967_296;
  };
  for (let i = 0; i < 12; i++) next();
  return { next };
}

/**
 * A stream of its own for each name under one seed: what is drawn for one thing then depends neither on
 * what was drawn before nor on a restart in between. FNV-1a (Fowler, Noll, Vo) mixes the name in.
 */
export function namedRandom(seed: number, name: string): Random {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  }
  return seededRandom(hash);
}

/** Standard normal by Box and Muller (1958); one value per call keeps the stream easy to follow. */
export function gaussian(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}
