/** What may go wrong in a simulated world, and which of it does under one seed. */
import { namedRandom } from '../../domain/random.ts';
import { FAULT_PROFILES, type FaultProfile, type FaultProfileName } from '../fault-profiles.ts';
import { Dice } from './dice.ts';

/** Troubles of the house itself, beside those of the line to the venue. */
const HOUSE_FAULTS = {
  crashes: 'A process ends at any await, before or after what it waited for was done.',
  pauses:
    'A process stops at any await, is replaced meanwhile, and goes on later as if nothing were.',
  'slow-answers': 'Ledger and venue take seconds to answer, while the rest of the world goes on.',
  storage: 'A commit fails, before or after it took effect, and the disk is full for a while.',
  rivals: 'A second engine takes over while the first one runs.',
  'thin-market': 'Orders fill in small parts, arrive late and stand in line.',
} as const;

/** What people and agents do; no faults, but a run may be shorter without. */
const DEEDS = {
  mischief: 'Agents write whatever they like into their rows, and execute it more than once.',
  people: 'People stop everything, and let it go on.',
} as const;

const WIRE_FAULTS = Object.keys(FAULT_PROFILES).filter(
  (name): name is WireFault => name !== 'calm' && name !== 'storm',
);

type WireFault = Exclude<FaultProfileName, 'calm' | 'storm'>;
export type HouseFault = keyof typeof HOUSE_FAULTS;
export type Fault = HouseFault | WireFault | keyof typeof DEEDS;

export const FAULTS: readonly Fault[] = [
  ...(Object.keys(HOUSE_FAULTS) as HouseFault[]),
  ...WIRE_FAULTS,
  ...(Object.keys(DEEDS) as (keyof typeof DEEDS)[]),
];

/** Nothing but what people and agents do, one fault beside it, or everything, mixed anew by each seed. */
export type VoprProfile = 'calm' | 'storm' | HouseFault | WireFault;

export const VOPR_PROFILES: Readonly<Record<VoprProfile, string>> = {
  storm: 'Every seed draws its own mixture of all of them.',
  calm: 'Nothing goes wrong but what people and agents do.',
  ...HOUSE_FAULTS,
  ...(Object.fromEntries(WIRE_FAULTS.map((name) => [name, FAULT_PROFILES[name].says])) as Record<
    WireFault,
    string
  >),
};

/** One run, whole: everything else follows from it. */
export interface Plan {
  readonly seed: number;
  readonly profile: VoprProfile;
  readonly faults: ReadonlySet<Fault>;
  /** How likely the venue's troubles are, against its bad days alone. */
  readonly strength: number;
  /** How often the world is moved before it is healed. */
  readonly steps: number;
}

const STEPS_LEAST = 40;
const STEPS_MOST = 140;

export function planFor(seed: number, profile: VoprProfile): Plan {
  const dice = new Dice(namedRandom(seed, 'plan'));
  const steps = dice.whole(STEPS_LEAST, STEPS_MOST);
  const strength = profile === 'storm' ? dice.between(0.1, 1) : 1;
  const share = dice.between(0.1, 0.6);
  const drawn = FAULTS.filter(() => dice.happens(share));
  const faults = new Set<Fault>(profile === 'storm' ? drawn : ['mischief', 'people']);
  if (profile !== 'storm' && profile !== 'calm') faults.add(profile);
  return { seed, profile, faults, strength, steps };
}

/** What the line to the venue does: of several bad days, for each trouble the worst. */
export function wireProfile({ faults, strength }: Plan): FaultProfile {
  const worst: Record<string, number | string> = { ...FAULT_PROFILES.calm };
  for (const name of WIRE_FAULTS) {
    if (!faults.has(name)) continue;
    for (const [field, value] of Object.entries(FAULT_PROFILES[name])) {
      if (typeof value !== 'number') continue;
      const here = field.endsWith('Chance') ? value * strength : value;
      worst[field] = Math.max(Number(worst[field]), here);
    }
  }
  return worst as unknown as FaultProfile;
}
