import { complianceMarkdown } from './core/compliance.ts';
import { reportHtml } from './core/html/report.ts';
import { jobSummary } from './core/job-summary.ts';
import { junitXml } from './core/junit.ts';
import type { RunDocument } from './core/run-document.ts';
import type { RunFolder } from './run-folder.ts';
import { storedDrills } from './stored-evidence.ts';
import { json, writeWhole } from './whole-file.ts';

/** Writes run.json, compliance.md, report.html, junit.xml and job-summary.md of a judged run. */
export async function renderRun(folder: RunFolder, document: RunDocument): Promise<void> {
  const stored = await storedDrills(folder);
  const series = new Map(stored.map((drill) => [drill.evidence.drillId, drill.series]));
  await writeWhole(folder.document, json(document));
  await writeWhole(folder.compliance, complianceMarkdown(document));
  await writeWhole(folder.html, reportHtml(document, series));
  await writeWhole(folder.junit, junitXml(document));
  await writeWhole(folder.jobSummary, jobSummary(document));
}
