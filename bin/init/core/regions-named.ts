/** A region's code inside other text; a zone's letter may follow it. */
const REGION = /(?<![a-z0-9])[a-z]{2}(?:-gov)?-(?:central|(?:north|south)(?:east|west)?|east|west)-\d(?![0-9])/g;

/** The regions that a text names, each once, without the primary one. */
export function regionsNamed(text: string, primary: string): string[] {
  const named = [...text.matchAll(REGION)].map(([region]) => region);
  return [...new Set(named)].filter((region) => region !== primary);
}
