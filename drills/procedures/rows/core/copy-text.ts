// The text format of COPY: a row a line, columns parted by tabs, both escaped by a backslash inside a value.

const TAB = 0x09;
const BACKSLASH = 0x5c;
const ESCAPED: { readonly [letter: string]: string } = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const ESCAPED_BYTES = new Map(
  Object.entries(ESCAPED).map(([letter, meant]) => [letter.charCodeAt(0), meant.charCodeAt(0)]),
);

/** The columns of one line, without its newline, still escaped. */
export function fieldsOf(line: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let begin = 0;
  for (let tab = line.indexOf(TAB); tab !== -1; tab = line.indexOf(TAB, begin)) {
    fields.push(line.subarray(begin, tab));
    begin = tab + 1;
  }
  fields.push(line.subarray(begin));
  return fields;
}

/** A value's bytes as they are, for one that is not null. */
export function unescapedBytes(field: Buffer): Buffer {
  if (!field.includes(BACKSLASH)) return field;
  const bytes: number[] = [];
  for (let i = 0; i < field.length; i++) {
    const byte = field[i]!;
    if (byte === BACKSLASH) {
      const next = field[++i]!;
      bytes.push(ESCAPED_BYTES.get(next) ?? next);
    } else bytes.push(byte);
  }
  return Buffer.from(bytes);
}

/** An array of texts as Postgres reads it: `{"a","b\"c"}`. */
export const arrayText = (values: readonly string[]): string =>
  `{${values.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
