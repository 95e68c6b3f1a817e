/** As guardRails.windows writes it; one that does not end after it begins ends on the next day. */
export interface MaintenanceWindow {
  readonly day: string;
  /** Hours and minutes in the system's time zone. */
  readonly from: string;
  readonly to: string;
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** What clocks on the wall of a time zone show: hours repeated or left out by summer time are read as shown. */
interface WallTime {
  readonly day: string;
  /** Hours and minutes, which sort as text. */
  readonly time: string;
}

/** The window that is open at an instant, by the clocks of the time zone; `undefined` when none is. */
export function openWindow<Window extends MaintenanceWindow>(
  windows: readonly Window[],
  timeZone: string,
  at: Date,
): Window | undefined {
  const now = wallTime(timeZone, at);
  return windows.find((window) => isOpen(window, now));
}

function isOpen({ day, from, to }: MaintenanceWindow, now: WallTime): boolean {
  if (from < to) return now.day === day && from <= now.time && now.time < to;
  const dayAfter = DAYS[(DAYS.indexOf(day) + 1) % DAYS.length];
  return (now.day === day && from <= now.time) || (now.day === dayAfter && now.time < to);
}

function wallTime(timeZone: string, at: Date): WallTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: parts.get('weekday')?.toLowerCase() ?? '', time: `${parts.get('hour')}:${parts.get('minute')}` };
}

/** For people: `sunday 02:00–04:00`. */
export const windowText = ({ day, from, to }: MaintenanceWindow): string => `${day} ${from}–${to}`;

/** For people: `wednesday 12:40 in Asia/Tokyo`. */
export function wallText(timeZone: string, at: Date): string {
  const { day, time } = wallTime(timeZone, at);
  return `${day} ${time} in ${timeZone}`;
}
