import { durationText } from './duration-text.ts';
import type { DrillRecord, RunDocument } from './run-document.ts';
import { safetyWarnings } from './safety-lines.ts';
import { type Bilingual, exposureText, objectiveWords } from './wording.ts';

/** What a reader must know before relying on a drill's verdict: the drill's own warnings and what its evidence lacks. */
export function drillWarnings({ evidence, result, readings }: DrillRecord): Bilingual[] {
  const warnings: Bilingual[] = [
    ...safetyWarnings(evidence),
    ...evidence.warnings.map((text) => ({ en: text, ja: text })),
  ];
  if (result.verdict === 'not-run') return warnings;
  const statusOnly = evidence.probes.filter((probe) => !probe.bodyChecked).map((probe) => probe.name);
  if (statusOnly.length > 0) {
    warnings.push({
      en: `Only the status was checked, not the body of the answer, by: ${statusOnly.join(', ')}.`,
      ja: `応答の内容は確認せず、ステータスだけを確認しました：${statusOnly.join('、')}`,
    });
  }
  // Of a drill that ended before the system was back, nothing was asked at all; its reason says so.
  if (evidence.functions.length === 0 && evidence.recoveries.some(({ recovered }) => recovered)) {
    warnings.push({
      en: "Only health paths were asked after recovery, none of the system's own functions.",
      ja: '復旧後に確認したのはヘルスチェックだけです。システムの各機能は確認していません。',
    });
  }
  if (evidence.clockOffset !== undefined) {
    const { ms, restsOn } = evidence.clockOffset;
    const names = restsOn.map((id) => nameOf(id, result));
    warnings.push({
      en: `${durationText(ms)} of the history was declared, not lived through. On it rest: ${names.map(({ en }) => en).join(', ')}.`,
      ja: `履歴のうち ${durationText(ms, 'nearest', 'ja')}は宣言したもので、実際に経過した時間ではありません。これに基づく項目：${names.map(({ ja }) => ja).join('、')}`,
    });
  }
  if (evidence.exposure !== undefined && !result.objectives.some(({ name }) => name === 'RPO')) {
    warnings.push({
      en: `No objective says how much data may be lost: ${exposureText(evidence.exposure, 'en')} (${evidence.exposure.rule}).`,
      ja: `データ損失の目標がありません：${exposureText(evidence.exposure, 'ja')}（${evidence.exposure.rule}）`,
    });
  }
  const { wallStepMs } = evidence.clock;
  if (wallStepMs !== 0) {
    warnings.push({
      en: `The wall clock was stepped by ${wallStepMs} ms during the drill; lengths come from the monotonic clock and are not affected.`,
      ja: `訓練中にシステム時計が ${wallStepMs} ミリ秒ずれました。長さは単調時計で測るため影響ありません。`,
    });
  }
  for (const { probe, degradedMs } of readings) {
    if (!degradedMs) continue;
    warnings.push({
      en: `${probe}: right but slow answers for ${durationText(degradedMs)}; by rule counted as available, shown apart as degraded.`,
      ja: `${probe}：正しいが遅い応答が ${durationText(degradedMs, 'nearest', 'ja')} 続きました。規則により「利用可」とし、性能低下として別に示します。`,
    });
  }
  return warnings;
}

/** What an id in the evidence stands for: an objective or a check. */
function nameOf(id: string, { objectives, checks }: DrillRecord['result']): Bilingual {
  const objective = objectives.find(({ name }) => name.toLowerCase() === id);
  if (objective) return objectiveWords({ name: objective.name }, []);
  return checks.find((check) => check.id === id)?.claim ?? { en: id, ja: id };
}

/** What bears on the whole run. */
export function runWarnings({ run, integrity, drills }: RunDocument): Bilingual[] {
  const warnings = drills.flatMap(({ evidence: { drillId, harnessFailed } }): Bilingual[] =>
    harnessFailed === undefined
      ? []
      : [
          {
            en: `${drillId}: the harness itself failed: ${harnessFailed}`,
            ja: `${drillId}：訓練ツール自体が失敗しました：${harnessFailed}`,
          },
        ],
  );
  if (!run.calibration.holds) {
    warnings.push({
      en: 'The calibration does not hold: no length of time in this run can be relied on.',
      ja: '較正が成り立っていません。この実行の時間の値は信頼できません。',
    });
  }
  if (run.spoiled) {
    warnings.push({
      en: 'The system was spoilt on purpose for this run (a control of the harness).',
      ja: 'この実行ではシステムを意図的に不良にしています（訓練ツール自体の対照試験）。',
    });
  }
  if (integrity.manifest === 'absent') {
    warnings.push({
      en: 'There is no manifest of the evidence: it cannot be shown that it is as it was measured.',
      ja: '証拠の目録がないため、測定時のままであることを示せません。',
    });
  }
  for (const difference of integrity.differences) warnings.push({ en: difference, ja: difference });
  return warnings;
}

/** What no run on the twin can show, whatever its verdict. */
export const TWIN_LIMITS: readonly Bilingual[] = [
  {
    en: 'Data loss: what is shown is that committed WAL survives the kill of the database process. Loss of a host or a disk, and the replication to the standby itself, are not tested.',
    ja: 'データ損失：確認できるのは、コミット済み WAL がデータベースのプロセス停止後も残ることです。ホストやディスクの喪失、待機系への複製そのものは試験していません。',
  },
  {
    en: "Times: the twin's processes start and fail over at the twin's own pace; AWS needs other times, often longer.",
    ja: '時間：ツインのプロセスの起動・切替はツイン自身の速さです。AWS では異なり、長くかかることが多いです。',
  },
  {
    en: 'Scale: capacity, quotas, other tenants, DNS caches of real users and the network between zones are not part of it.',
    ja: '規模：容量、クォータ、他の利用者、実利用者の DNS キャッシュ、ゾーン間ネットワークは含みません。',
  },
];
