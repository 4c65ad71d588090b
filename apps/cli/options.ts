/** Options as the commands understand them, each with an error that names it. */
import { Option } from 'commander';
import { FAULT_PROFILES, type FaultProfileName } from '../../simulation/fault-profiles.ts';
import { DecimalError } from '../../domain/decimal.ts';
import { type Money, money, text } from '../../domain/units.ts';
import { BadInput } from './errors.ts';

const CASH_MIN = money('100');
const CASH_MAX = money('10000000');

export function wholeNumber(name: string, min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    throw new BadInput(`${name} "${value}" must be a whole number from ${min} to ${max}`);
  };
}

/** A positive number of market seconds per second, such as 20 or 0.5. */
export function speedOf(value: string): number {
  const speed = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (speed > 0 && speed <= 10_000) return speed;
  throw new BadInput(`--speed "${value}" must be a number above 0 and at most 10000`);
}

export function cashOf(value: string): Money {
  try {
    const cash = money(value);
    if (cash >= CASH_MIN && cash <= CASH_MAX) return cash;
  } catch (error) {
    if (!(error instanceof DecimalError)) throw error;
  }
  throw new BadInput(
    `--cash "${value}" must be an amount from ${text(CASH_MIN)} to ${text(CASH_MAX)}`,
  );
}

const CASH_DEFAULT = '10000';

/** The default is given in words too: the help cannot show an exact amount by itself. */
export const cashOption = (description: string): Option =>
  new Option('--cash <amount>', description)
    .argParser(cashOf)
    .default(cashOf(CASH_DEFAULT), CASH_DEFAULT);

const PROFILES = Object.keys(FAULT_PROFILES) as readonly FaultProfileName[];

export function profileOf(value: string): FaultProfileName {
  const name = PROFILES.find((profile) => profile === value);
  if (name !== undefined) return name;
  throw new BadInput(`--rehearse "${value}" must be one of ${PROFILES.join(', ')}`);
}

export const rehearseOption = (): Option =>
  new Option('--rehearse <profile>', 'a bad day that the simulated venue plays; see below')
    .argParser(profileOf)
    .default('calm');

/** What each bad day is like. */
export const REHEARSALS = [
  '\nBad days to rehearse:',
  ...PROFILES.map((name) => `  ${name.padEnd(16)} ${FAULT_PROFILES[name].says}`),
].join('\n');
