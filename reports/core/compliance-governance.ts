import { durationText, rangeText } from './duration-text.ts';
import { markdownTable } from './markdown.ts';
import { reasonOf } from './overall.ts';
import type { RunDocument } from './run-document.ts';
import { instantText, provenanceLabel } from './wording.ts';

/** Who, what, where and with which tool. */
export function identity({ run, system, drills, integrity }: RunDocument): string[] {
  const { calibration, host } = run;
  const error = `outage of ${durationText(calibration.trueMs)} measured as ${rangeText(calibration.measured)}`;
  const rows = [
    ['Run / 実行番号', run.runId],
    [
      'Performed / 実施日時',
      `${instantText(run.startedAt, system.timeZone)} to ${instantText(run.endedAt, system.timeZone)}`,
    ],
    ['System / 対象', `${system.title.en} / ${system.title.ja} (${system.name})`],
    ['Regions / リージョン', [system.regions.primary, system.regions.recovery].filter(Boolean).join(', ')],
    ['Runbook / 手順書', `${system.runbook.title}, version ${system.runbook.version}`],
    ['Stage / 実施環境', `${provenanceLabel(run.stage).en} / ${provenanceLabel(run.stage).ja}`],
    ['Drills / 訓練', drills.map((drill) => drill.result.id).join(', ') || 'none'],
    ['Calibration / 較正', `${calibration.holds ? 'holds' : 'DOES NOT HOLD'}: ${error}`],
    ['Evidence manifest / 証拠目録', integrity.manifest],
    [
      'Tool / ツール',
      `kunren ${run.toolVersion}, seed ${run.seed}, ${host.node}, ${host.platform}${host.postgres ? `, ${host.postgres}` : ''}`,
    ],
  ];
  return ['## Identity / 概要', '', ...markdownTable(['Item / 項目', 'Value / 内容'], rows)];
}

/** What has to be acted on: everything that is not met or left something broken, with room for an owner and a date. */
export function findings({ drills }: RunDocument): string[] {
  const open = drills.filter(
    ({ evidence, result }) => result.verdict !== 'met' || evidence.harnessFailed !== undefined,
  );
  if (open.length === 0)
    return ['## Findings and actions / 指摘と対応', '', 'None from this run / この実行での指摘なし'];
  const rows = open.map((drill) => [drill.result.id, drill.result.verdict, reasonOf(drill), '', '']);
  return [
    '## Findings and actions / 指摘と対応',
    '',
    ...markdownTable(['Drill / 訓練', 'Verdict / 判定', 'Finding / 指摘', 'Owner / 担当', 'Due / 期限'], rows),
  ];
}

/** Every evidence file with its SHA-256. */
export function evidenceIndex({ integrity }: RunDocument): string[] {
  return [
    '## Evidence index / 証拠一覧',
    '',
    ...markdownTable(
      ['File / ファイル', 'Bytes / バイト', 'SHA-256'],
      integrity.files.map(({ path, bytes, sha256 }) => [path, String(bytes), sha256]),
    ),
  ];
}

/** The controls that a recovery test serves. Which are fulfilled is for the auditor to say. */
export function controlMapping(): string[] {
  return [
    '## Controls / 関連する基準',
    '',
    ...markdownTable(
      ['Control / 基準', 'Served by / 対応する内容'],
      [
        ['ISO 22301:2019 8.5', 'exercise against objectives, report with outcomes and actions'],
        ['SOC 2 A1.2, A1.3', 'recovery infrastructure, test of the recovery plan, integrity of recovered data'],
        ['NIST SP 800-34 Rev. 1, CP-4', 'contingency plan test with measured results'],
        ['FISC 安全対策基準 実74, 実106', '復旧要件（RTO/RPO）と定期的な復旧試験'],
      ],
    ),
    '',
    'A rehearsal on the twin exercises the procedure and the measurement; it does not by itself fulfil a control.',
  ];
}

/** Lines to sign, by role. */
export function signOff({ system }: RunDocument): string[] {
  const rows = system.people.map(({ role, duty, name }) => [
    `${role.en} / ${role.ja}`,
    `${duty.en} / ${duty.ja}`,
    name ?? '(undecided / 未定)',
    '',
    '',
  ]);
  return [
    '## Sign-off / 確認',
    '',
    ...markdownTable(['Role / 役割', 'Duty / 担当', 'Name / 氏名', 'Signature / 署名', 'Date / 日付'], rows),
    '',
    'Not valid until signed by the roles above / 上記の役割の署名があるまで未承認',
  ];
}
