import type { ObjectiveResult } from './result.ts';
import type { DrillRecord, SystemSnapshot } from './run-document.ts';
import { figureText, lenderTitle, limitText, objectiveWords, VERDICT_WORDS } from './wording.ts';

/** The reason of a drill's verdict in one Japanese sentence, of what the English reason speaks of; `undefined` without one. */
export function reasonJa(drill: DrillRecord, system: SystemSnapshot): string | undefined {
  const { evidence, result } = drill;
  const alike = result.objectives.filter(({ verdict }) => verdict === result.verdict);
  const failed = [
    ...(evidence.steps ?? []).filter(({ outcome }) => outcome === 'failed').map(({ name }) => name),
    ...result.checks.filter(({ outcome }) => outcome === 'no').map(({ claim }) => claim),
  ].find(({ en }) => result.verdict === 'missed' && result.why.startsWith(`not so: ${en}`));
  if (failed) return `${VERDICT_WORDS.missed.ja}：「${failed.ja}」が成立しませんでした`;
  const told = alike.find(({ why }) => result.why.includes(why)) ?? alike[0];
  return told && objectiveSentence(told, drill, system);
}

function objectiveSentence(objective: ObjectiveResult, { evidence }: DrillRecord, { scenarios }: SystemSnapshot) {
  const { name, verdict, exposure } = objective;
  const figure = figureText(objective, evidence, 'ja');
  const lender = lenderTitle(objective.borrowedFrom, scenarios);
  const limit = `${limitText(objective, 'ja')}${lender ? `（「${lender.ja}」の目標を準用）` : ''}`;
  const sentence = `${VERDICT_WORDS[verdict].ja}：${objectiveWords({ name }, []).ja} 目標 ${limit}、${exposure ? figure : `実測 ${figure}`}`;
  const byItself = !evidence.recoveries.some(({ kind, recovered }) => kind === 'automatic' && !recovered);
  return name !== 'RTO' || verdict !== 'missed' || byItself ? sentence : `${sentence}。自動では復旧しませんでした`;
}
