/** Writes are numbered with six digits, so a series has room for this many. */
export const REFERENCES_MAX = 1_000_000;

/** What a numbered write is found again by: `<marker>-<six-digit number>`. */
export function referenceOf(marker: string, n: number): string {
  return `${marker}-${String(n).padStart(6, '0')}`;
}

/** The numbers whose references stand in a text, ascending, each once. */
export function numbersIn(text: string, marker: string): number[] {
  const pattern = new RegExp(`${marker.replaceAll(/[^A-Za-z0-9]/g, '\\$&')}-(\\d{6})(?!\\d)`, 'g');
  const numbers = new Set([...text.matchAll(pattern)].map((match) => Number(match[1])));
  return [...numbers].sort((a, b) => a - b);
}

/** Puts a reference into the places that stand for it. */
export function withReference(template: string, reference: string): string {
  return template.replaceAll('{reference}', reference);
}
