import { checklist, checksToTell } from '../checklist.ts';
import { durationText, rangeText } from '../duration-text.ts';
import { zeroAtMs } from '../exercise.ts';
import type { SeriesByProbe } from '../probe-finding.ts';
import { reasonJa } from '../reason-ja.ts';
import type { DrillRecord, SystemSnapshot } from '../run-document.ts';
import { truthLines } from '../truth-lines.ts';
import { drillWarnings } from '../warnings.ts';
import {
  type Bilingual,
  figureText,
  fromZeroWords,
  gapText,
  instantText,
  limitText,
  objectiveWords,
  offsetText,
  proofWords,
  provenanceLabel,
} from '../wording.ts';
import { both, html, type Markup, NOTHING, type Part, table } from './markup.ts';
import { attachments, procedureSteps } from './procedure-steps.ts';
import { account, guardRails } from './safety.ts';
import { timelineFigure } from './timeline.ts';
import { verdictBadge } from './verdict-badge.ts';

/** All of one drill: its claim, verdict and reason, then what they rest on. */
export function drillCard(drill: DrillRecord, series: SeriesByProbe, system: SystemSnapshot): Markup {
  const { evidence, result } = drill;
  const head = html`<div class="head"><h2>${both(evidence.title)}</h2>${verdictBadge(result.verdict)}</div>
<p class="soft">${result.id} · ${both(provenanceLabel(evidence.stage))} · ${instantText(evidence.clock.wallStartedAt, system.timeZone)}</p>
${reason(drill, system)}`;
  const body =
    result.verdict === 'not-run'
      ? guardRails(drill)
      : html`${faultLine(drill)}${objectives(drill, system)}${timelineFigure(drill, series)}${checklists(drill, system)}${checks(drill)}${recoveries(drill)}${procedureSteps(drill)}${attachments(drill)}${warnings(drill)}${guardRails(drill)}${account(drill)}${readings(drill)}${truth(drill)}${events(drill)}`;
  return html`<section class="card" id="drill-${result.id}">
${head}${body}</section>
`;
}

function reason(drill: DrillRecord, system: SystemSnapshot): Markup {
  const { result } = drill;
  const sentence = reasonJa(drill, system);
  const summary = sentence ? html`<p class="t" lang="ja">${sentence}</p>` : NOTHING;
  return html`<div class="why v-${result.verdict}">${summary}<p lang="en">${result.why}</p></div>
`;
}

function faultLine({ evidence }: DrillRecord): Markup {
  const { fault } = evidence;
  return html`<p><strong>${both({ en: 'Fault', ja: '障害' })}:</strong> ${fault.name} — ${both(proofWords(evidence))}: ${fault.why}<br><span class="soft">${both({ en: 'Blast radius', ja: '影響範囲' })}: ${fault.blastRadius}</span></p>
`;
}

function objectives({ evidence, result }: DrillRecord, { scenarios }: SystemSnapshot): Markup {
  const label = provenanceLabel(evidence.stage);
  return section(
    { en: 'Objectives', ja: '目標と実測' },
    [
      { en: 'Objective', ja: '目標' },
      { en: 'Limit', ja: '目標値' },
      { en: `Figure, ${label.en}`, ja: `実測（${label.ja}）` },
      { en: 'Gap, worst bound', ja: '差（上限）' },
      { en: 'Verdict', ja: '判定' },
    ],
    result.objectives.map((objective) => [
      both(objectiveWords(objective, scenarios)),
      both({ en: limitText(objective, 'en'), ja: limitText(objective, 'ja') }),
      both({ en: figureText(objective, evidence, 'en'), ja: figureText(objective, evidence, 'ja') }),
      both({ en: gapText(objective, 'en'), ja: gapText(objective, 'ja') }),
      verdictBadge(objective.verdict),
    ]),
  );
}

const STATE_MARKS = {
  ticked: { mark: '✓', style: 'met', en: 'done', ja: '確認済み' },
  no: { mark: '✗', style: 'missed', en: 'not so', ja: '不成立' },
  unknown: { mark: '?', style: 'unknown', en: 'not known', ja: '不明' },
  person: { mark: '☐', style: 'not-run', en: 'for a person to tick', ja: '担当者が確認' },
  'no evidence': { mark: '☐', style: 'not-run', en: 'no evidence', ja: '証拠なし' },
} as const;

function checklists(drill: DrillRecord, system: SystemSnapshot): readonly Markup[] {
  return system.scenarios
    .filter((scenario) => drill.evidence.scenarios.includes(scenario.id) && scenario.checklist.length > 0)
    .map(
      (
        scenario,
      ) => html`<h3>${both({ en: "The runbook's checklist", ja: '手順書のチェックリスト' })}: ${both(scenario.title)}</h3>
<ul class="plain">${checklist(drill, scenario).map(({ text, state, seen }) => {
        const { mark, style, en, ja } = STATE_MARKS[state];
        return html`<li><span class="tick verdict ${style}" aria-hidden="true">${mark}</span>${both(text)} <span class="soft">— ${both({ en, ja })}${seen ? html`: ${seen}` : NOTHING}</span></li>
`;
      })}</ul>
`,
    );
}

const OUTCOME_JA: { readonly [outcome: string]: string } = {
  yes: '成立',
  no: '不成立',
  unknown: '不明',
  good: '正常',
  bad: '異常',
};

function checks(drill: DrillRecord): Markup {
  const word = (outcome: string): Markup => {
    const good = outcome === 'yes' || outcome === 'good';
    const state = good ? STATE_MARKS.ticked : outcome === 'unknown' ? STATE_MARKS.unknown : STATE_MARKS.no;
    return html`<span class="verdict ${state.style}">${state.mark} ${both({ en: outcome, ja: OUTCOME_JA[outcome] ?? outcome })}</span>`;
  };
  const rows: Part[][] = [
    ...checksToTell(drill).map(({ claim, outcome, seen }) => [both(claim), word(outcome), seen]),
    ...drill.evidence.functions.map(({ service, name, outcome, seen }) => [`${service}: ${name}`, word(outcome), seen]),
  ];
  const headings = [
    { en: 'Claim', ja: '確認事項' },
    { en: 'Outcome', ja: '結果' },
    { en: 'What was seen', ja: '観測内容' },
  ];
  return section({ en: 'Checks', ja: '確認' }, headings, rows);
}

function recoveries({ evidence }: DrillRecord): Markup {
  const zeroMs = zeroAtMs(evidence);
  const rows = evidence.recoveries.map(({ name, kind, startedAtMs, endedAtMs, recovered, detail }) => [
    name,
    both(kind === 'automatic' ? { en: 'automatic', ja: '自動' } : { en: 'manual', ja: '手動' }),
    `${offsetText(startedAtMs, zeroMs)} → ${offsetText(endedAtMs, zeroMs)}`,
    both(recovered ? { en: 'recovered', ja: '復旧' } : { en: 'NOT recovered', ja: '復旧せず' }),
    detail ?? '',
  ]);
  const headings = [
    { en: 'Recovery', ja: '復旧作業' },
    { en: 'Kind', ja: '種別' },
    fromZeroWords(evidence),
    { en: 'Outcome', ja: '結果' },
    { en: 'Detail', ja: '詳細' },
  ];
  return section({ en: 'Recovery', ja: '復旧' }, headings, rows);
}

function warnings(drill: DrillRecord): Markup {
  const lines = [
    ...drillWarnings(drill),
    ...drill.evidence.residual.map((left) => ({
      en: `Left changed on purpose: ${left}`,
      ja: `意図して残した変更：${left}`,
    })),
  ];
  if (lines.length === 0) return NOTHING;
  return html`<div class="warn"><strong>${both({ en: 'Warnings', ja: '注意' })}</strong><ul>${lines.map((line) => html`<li>${both(line)}</li>`)}</ul></div>
`;
}

function readings({ evidence, readings: all }: DrillRecord): Markup {
  const rows = all.map((reading) => {
    const probe = evidence.probes.find(({ name }) => name === reading.probe);
    return [
      html`${reading.probe}<br><span class="soft">${probe?.kind ?? '?'}</span>`,
      probe ? `${durationText(probe.intervalMs)} / ${durationText(probe.deadlineMs)}` : '',
      `${reading.due} / ${reading.sent} / ${reading.missed}`,
      `${reading.bad} / ${reading.slow}`,
      html`${reading.outages}${reading.flapping ? both({ en: ' (flapping)', ja: '（断続）' }) : NOTHING}`,
      both({ en: rangeText(reading.downtime), ja: rangeText(reading.downtime, 'ja') }),
      both({ en: rangeText(reading.partial), ja: rangeText(reading.partial, 'ja') }),
    ];
  });
  const headings = [
    { en: 'Probe (kind)', ja: 'プローブ（種別）' },
    { en: 'Interval / deadline', ja: '間隔 / 期限' },
    { en: 'Due / sent / missed', ja: '予定 / 送信 / 未送信' },
    { en: 'Bad / slow', ja: '失敗 / 遅延' },
    { en: 'Outages', ja: '停止回数' },
    { en: 'Down', ja: '停止' },
    { en: 'Partly down', ja: '部分停止' },
  ];
  return section({ en: 'Measurement', ja: '測定' }, headings, rows);
}

function truth({ result }: DrillRecord): Markup {
  const lines = truthLines(result.truth);
  if (lines.length === 0) return NOTHING;
  return html`<h3>${both({ en: 'What the twin itself logged (rehearsed)', ja: 'ツイン自身の記録（予行）' })}</h3>
<ul>${lines.map((line) => html`<li>${both(line)}</li>`)}</ul>
`;
}

function events({ evidence }: DrillRecord): Markup {
  if (evidence.timeline.length === 0) return NOTHING;
  const zeroMs = zeroAtMs(evidence);
  const rows = evidence.timeline
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, source, text }) => [offsetText(atMs, zeroMs), source, text]);
  const headings = [fromZeroWords(evidence), { en: 'Source', ja: '出所' }, { en: 'Event', ja: '事象' }];
  const title = { en: 'Events', ja: '出来事' };
  return html`<details><summary>${both(title)} (${rows.length})</summary>${table(title, headings, rows)}</details>
`;
}

function section(caption: Bilingual, headings: readonly Bilingual[], rows: readonly (readonly Part[])[]): Markup {
  return rows.length === 0 ? NOTHING : table(caption, headings, rows);
}
