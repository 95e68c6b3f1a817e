import type { DrillEvidence, GuardRailEvidence } from './evidence.ts';
import type { Bilingual } from './wording.ts';

const RULES: { readonly [rule: string]: string } = {
  account: 'アカウントと実施者',
  'maintenance-window': '保守時間帯',
  'alarms-quiet': 'アラーム',
  'nothing-in-progress': '進行中の作業なし',
  'canary-consent': '書き込みへの同意',
  'blast-radius': '影響範囲',
  'opt-in-tag': '対象の許可タグ',
  vantage: '測定地点',
  lock: '排他',
};

const OUTCOMES: { readonly [outcome in GuardRailEvidence['outcome']]: Bilingual } = {
  held: { en: 'held', ja: '適合' },
  waived: { en: 'WAIVED', ja: '免除' },
  'not-applicable': { en: 'not applicable', ja: '対象外' },
};

/** What kept the drill from doing harm, one line a rule; none where no rule was looked at. */
export function guardRailLines({ guardRails = [] }: DrillEvidence): Bilingual[] {
  return guardRails.map(({ rule, outcome, seen }) => ({
    en: `${rule}: ${OUTCOMES[outcome].en} — ${seen}`,
    ja: `${RULES[rule] ?? rule}：${OUTCOMES[outcome].ja} — ${seen}`,
  }));
}

/** What was done in the account: the experiment, the calls that change something by their request ids, and its clock. */
export function accountLines({ experiment, calls = [], stageClockSkewMs: skew }: DrillEvidence): Bilingual[] {
  const lines: Bilingual[] = [];
  if (experiment !== undefined) {
    const { id, templateId, state, reason, targets, dryRun } = experiment;
    const resolved = targets.map(({ name, resolved: count }) => `${name} ${count}`).join(', ');
    const of = `${id} (${templateId}): ${state}${reason && ` (${reason})`}`;
    lines.push({
      en: `FIS experiment ${of}; targets resolved: ${resolved || 'none'}; dry run ${dryRun === 'done' ? 'done' : 'not offered'}`,
      ja: `FIS 実験 ${of}；解決された対象：${resolved || 'なし'}；予行 ${dryRun === 'done' ? '実施' : '機能なし'}`,
    });
  }
  lines.push(
    ...calls.map(({ at, service, operation, region, requestId, status, attempts, error }) => {
      const tries = attempts > 1 ? `, ${attempts} attempts` : '';
      const answer = `${status ?? '-'}${error ? ` ${error}` : ''}, ${requestId ?? '-'}${tries}`;
      const line = `${at} ${service}:${operation} ${region}: ${answer}`;
      return { en: line, ja: line };
    }),
  );
  if (skew !== undefined) {
    const range = `${Math.round(skew.min)} ms … ${Math.round(skew.max)} ms`;
    lines.push({ en: `The stage's clock less ours: ${range}`, ja: `対象環境の時計とのずれ：${range}` });
  }
  return lines;
}

/** What a reader must not overlook: a rule that was waived, and by whose reason; what ended the drill. */
export function safetyWarnings({ guardRails = [], stopped }: DrillEvidence): Bilingual[] {
  const waived = guardRails.filter(({ outcome }) => outcome === 'waived');
  return [
    ...waived.map(({ rule, seen }) => ({
      en: `The rule ${rule} was waived: ${seen}`,
      ja: `規則「${RULES[rule] ?? rule}」は免除されました：${seen}`,
    })),
    ...(stopped === undefined
      ? []
      : [{ en: `The drill was stopped by ${stopped.by}.`, ja: `訓練は停止条件により中止しました：${stopped.by}` }]),
  ];
}
