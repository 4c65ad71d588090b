/** Plays one seed after another until something fails, and prints what; bundled with a planted bug in it. */
import { type Fault, type Plan, planFor, type VoprProfile } from '../../simulation/vopr/faults.ts';
import { type Failure, runPlan } from '../../simulation/vopr/vopr.ts';

const [seeds, profile, faults] = process.argv.slice(2) as [string, VoprProfile, string?];

function planOf(seed: number): Plan {
  const plan = planFor(seed, profile);
  return faults === undefined ? plan : { ...plan, faults: new Set(faults.split(',') as Fault[]) };
}

let failure: Failure | undefined;
for (let seed = 1; seed <= Number(seeds) && failure === undefined; seed++)
  ({ failure } = await runPlan(planOf(seed)));
process.stdout.write(JSON.stringify(failure ?? null));
