/** The fields of one line; a field in quotes may hold commas, and a quote in it is written twice. */
export function csvFields(line: string): readonly string[] {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const match = field.exec(line);
    if (match === null)
      throw new Error(
        `field ${fields.length + 1} has a quote in the wrong place; a field with quotes or commas is written "like, ""this"""`,
      );
    const [, quoted, plain, end] = match;
    fields.push(quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"'));
    if (end === '') return fields;
  }
}
