import { apiMissingIn } from '../../fixtures/core/missing-api.ts';
import type { Stage } from '../../fixtures/core/stage.ts';
import type { Found } from './core/found.ts';
import { type BalancedService, readBalancers } from './read-balancers.ts';
import { readDatabase } from './read-database.ts';
import { readDnsNames } from './read-dns-names.ts';
import { readOtherRegions } from './read-other-regions.ts';
import { readServices } from './read-services.ts';

/** What is looked at, and which one where there are several. */
export interface Wanted {
  readonly stage: Stage;
  readonly region: string;
  readonly database?: string;
  readonly cluster?: string;
}

/** Finds a system in an account, by read-only calls. What a stage does not offer or allow is noted and left out. */
export async function readAccount(wanted: Wanted): Promise<Found> {
  const notAsked: { what: string; why: string }[] = [];
  const tried = async <T>(what: string, read: () => Promise<T>, without: T): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      notAsked.push({ what, why: whyNot(error) });
      return without;
    }
  };
  const { stage, region } = wanted;
  const database = await readDatabase(wanted);
  const { cluster, services } = await readServices(wanted);
  const dnsNames = await tried('Route 53, for the names that lead to the balancers', () => readDnsNames(stage), []);
  const balanced = await tried<BalancedService[] | undefined>(
    'Elastic Load Balancing, for hosts and health paths',
    () => readBalancers(stage, region, services, dnsNames),
    undefined,
  );
  const seen = await tried('CloudFormation, for hints of a recovery region', () => readOtherRegions(stage, region), []);
  return {
    region,
    database,
    cluster,
    services: usersReach(balanced) ?? services.map((service) => ({ ...service, hosts: [] })),
    otherRegions: seen,
    notAsked,
  };
}

/** Those behind a balancer; where none is, all of them: how users reach them is left to be told. */
function usersReach(services: BalancedService[] | undefined): BalancedService[] | undefined {
  const reached = services?.filter(({ targetGroupArns }) => targetGroupArns.length > 0);
  return reached !== undefined && reached.length > 0 ? reached : services;
}

function whyNot(error: unknown): string {
  if (apiMissingIn(error) !== undefined) return 'the endpoint does not offer it';
  const [line] = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).split('\n');
  return line ?? 'no reason is known';
}
