import { durationText, rangeText } from '../duration-text.ts';
import type { Exposure } from '../evidence.ts';
import { judgedText, type ObjectiveRow, objectiveRows, rowFigures } from '../objective-rows.ts';
import { overallVerdict } from '../overall.ts';
import type { SeriesByProbe } from '../probe-finding.ts';
import type { DrillRecord, RunDocument } from '../run-document.ts';
import { runWarnings, TWIN_LIMITS } from '../warnings.ts';
import {
  type Bilingual,
  downtimeText,
  exposureText,
  instantText,
  provenanceBanner,
  provenanceLabel,
} from '../wording.ts';
import { drillCard } from './drill-card.ts';
import { both, html, Markup, NOTHING, table } from './markup.ts';
import { SCRIPT, STYLE } from './style.ts';
import { verdictBadge } from './verdict-badge.ts';

const NO_SERIES: SeriesByProbe = new Map();

/** report.html: one file that fetches nothing, in English and Japanese. `series` by drill id, then by probe. */
export function reportHtml(document: RunDocument, series: ReadonlyMap<string, SeriesByProbe>): string {
  const { run, system, drills } = document;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Kunren ${run.runId}: ${system.title.en} / ${system.title.ja}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body><main class="page">
${topOf(document)}${overview(document)}${drills.map((drill) => drillCard(drill, series.get(drill.result.id) ?? NO_SERIES, system))}${promisesCard(document)}${qualityCard(document)}${evidenceCard(document)}
</main><script>${new Markup(SCRIPT)}</script></body>
</html>
`.text;
}

function topOf({ run, system }: RunDocument): Markup {
  const banner = provenanceBanner(run);
  return html`<header class="top"><div><h1>${both({ en: 'Disaster-recovery drill report', ja: '復旧訓練 実施報告書' })}<br>${both(system.title)}</h1>
<p class="soft">${run.runId} · ${instantText(run.startedAt, system.timeZone)} · ${both(provenanceLabel(run.stage))} · kunren ${run.toolVersion}</p></div>
<div class="tools" id="tools" hidden><button id="lang" type="button">日本語</button><button id="theme" type="button" aria-label="Light or dark / 明暗"><span aria-hidden="true">◐</span> ${both({ en: 'Theme', ja: '配色' })}</button></div></header>
${banner ? html`<p class="banner" role="note">${both(banner)}</p>` : NOTHING}
`;
}

function overview(document: RunDocument): Markup {
  const { drills, run } = document;
  const label = provenanceLabel(run.stage);
  const headings = [
    { en: 'Drill', ja: '訓練' },
    { en: 'Verdict', ja: '判定' },
    { en: `Recovery time, ${label.en}`, ja: `復旧時間（${label.ja}）` },
    { en: `Downtime, ${label.en}`, ja: `停止時間（${label.ja}）` },
    { en: 'Acknowledged writes lost', ja: '失われた書込' },
  ];
  const list =
    drills.length === 0
      ? html`<p>${both({ en: 'Nothing was judged.', ja: '判定した訓練はありません。' })}</p>`
      : table({ en: 'Drills of this run', ja: 'この実行の訓練' }, headings, drills.map(overviewRow));
  return html`<section class="card"><div class="overall"><strong>${both({ en: 'Overall', ja: '総合判定' })}</strong>${verdictBadge(overallVerdict(document))}<span class="soft">${both(judgedText(document))}</span></div>
${list}${warningBox(runWarnings(document))}</section>
`;
}

function overviewRow({ evidence, result }: DrillRecord) {
  const { measured } = result;
  const span = (msMin: number | null, msMax: number | null) => {
    const range = msMin === null ? null : { msMin, msMax };
    return both({ en: rangeText(range), ja: rangeText(range, 'ja') });
  };
  const lost =
    measured.writesLost === null
      ? { en: 'not known', ja: '不明' }
      : {
          en: `${measured.writesLost} of ${measured.writesAcknowledged}`,
          ja: `${measured.writesAcknowledged} 件中 ${measured.writesLost} 件`,
        };
  return [
    html`<a href="#drill-${result.id}">${both(evidence.title)}</a><br><span class="soft">${result.id}</span>`,
    verdictBadge(result.verdict),
    span(measured.recoveryTimeMsMin, measured.recoveryTimeMsMax),
    both({ en: downtimeText(measured, 'en'), ja: downtimeText(measured, 'ja') }),
    evidence.exposure
      ? html`${both(lost)}<br><span class="soft">${both(exposed(evidence.exposure))}</span>`
      : both(lost),
  ];
}

function exposed(exposure: Exposure): Bilingual {
  return { en: exposureText(exposure, 'en'), ja: exposureText(exposure, 'ja') };
}

function warningBox(warnings: readonly Bilingual[]): Markup {
  if (warnings.length === 0) return NOTHING;
  return html`<div class="warn"><ul>${warnings.map((warning) => html`<li>${both(warning)}</li>`)}</ul></div>`;
}

function promisesCard(document: RunDocument): Markup {
  const { provenance } = document.run.stage;
  const headings = [
    { en: 'Scenario', ja: 'シナリオ' },
    { en: 'Objective', ja: '目標' },
    { en: 'Limit', ja: '目標値' },
    { en: 'Rehearsed', ja: '予行' },
    { en: 'Last proven', ja: '実証済み' },
    { en: 'Verdict', ja: '判定' },
  ];
  const rows = objectiveRows(document).map((row) => {
    const [en, ja] = [rowFigures(row, provenance, 'en'), rowFigures(row, provenance, 'ja')];
    const cell = (name: 'objective' | 'limit' | 'rehearsed' | 'proven') =>
      both({ en: en[name] || '—', ja: ja[name] || '—' });
    return [both(row.scenario), cell('objective'), cell('limit'), cell('rehearsed'), cell('proven'), rowVerdict(row)];
  });
  return html`<section class="card"><h2>${both({ en: "The runbook's promises", ja: '手順書の目標一覧' })}</h2>
${table({ en: 'All scenarios, those not exercised included', ja: '全シナリオ（未訓練を含む）' }, headings, rows)}</section>
`;
}

function rowVerdict({ verdict, drill }: ObjectiveRow): Markup {
  if (verdict === 'not exercised')
    return html`<span class="verdict not-run">– ${both({ en: 'not exercised', ja: '未訓練' })}</span>`;
  return html`${verdictBadge(verdict)}<br><span class="soft">${drill ?? ''}</span>`;
}

function qualityCard({ run }: RunDocument): Markup {
  const { calibration } = run;
  const limits = run.stage.provenance === 'evidence' ? [] : TWIN_LIMITS;
  const measured = {
    en: `An outage of ${durationText(calibration.trueMs)} made by the harness itself was measured as ${rangeText(calibration.measured)}: ${calibration.holds ? 'the calibration holds.' : 'THE CALIBRATION DOES NOT HOLD.'}`,
    ja: `訓練ツール自身が起こした ${durationText(calibration.trueMs, 'nearest', 'ja')} の停止を ${rangeText(calibration.measured, 'ja')} と測定：${calibration.holds ? '較正は成り立っています。' : '較正は成り立っていません。'}`,
  };
  const shown =
    limits.length === 0
      ? NOTHING
      : html`<h3>${both({ en: 'What this rehearsal cannot show', ja: 'この予行では示せないこと' })}</h3><ul>${limits.map((limit) => html`<li>${both(limit)}</li>`)}</ul>`;
  return html`<section class="card"><h2>${both({ en: 'How far to trust this', ja: '測定の信頼性と限界' })}</h2><p>${both(measured)}</p>${shown}</section>
`;
}

function evidenceCard({ integrity, run }: RunDocument): Markup {
  const state = {
    matches: { en: 'The evidence is as its manifest has it.', ja: '証拠は目録と一致しています。' },
    differs: { en: 'The evidence DIFFERS from its manifest.', ja: '証拠が目録と一致しません。' },
    absent: { en: 'There is no manifest.', ja: '目録がありません。' },
  }[integrity.manifest];
  const headings = [
    { en: 'File', ja: 'ファイル' },
    { en: 'Bytes', ja: 'バイト' },
    { en: 'SHA-256', ja: 'SHA-256' },
  ];
  const rows = integrity.files.map(({ path, bytes, sha256 }) => [
    path,
    bytes,
    html`<span class="mono">${sha256}</span>`,
  ]);
  return html`<section class="card"><h2>${both({ en: 'Evidence', ja: '証拠' })}</h2><p>${both(state)}</p>
<details><summary>${both({ en: 'Files and their SHA-256', ja: 'ファイルと SHA-256' })} (${rows.length})</summary>${table({ en: 'Evidence files', ja: '証拠ファイル' }, headings, rows)}</details>
<p class="soft">seed ${run.seed} · ${run.host.node} · ${run.host.platform}${run.host.postgres ? ` · ${run.host.postgres}` : ''}</p></section>
`;
}
