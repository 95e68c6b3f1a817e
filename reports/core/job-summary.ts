import { rangeText } from './duration-text.ts';
import { markdownEscape } from './escape.ts';
import { judgedText } from './objective-rows.ts';
import { overallVerdict, reasonOf } from './overall.ts';
import type { RunDocument } from './run-document.ts';
import { drillWarnings, runWarnings } from './warnings.ts';
import { exposureText, provenanceBanner, provenanceLabel, VERDICT_WORDS } from './wording.ts';

/** Markdown for the summary page of a CI job: the verdicts, and no more. */
export function jobSummary(document: RunDocument): string {
  const { run, drills } = document;
  const { mark, en } = VERDICT_WORDS[overallVerdict(document)];
  const banner = provenanceBanner(run);
  const label = provenanceLabel(run.stage).en;
  return [
    `## ${mark} Disaster-recovery drills: ${en}`,
    '',
    ...(banner ? [`> **${banner.en}**`, ''] : []),
    `| Drill | Verdict | Recovery time (${label}) | Writes lost (${label}) | Why |`,
    '| --- | --- | --- | --- | --- |',
    ...drills.map((drill) => {
      const { result, evidence } = drill;
      const word = VERDICT_WORDS[result.verdict];
      const { recoveryTimeMsMin: msMin, recoveryTimeMsMax: msMax, writesLost } = result.measured;
      const recovery = rangeText(msMin === null ? null : { msMin, msMax });
      const exposed = evidence.exposure ? `; ${exposureText(evidence.exposure, 'en')}` : '';
      return `| ${result.id} | ${word.mark} ${word.en} | ${recovery} | ${writesLost ?? 'not known'}${exposed} | ${markdownEscape(reasonOf(drill))} |`;
    }),
    ...(drills.length === 0 ? ['', 'Nothing was judged.'] : []),
    '',
    judgedText(document).en,
    ...warnings(document),
    '',
    `Run \`${run.runId}\`, kunren ${markdownEscape(run.toolVersion)}, evidence manifest: ${document.integrity.manifest}.`,
    '',
  ].join('\n');
}

function warnings(document: RunDocument): string[] {
  const ofDrills = document.drills.flatMap((drill) =>
    drillWarnings(drill).map(({ en }) => `- ${drill.result.id}: ${markdownEscape(en)}`),
  );
  const all = [...runWarnings(document).map(({ en }) => `- ${markdownEscape(en)}`), ...ofDrills];
  return all.length === 0 ? [] : ['', 'Warnings:', '', ...all];
}
