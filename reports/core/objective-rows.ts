import type { Language } from './duration-text.ts';
import type { ObjectiveResult, Verdict } from './result.ts';
import type { RunDocument, ScenarioSnapshot } from './run-document.ts';
import { type Bilingual, figureText, gapText, limitText, objectiveWords } from './wording.ts';

/** One promise of the runbook and how it stands after this run: a row of the table that auditors ask for. */
export interface ObjectiveRow {
  readonly scenario: Bilingual;
  readonly level: number;
  readonly objective: ObjectiveResult['name'];
  readonly limitMs: number;
  readonly words: Bilingual;
  /** The drill that exercised it in this run; `null`: not exercised. */
  readonly drill: string | null;
  readonly result: ObjectiveResult | null;
  readonly figure: Bilingual;
  readonly verdict: Verdict | 'not exercised';
}

/** Every objective of every scenario, those that no drill of this run exercised included. */
export function objectiveRows({ system, drills }: RunDocument): ObjectiveRow[] {
  return system.scenarios.flatMap((scenario) =>
    limitsOf(scenario).flatMap(([objective, limitMs]): ObjectiveRow[] => {
      const { title, level, borrowedFrom } = scenario;
      const words = objectiveWords({ name: objective, ...(borrowedFrom && { borrowedFrom }) }, system.scenarios);
      const row = { scenario: title, level, objective, words, limitMs };
      const found: ObjectiveRow[] = drills.flatMap(({ evidence, result: drill }) =>
        drill.objectives
          .filter((result) => result.scenario === scenario.id && result.name === objective)
          .map((result) => {
            const figure = { en: figureText(result, evidence, 'en'), ja: figureText(result, evidence, 'ja') };
            return { ...row, drill: drill.id, result, figure, verdict: result.verdict };
          }),
      );
      const figure = { en: '', ja: '' };
      return found.length > 0 ? found : [{ ...row, drill: null, result: null, figure, verdict: 'not exercised' }];
    }),
  );
}

/** How much of the runbook this run speaks of: a good run of few drills must not read as a good runbook. */
export function judgedText({ system, drills }: RunDocument): Bilingual {
  const results = drills.flatMap(({ result }) => result.objectives);
  const promised = system.scenarios.flatMap((scenario) =>
    limitsOf(scenario).map(([name]) =>
      results.some(
        (result) =>
          result.scenario === scenario.id &&
          result.name === name &&
          (result.verdict === 'met' || result.verdict === 'missed'),
      ),
    ),
  );
  const judged = promised.filter(Boolean).length;
  return {
    en: `This run found ${judged} of the runbook's ${promised.length} objectives met or missed.`,
    ja: `手順書の目標 ${promised.length} 件のうち、この実行で判定できたのは ${judged} 件です。`,
  };
}

function limitsOf({ rtoMs, rpoMs, downtimeMs }: ScenarioSnapshot): [ObjectiveResult['name'], number][] {
  const limits: [ObjectiveResult['name'], number | undefined][] = [
    ['RTO', rtoMs],
    ['RPO', rpoMs],
    ['downtime', downtimeMs],
  ];
  return limits.filter((limit): limit is [ObjectiveResult['name'], number] => limit[1] !== undefined);
}

/**
 * The figures of a row. A rehearsal fills only the rehearsed column: it never counts as proven, however
 * good its figure is.
 */
export function rowFigures(row: ObjectiveRow, provenance: 'rehearsal' | 'evidence', language: Language) {
  const figure = row.figure[language];
  return {
    objective: row.words[language],
    limit: limitText({ name: row.objective, limitMs: row.limitMs }, language),
    rehearsed: provenance === 'rehearsal' ? figure : '',
    proven: provenance === 'evidence' && row.verdict === 'met' ? figure : '',
    measured: provenance === 'evidence' ? figure : '',
    gap: row.result === null ? '' : gapText(row.result, language),
  };
}
