import { durationText } from './duration-text.ts';
import type { Truth } from './evidence.ts';
import type { Bilingual } from './wording.ts';

/** What the twin logged, in sentences. Its figures are rehearsed, and independent of the probes. */
export function truthLines(truth: Truth | undefined): Bilingual[] {
  if (!truth) return [];
  const lines: Bilingual[] = [];
  const length = (en: string, ja: string, ms: number | null | undefined) => {
    if (ms === undefined) return;
    const seen = ms === null ? { en: 'not seen to end', ja: '終わりを確認できず' } : null;
    lines.push({
      en: `${en}: ${seen?.en ?? durationText(ms ?? 0)}`,
      ja: `${ja}：${seen?.ja ?? durationText(ms ?? 0, 'nearest', 'ja')}`,
    });
  };
  const fact = (en: string, ja: string, yes: boolean | undefined) => {
    if (yes !== undefined) lines.push({ en: `${en}: ${yes ? 'yes' : 'no'}`, ja: `${ja}：${yes ? 'はい' : 'いいえ'}` });
  };
  length(
    'Database, from its kill to its first accepted write',
    'データベース停止から最初の書込受理まで',
    truth.databaseRecoveryMs,
  );
  length('No task behind the balancer could write for', 'どのタスクも書込できなかった時間', truth.serviceDowntimeMs);
  fact('Postmaster start time changed', 'postmaster の起動時刻が変化', truth.postmasterStartTimeChanged);
  fact('Availability Zone swapped', 'AZ の入れ替わり', truth.azSwapped);
  return lines;
}
