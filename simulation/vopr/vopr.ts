/** One seed, or many: what was found, and the shortest way to find it again. */
import type { Violation } from './auditor/rules.ts';
import { type Fault, type Plan, planFor, type VoprProfile } from './faults.ts';
import { lineOf, linesAbout } from './log-lines.ts';
import { World } from './world.ts';

/** What made one run shorter than its seed alone would. */
export interface Shortening {
  readonly without: readonly Fault[];
  readonly steps?: number;
}

export interface Failure {
  readonly seed: number;
  readonly profile: VoprProfile;
  readonly violation: Violation;
  /** The step of the shortest run. */
  readonly step: number;
  /** The faults of the shortest run that still fails by the same rule. */
  readonly faults: readonly Fault[];
  readonly shortening: Required<Shortening>;
  /** The last that happened to what it is about, in the shortest run. */
  readonly log: readonly string[];
}

export interface SeedResult {
  readonly seed: number;
  readonly failure: Failure | undefined;
  /** Of the journal; the same for the same seed. */
  readonly headHash: string;
  readonly events: number;
  /** Everything that was seen, a line each. */
  readonly lines: () => readonly string[];
  readonly sent: number;
  readonly executions: number;
}

const LOG_LINES = 60;

const UNCHANGED: Shortening = { without: [] };

export function runSeed(
  seed: number,
  profile: VoprProfile,
  shortening: Shortening = UNCHANGED,
): Promise<SeedResult> {
  return runPlan(shortened(planFor(seed, profile), shortening), shortening.without);
}

/** `without` is what was taken from the plan that its seed alone would give. */
export async function runPlan(plan: Plan, without: readonly Fault[] = []): Promise<SeedResult> {
  const world = await play(plan);
  const { witness, disk } = world;
  const [violation] = witness.violations;
  const failure = violation && (await shortest(plan, without, world, violation));
  const { journal } = disk.store;
  const count = (kind: string): number =>
    witness.log.filter(({ said }) => said.kind === kind).length;
  return {
    seed: plan.seed,
    failure,
    headHash: journal.at(-1)?.hash ?? '',
    events: journal.length,
    lines: () => witness.log.map(lineOf),
    sent: count('ASKED'),
    executions: count('TRADED'),
  };
}

async function play(plan: Plan): Promise<World> {
  const world = new World(plan);
  await world.run();
  return world;
}

function shortened(plan: Plan, { without, steps }: Shortening): Plan {
  const faults = new Set([...plan.faults].filter((fault) => !without.includes(fault)));
  return { ...plan, faults, steps: steps ?? plan.steps };
}

/** Plays the seed again with one fault less at a time, and fewer steps, while the same rule still fails. */
async function shortest(
  plan: Plan,
  dropped: readonly Fault[],
  world: World,
  violation: Violation,
): Promise<Failure> {
  let best = { plan, world, violation };
  const without = [...dropped];
  const stillFails = async (shorter: Plan): Promise<boolean> => {
    const again = await play(shorter);
    const [found] = again.witness.violations;
    if (found?.rule !== violation.rule) return false;
    best = { plan: shorter, world: again, violation: found };
    return true;
  };
  for (const fault of plan.faults) {
    const faults = new Set([...best.plan.faults].filter((one) => one !== fault));
    if (await stillFails({ ...best.plan, faults })) without.push(fault);
  }
  // Where it failed only after healing, an earlier healing may do.
  for (let steps = best.world.witness.step; steps > 0;) {
    const fewer = Math.floor(steps / 2);
    if (!(await stillFails({ ...best.plan, steps: fewer }))) break;
    steps = Math.min(fewer, best.world.witness.step);
  }
  const { witness } = best.world;
  return {
    seed: plan.seed,
    profile: plan.profile,
    violation: best.violation,
    step: witness.step,
    faults: [...best.plan.faults],
    shortening: { without, steps: Math.min(best.plan.steps, Math.max(1, witness.step)) },
    log: linesAbout(witness.log, best.violation.about, LOG_LINES),
  };
}
