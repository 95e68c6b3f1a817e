/** A text as the config file writes it. What came from an account may hold anything. */
export const q = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

export const list = (texts: readonly string[]): string => `[${texts.map(q).join(', ')}]`;
