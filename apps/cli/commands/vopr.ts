import { type Command, Option } from 'commander';
import {
  type Fault,
  FAULTS,
  VOPR_PROFILES,
  type VoprProfile,
} from '../../../simulation/vopr/faults.ts';
import { BadInput } from '../errors.ts';
import { wholeNumber } from '../options.ts';

export interface VoprFlags {
  readonly seeds: number;
  readonly seed: number;
  readonly profile: VoprProfile;
  readonly without?: readonly Fault[];
  readonly steps?: number;
  readonly json: boolean;
}

const SEED_MAX = 0xffff_ffff;

export function addVopr(program: Command): void {
  program
    .command('vopr')
    .description(
      'Play the whole house on virtual time, with everything going wrong, beside an independent auditor.',
    )
    .option(
      '--seeds <n>',
      'how many worlds, one after another',
      wholeNumber('--seeds', 1, 1_000_000),
      200,
    )
    .option('--seed <n>', 'the first seed', wholeNumber('--seed', 0, SEED_MAX), 1)
    .addOption(
      new Option('--profile <name>', 'what goes wrong; see below')
        .argParser(profileOf)
        .default('storm' as VoprProfile),
    )
    .option('--without <faults>', 'comma-separated faults to leave out', faultsOf)
    .option(
      '--steps <n>',
      'heal the world after so many steps; drawn from the seed when left out',
      wholeNumber('--steps', 0, 10_000),
    )
    .option('--json', 'print one JSON object', false)
    .addHelpText('after', `\nProfiles:\n${profileLines()}`)
    .action(async (flags: VoprFlags) => (await import('./run-vopr.ts')).runVopr(flags));
}

function profileLines(): string {
  const width = Math.max(...Object.keys(VOPR_PROFILES).map((name) => name.length));
  return Object.entries(VOPR_PROFILES)
    .map(([name, says]) => `  ${name.padEnd(width)}  ${says}`)
    .join('\n');
}

function profileOf(value: string): VoprProfile {
  if (value in VOPR_PROFILES) return value as VoprProfile;
  const names = Object.keys(VOPR_PROFILES).join(', ');
  throw new BadInput(`--profile "${value}" must be one of ${names}`);
}

function faultsOf(value: string): readonly Fault[] {
  return value.split(',').map((name) => {
    const fault = FAULTS.find((one) => one === name.trim());
    if (fault !== undefined) return fault;
    throw new BadInput(`--without "${name}" must be one of ${FAULTS.join(', ')}`);
  });
}
