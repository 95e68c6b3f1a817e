/** An instant in UTC and in a system's own time: read in the wrong one, the same digits lie hours apart. */
export function inBothZones(instant: Date, timeZone: string): string {
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(instant);
  return `${instant.toISOString()} (${local} ${timeZone})`;
}
