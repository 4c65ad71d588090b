/** Which limits a command runs under: the constants, a profile, a settings file, or the tighter of both. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import {
  isTighter,
  type LimitsInForce,
  type ProfileName,
  PROFILES,
  tighten,
  tightenedBy,
} from '../../risk-kernel/limits-in-force.ts';
import { LIMIT_NAMES, type LimitName, LIMITS } from '../../risk-kernel/limits.ts';
import { BadInput } from './errors.ts';

export interface LimitsFlags {
  readonly profile: ProfileName;
  readonly limits?: string;
}

export interface ChosenLimits {
  readonly profile: ProfileName;
  readonly file: string | null;
  readonly inForce: LimitsInForce;
}

export const addLimitsOptions = (command: Command): Command =>
  command
    .option(
      '--profile <name>',
      `a named set of tighter limits: ${Object.keys(PROFILES).join(', ')}`,
      profileOf,
      'standard' satisfies ProfileName,
    )
    .option('--limits <file>', 'a JSON object of limit names and tighter values');

function profileOf(value: string): ProfileName {
  if (Object.hasOwn(PROFILES, value)) return value as ProfileName;
  const known = Object.keys(PROFILES).join(', ');
  throw new BadInput(`--profile "${value}" is not a profile; the profiles are ${known}`);
}

export function limitsOf({ profile, limits: file }: LimitsFlags): ChosenLimits {
  const ofProfile: Settings = PROFILES[profile];
  if (file === undefined) return { profile, file: null, inForce: tighten(ofProfile) };
  try {
    return { profile, file, inForce: tighten(tighterOfEach(ofProfile, settingsIn(file))) };
  } catch (error) {
    throw new BadInput(`--limits ${file}: ${error instanceof Error ? error.message : error}`);
  }
}

type Settings = Readonly<Partial<Record<LimitName, number>>>;

/** The file's settings, refused as a whole when one of them is no limit or would loosen one. */
function settingsIn(file: string): Settings {
  const settings: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
    throw new Error('must be a JSON object such as {"entriesPerDayMax": 10}');
  tighten(settings as Readonly<Record<string, unknown>>);
  return settings;
}

function tighterOfEach(a: Settings, b: Settings): Settings {
  const both: Partial<Record<LimitName, number>> = { ...a };
  for (const [name, value] of Object.entries(b) as [LimitName, number][]) {
    if (isTighter(name, value, both[name] ?? LIMITS[name])) both[name] = value;
  }
  return both;
}

/** In words: `careful and desk.json, 9 of 39 tightened`. */
export function describeLimits({ profile, file, inForce }: ChosenLimits): string {
  const source = file === null ? profile : `${profile} and ${file}`;
  const count = Object.keys(tightenedBy(inForce)).length;
  return count === 0 ? source : `${source}, ${count} of ${LIMIT_NAMES.length} tightened`;
}

/** As facts for machines. */
export const limitsFacts = ({ profile, file, inForce }: ChosenLimits) => ({
  profile,
  limitsFile: file,
  limitsHash: inForce.hash,
});
