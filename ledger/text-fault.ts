import { hasLoneSurrogate } from './canonical-json.ts';

/** Long enough for any id of ours, short enough for a database index in any script. */
const NAME_LENGTH_MAX = 256;

/** Why a text cannot be an indexed column, or undefined when it can. */
export function textFault(text: string): string | undefined {
  if (text.length === 0) return 'is empty; give a name';
  if (text.length > NAME_LENGTH_MAX) {
    return `is ${text.length} characters long; at most ${NAME_LENGTH_MAX} fit`;
  }
  return storableFault(text);
}

/** Why a text cannot be stored as it is, or undefined when it can. */
export function storableFault(text: string): string | undefined {
  if (text.includes('\0')) return 'has a NUL character, which PostgreSQL cannot store';
  if (hasLoneSurrogate(text)) return 'has a lone surrogate; give well-formed Unicode text';
  return undefined;
}
