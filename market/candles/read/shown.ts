const CHARACTERS_MAX = 60;

/** What a file says, fit for a message: not endless, and without signs that steer a terminal. */
export function shown(text: string): string {
  const cut = text.length > CHARACTERS_MAX ? `${text.slice(0, CHARACTERS_MAX)}…` : text;
  return cut.replace(/\p{Cc}/gu, '\u{fffd}');
}
