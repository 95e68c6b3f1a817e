import type { RangeMs } from '../../probes/core/sample.ts';

export type Language = 'en' | 'ja';
/** A shortened figure must not flatter: an upper bound is rounded up, a lower bound down. */
export type Rounding = 'up' | 'down' | 'nearest';

const WORDS = {
  en: { ms: 'ms', s: 's', min: 'min', h: 'h', to: ' to ', atLeast: 'at least ', unseen: ', not seen to end' },
  ja: { ms: 'ミリ秒', s: '秒', min: '分', h: '時間', to: ' ～ ', atLeast: '', unseen: '以上（終わりを確認できず）' },
} as const;

const ROUND = { up: Math.ceil, down: Math.floor, nearest: Math.round } as const;

/** A length in ms as a reader says it: `850 ms`, `4.21 s`, `2 min 5 s`, `4 h`. */
export function durationText(ms: number, rounding: Rounding = 'nearest', language: Language = 'en'): string {
  const words = WORDS[language];
  const round = ROUND[rounding];
  const wholeMs = round(ms);
  if (Math.abs(wholeMs) < 1_000) return `${wholeMs} ${words.ms}`;
  const centiseconds = round(ms / 10);
  if (Math.abs(centiseconds) < 6_000) return `${centiseconds / 100} ${words.s}`;
  const deciseconds = round(ms / 100);
  const hours = Math.floor(deciseconds / 36_000);
  const minutes = Math.floor((deciseconds % 36_000) / 600);
  const seconds = (deciseconds % 600) / 10;
  const parts: string[] = [];
  if (hours > 0) parts.push(`${hours} ${words.h}`);
  if (minutes > 0) parts.push(`${minutes} ${words.min}`);
  if (seconds > 0) parts.push(`${seconds} ${words.s}`);
  return parts.join(' ');
}

/** A range with both its bounds, in ms, or `null` when nothing was measured. */
export function rangeText(range: RangeMs | null, language: Language = 'en'): string {
  if (range === null) return language === 'en' ? 'not measured' : '測定なし';
  const words = WORDS[language];
  if (range.msMin === range.msMax) return durationText(range.msMax, 'up', language);
  const low = durationText(range.msMin, 'down', language);
  if (range.msMax === null) return `${words.atLeast}${low}${words.unseen}`;
  const high = durationText(range.msMax, 'up', language);
  return low === high ? low : `${low}${words.to}${high}`;
}
