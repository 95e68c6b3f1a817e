import { type Event, paginateDescribeEvents } from '@aws-sdk/client-rds';
import type { Field, Hits } from '../../fixtures/core/fault.ts';
import { tryUntil } from '../../fixtures/core/until.ts';
import { allPages } from '../../fixtures/stages/all-pages.ts';
import { clientsOf } from '../../fixtures/stages/clients.ts';
import { describeDatabase } from '../../fixtures/stages/describe.ts';
import { targetStatesOf, whatIsNotTold } from '../../fixtures/stages/whole.ts';
import type { Check } from '../../reports/core/evidence.ts';
import { awaitWhole } from './await-whole.ts';
import type { CheckMaker, Facts } from './spec.ts';

/** Makes a check that the fault's own proof answers. */
export const faultIsProved =
  (id: string, claim: Check['claim']): CheckMaker =>
  ({ proof }) => ({ id, claim, outcome: proof.proved ? 'yes' : 'unknown', seen: proof.why });

/** The system came back by itself, without the manual procedure. */
export const recoversByItself =
  (id: string, claim: Check['claim']): CheckMaker =>
  ({ recoveries }) => {
    const automatic = recoveries.find((recovery) => recovery.kind === 'automatic');
    const outcome = automatic === undefined ? 'unknown' : automatic.recovered ? 'yes' : 'no';
    return { id, claim, outcome, seen: automatic?.detail ?? 'no recovery was awaited' };
  };

/** The health path answered right to the end, over fresh connections and kept-alive ones. */
export const healthAnswersAgain =
  (id: string, claim: Check['claim']): CheckMaker =>
  ({ answers }) => {
    const health = answers.filter(({ kind }) => kind === 'health-fresh' || kind === 'health-kept-alive');
    const known = health.length > 0 && health.every(({ total }) => total > 0);
    const right = health.every(({ rightAtEnd }) => rightAtEnd > 0);
    const seen = health
      .map(({ probe, rightAtEnd }) => `${probe}: the last ${rightAtEnd} answers were right`)
      .join('; ');
    return { id, claim, outcome: known ? (right ? 'yes' : 'no') : 'unknown', seen };
  };

/** Nothing of the described system is missing, now that it has recovered; waited for within the stage's patience. */
export const systemEndsWhole =
  (id: string, claim: Check['claim']): CheckMaker =>
  async ({ field, hits }) => {
    const seen = await awaitWhole(field);
    if (seen.whole) {
      const untold = await whatWasHitUntold(field, hits);
      return { id, claim, outcome: untold === '' ? 'yes' : 'unknown', seen: untold || 'nothing is missing' };
    }
    const { gaps, silence } = seen;
    // No gap was seen because nothing was seen: an API that does not answer shows nothing whole.
    return { id, claim, outcome: gaps.length > 0 ? 'no' : 'unknown', seen: gaps.join('; ') || silence };
  };

/** The stage tells of all that makes a system whole: where it leaves something out, no lack of it would be seen. */
export const nothingIsUntold =
  (id: string, claim: Check['claim']): CheckMaker =>
  async ({ field, hits }) => {
    const untold = await whatWasHitUntold(field, hits);
    return { id, claim, outcome: untold === '' ? 'yes' : 'unknown', seen: untold || 'standby and balancers are told' };
  };

/** In words, what is not told of that which a fault has hit, or of all where none did; tasks alone leave a standby be. */
async function whatWasHitUntold(field: Field, hits: Hits | undefined): Promise<string> {
  const asked = { standby: hits === undefined || hits.instances.length > 0 };
  const { said, silence } = await listen(field, 'what is not told', () => whatIsNotTold(field, asked));
  return said?.join('; ') ?? silence;
}

/** Every target group of the services holds as many healthy targets as it should, and no other. */
export const targetsAreHealthy =
  (id: string, claim: Check['claim']): CheckMaker =>
  async ({ field }) => {
    const { said: states, silence } = await listen(field, 'the targets to be described', () =>
      Promise.all(field.system.services.map((service) => targetStatesOf(field, service))),
    );
    if (states === undefined) return { id, claim, outcome: 'unknown', seen: silence };
    const known = states.every(({ due }) => due > 0);
    const healthy = states.every(
      ({ states: all, due }) => all.length === due && all.every((state) => state === 'healthy'),
    );
    const seen = states.map(({ name, states: all }) => `${name}: ${all.join(', ') || 'no target'}`).join('; ');
    return { id, claim, outcome: known ? (healthy ? 'yes' : 'no') : 'unknown', seen };
  };

/** RDS says that the database is available. */
export const databaseIsAvailable =
  (id: string, claim: Check['claim']): CheckMaker =>
  async ({ field }) => {
    const { said, silence } = await listen(field, 'the database to be described', () => describeDatabase(field));
    if (said === undefined) return { id, claim, outcome: 'unknown', seen: silence };
    const { DBInstanceStatus, AvailabilityZone } = said;
    return {
      id,
      claim,
      outcome: DBInstanceStatus === 'available' ? 'yes' : 'no',
      seen: `status ${DBInstanceStatus} in ${AvailabilityZone}`,
    };
  };

/** What the API says, asked again while it denies what is there; its silence shows nothing. */
async function listen<Said>(
  { clock, patience, signal }: Field,
  name: string,
  ask: () => Promise<Said>,
): Promise<{ readonly said: Said | undefined; readonly silence: string }> {
  let silence = 'it was not described';
  const wait = { name, limitMs: patience.noticeMs, everyMs: patience.pollMs, signal };
  const said = await tryUntil(clock, wait, ask, (error) => {
    if (error instanceof Error) silence = error.message;
  });
  return { said, silence };
}

/**
 * The events of the failover, put on the timeline. Events are delivered on a best-effort basis (RDS
 * User Guide), so their absence is told and the fault's own proof stands in for them. It stands in for no failover that
 * was abandoned.
 */
export const failoverIsOnRecord =
  (id: string, claim: Check['claim']): CheckMaker =>
  async (facts) => {
    const { texts, outcome } = await failoverRecord(facts);
    const seen = texts.length > 0 ? texts.join(' / ') : `no event was delivered; ${facts.proof.why}`;
    return { id, claim, outcome, seen };
  };

/**
 * The events themselves tell of the failover. Where none was delivered the proof stands in for the failover and not for
 * them: the check has another name then, and nothing ticks the item of a checklist that asks for them.
 */
export const failoverEventsTell =
  (id: string, claim: Check['claim']): CheckMaker =>
  async (facts) => {
    const { texts, outcome } = await failoverRecord(facts);
    if (texts.length > 0) return { id, claim, outcome, seen: texts.join(' / ') };
    return { id: `${id}-not-delivered`, claim: NOT_DELIVERED, outcome, seen: facts.proof.why };
  };

const NOT_DELIVERED = {
  en: 'no event of the failover was delivered, and the database itself shows it',
  ja: 'フェイルオーバーのイベントは届かなかったが、DB 自体の変化で確認した',
};

/** What the events say, in their words, and what follows from it. */
async function failoverRecord(
  facts: Facts,
): Promise<{ readonly texts: readonly string[]; readonly outcome: Check['outcome'] }> {
  const { field } = facts;
  const wait = { name: 'an event', limitMs: field.patience.watchMs, everyMs: field.patience.pollMs };
  // They come late, if they come: as the proof stands in for them, they are not waited for long.
  const events = await tryUntil(field.clock, { ...wait, signal: field.signal }, () => failoverEvents(facts));
  for (const { Message, Date: date } of events ?? []) field.note('rds event', `${Message} (${date?.toISOString()})`);
  const texts = (events ?? []).map(({ Message = '' }) => Message).filter(tellsOfFailover);
  if (texts.some((text) => FAILOVER.test(text))) return { texts, outcome: 'yes' };
  if (texts.length > 0) return { texts, outcome: 'no' };
  return { texts, outcome: facts.proof.proved ? 'yes' : 'unknown' };
}

/** RDS-EVENT-0013, 0015 and 0049, and the reason that is told beside them (RDS User Guide; spelt as seen in real logs). */
const FAILOVER = /failover (started|completed|to standby complete)|requested a failover/i;
/** RDS-EVENT-0034, of a call that was answered well: a failover has recently occurred, and no other follows. */
const ABANDONED = /^abandoning/i;
const tellsOfFailover = (message: string): boolean => FAILOVER.test(message) || ABANDONED.test(message);

/** The database's events since the fault; `undefined` while none tells of a failover, or of one that was abandoned. */
async function failoverEvents({ field, injectedWallAt }: Facts): Promise<Event[] | undefined> {
  const { rds: client } = clientsOf(field.stage, field.system.regions.primary);
  const SourceIdentifier = field.system.database.id;
  const asked = { SourceIdentifier, SourceType: 'db-instance', StartTime: injectedWallAt } as const;
  const pages = await allPages(paginateDescribeEvents({ client }, asked));
  const events = pages.flatMap(({ Events = [] }) => Events);
  return events.some(({ Message = '' }) => tellsOfFailover(Message)) ? events : undefined;
}

/** What stands in the place of a claim about functions when there are none to ask. */
const HEALTH_ONLY = {
  en: 'only the health path was checked: no function is configured',
  ja: 'ヘルスチェックのみを確認した（機能の設定がない）',
};

/** The system's own functions answer as the config expects. */
export const functionsAnswer =
  (id: string, claim: Check['claim']): CheckMaker =>
  ({ functions, field }) => {
    const bad = functions.filter((asked) => asked.outcome === 'bad');
    const seen = bad.map((asked) => `${asked.service}: ${asked.name}: ${asked.seen}`).join('; ');
    const configured = field.system.services.reduce((sum, service) => sum + service.functions.length, 0);
    // One that may write of a real system is not asked: what it would have answered nobody knows.
    if (bad.length === 0 && functions.length < configured) {
      const missing = `${configured - functions.length} of ${configured} functions were not asked`;
      return { id, claim, outcome: 'unknown', seen: `${missing}: they may write into a real system` };
    }
    if (functions.length === 0) {
      return { id, claim: HEALTH_ONLY, outcome: 'yes', seen: 'the config names no functions of the system' };
    }
    return {
      id,
      claim,
      outcome: bad.length > 0 ? 'no' : 'yes',
      seen: seen || `${functions.length} functions answered as expected`,
    };
  };

/** Every probe was answered all along, so that there is something to measure an outage by. */
export const downtimeIsMeasured =
  (id: string, claim: Check['claim']): CheckMaker =>
  ({ answers }) => ({
    id,
    claim,
    outcome: answers.length > 0 && answers.every(({ total }) => total > 0) ? 'yes' : 'unknown',
    seen: answers.map(({ probe, total, bad }) => `${probe}: ${bad} of ${total} answers bad`).join('; '),
  });
