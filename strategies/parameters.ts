/** What can be set about a strategy: each parameter with its range, its default and its unit. */

/** What a number counts: `bars`, `%`, `bps`, `times`, `ATR`, `score`, `minutes`. */
export type ParameterUnit =
  'bars' | '%' | 'bps' | 'times' | 'ATR' | 'score' | 'minutes' | 'hours' | 'adds' | 'levels';

export interface NumberParameter {
  readonly kind: 'INTEGER' | 'DECIMAL';
  readonly default: number;
  /** Both ends belong to the range. */
  readonly min: number;
  readonly max: number;
  /** The grid an optimizer walks on; values between two steps are allowed. */
  readonly step: number;
  readonly unit: ParameterUnit;
  /** One sentence a trader understands. */
  readonly says: string;
}

export interface SwitchParameter {
  readonly kind: 'SWITCH';
  readonly default: boolean;
  readonly says: string;
}

export interface ChoiceParameter {
  readonly kind: 'CHOICE';
  readonly default: string;
  readonly options: readonly string[];
  readonly says: string;
}

export type Parameter = NumberParameter | SwitchParameter | ChoiceParameter;
export type Parameters = Readonly<Record<string, Parameter>>;
export type ParameterValue = number | boolean | string;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

type ValueOf<P extends Parameter> = P extends NumberParameter
  ? number
  : P extends SwitchParameter
    ? boolean
    : string;
/** The values of a schema, by name. */
export type ValuesOf<P extends Parameters> = { readonly [Name in keyof P]: ValueOf<P[Name]> };

type NumberOptions = Omit<NumberParameter, 'kind' | 'step'> & { readonly step?: number };

/** A whole number; the step is 1 unless told otherwise. */
export const integer = (options: NumberOptions): NumberParameter => ({
  kind: 'INTEGER',
  step: 1,
  ...options,
});

/** Any number of the range; the step is a twentieth of it unless told otherwise. */
export const decimal = (options: NumberOptions): NumberParameter => ({
  kind: 'DECIMAL',
  step: (options.max - options.min) / 20,
  ...options,
});

export const toggle = (options: Omit<SwitchParameter, 'kind'>): SwitchParameter => ({
  kind: 'SWITCH',
  ...options,
});

export const choice = (options: Omit<ChoiceParameter, 'kind'>): ChoiceParameter => ({
  kind: 'CHOICE',
  ...options,
});

export function defaultsOf<P extends Parameters>(parameters: P): ValuesOf<P> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, parameter.default]),
  ) as ValuesOf<P>;
}

/** As it can be typed in `--set strategy.name=value`. */
const NAME = /^[a-z][A-Za-z0-9]*$/;
const KINDS: readonly unknown[] = ['INTEGER', 'DECIMAL', 'SWITCH', 'CHOICE'];

/** Why a parameter's own schema cannot be right, or undefined when it can. */
export function schemaFault(name: string, parameter: Parameter): string | undefined {
  if (!NAME.test(name))
    return `the parameter "${name}" must be named by letters and digits, the first a small letter`;
  if (!KINDS.includes(parameter?.kind))
    return `the parameter ${name} must be made by integer, decimal, toggle or choice`;
  if (typeof parameter.says !== 'string' || parameter.says === '')
    return `the parameter ${name} must say in a sentence what it is: says: '…'`;
  if (parameter.kind === 'CHOICE' && !Array.isArray(parameter.options))
    return `the parameter ${name} must list what can be chosen: options: ['…']`;
  if (parameter.kind === 'INTEGER' || parameter.kind === 'DECIMAL') {
    const { min, max, unit } = parameter;
    if (!(Number.isFinite(min) && Number.isFinite(max) && typeof unit === 'string'))
      return `the parameter ${name} must have a min, a max and a unit`;
  }
  const fault = valueFault(name, parameter, parameter.default);
  if (fault !== undefined) return `the default of ${fault}`;
  if (parameter.kind === 'INTEGER' || parameter.kind === 'DECIMAL') {
    if (!(parameter.max >= parameter.min)) return `${name} has a max under its min`;
    if (!(parameter.step > 0)) return `${name} has a step of ${parameter.step}`;
  }
  return undefined;
}

/** Why a value does not fit its parameter, or undefined when it does. */
export function valueFault(name: string, parameter: Parameter, value: unknown): string | undefined {
  switch (parameter.kind) {
    case 'SWITCH':
      return typeof value === 'boolean'
        ? undefined
        : `${name} ${String(value)} must be true or false`;
    case 'CHOICE':
      return parameter.options.includes(value as string)
        ? undefined
        : `${name} "${String(value)}" must be one of ${parameter.options.join(', ')}`;
    default:
      return numberFault(name, parameter, value);
  }
}

function numberFault(
  name: string,
  { kind, min, max, unit }: NumberParameter,
  value: unknown,
): string | undefined {
  const wanted = `${kind === 'INTEGER' ? 'a whole number' : 'a number'} from ${min} to ${max} (${unit})`;
  const fits =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= min &&
    value <= max &&
    (kind === 'DECIMAL' || Number.isInteger(value));
  return fits ? undefined : `${name} ${String(value)} must be ${wanted}`;
}

/** The defaults with some of them replaced; throws a sentence at a name or a value that does not fit. */
export function valuesWith<P extends Parameters>(
  parameters: P,
  values: ValuesOf<P>,
  changes: ParameterValues,
): ValuesOf<P> {
  for (const [name, value] of Object.entries(changes)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) {
      const known = Object.keys(parameters).join(', ') || 'none';
      throw new Error(`there is no parameter "${name}"; the known ones are ${known}`);
    }
    const fault = valueFault(name, parameter, value);
    if (fault !== undefined) throw new Error(fault);
  }
  return { ...values, ...changes };
}

/** A value as it is typed at a command line; throws a sentence when the text is none of the parameter's. */
export function valueFromText(name: string, parameter: Parameter, text: string): ParameterValue {
  const value =
    parameter.kind === 'CHOICE'
      ? text
      : parameter.kind === 'SWITCH'
        ? ({ true: true, false: false }[text] ?? text)
        : text.trim() === ''
          ? Number.NaN
          : Number(text);
  const fault = valueFault(name, parameter, value);
  if (fault !== undefined) throw new Error(fault.replace('NaN', `"${text}"`));
  return value;
}
