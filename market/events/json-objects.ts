export interface LocatedObject {
  /** The line its brace opens on. */
  readonly line: number;
  readonly object: Readonly<Record<string, unknown>>;
}

/** The objects of a JSON array and where they stand, which the language's own parser does not tell. */
export function jsonObjects(text: string): readonly LocatedObject[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error('the file must be an array of objects');
  const lines = linesOfElements(text);
  return parsed.map((element: unknown, index) => {
    if (typeof element !== 'object' || element === null || Array.isArray(element))
      throw new Error(`element ${index + 1} must be an object such as {"time": "…"}`);
    return { line: lines[index] ?? 1, object: element as Record<string, unknown> };
  });
}

/** Where each object directly inside the outer array begins; the text is known to be sound JSON. */
function linesOfElements(text: string): readonly number[] {
  const lines: number[] = [];
  let depth = 0;
  let line = 1;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]|\n/g)) {
    if (token === '\n') line++;
    else if (token === '{' || token === '[') {
      if (depth === 1) lines.push(line);
      depth++;
    } else if (token === '}' || token === ']') depth--;
  }
  return lines;
}
