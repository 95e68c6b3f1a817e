import { databaseText } from './database-text.ts';
import type { Found } from './found.ts';
import { SCENARIOS_TEXT } from './scenarios-text.ts';
import { serviceText } from './service-text.ts';
import { list, q } from './written.ts';

/**
 * The config file of a system that was found. What the account cannot tell stands as an empty value with a TODO beside
 * it: the file loads, and every such field is refused by its name until it is filled in.
 */
export function configText(found: Found): string {
  const lines = [
    ...HEADER,
    ...found.notAsked.map(({ what, why }) => `// Not asked: ${what} (${why}).`),
    '',
    'export default {',
    `  name: ${q(dashed(found.cluster))}, // Assumed from the cluster's name: it stands in names and tags.`,
    "  title: { en: '', ja: '' }, // TODO: what reports call the system, in both their languages.",
    "  timeZone: '', // TODO: the zone of its operators and windows, e.g. 'Asia/Tokyo'. AWS keeps all times in UTC.",
    ...regionsText(found),
    ...zonesText(found),
    "  runbook: { title: '', version: '' }, // TODO: the document whose promises are tested.",
    '  // TODO: who signs compliance.md: { role: { en, ja }, duty: { en, ja } }; `name` may follow.',
    '  people: [],',
    ...databaseText(found.database),
    `  cluster: ${q(found.cluster)},`,
    '  services: [',
    ...found.services.flatMap(serviceText),
    '  ],',
    '  // TODO: `data` says which rows can be lost, for the drills that delete and restore; without it they are not run.',
    ...SCENARIOS_TEXT,
    '  // TODO: before stage aws: who may drill, on what, when. See "guardRails" in docs/your-own-system.md.',
    '  guardRails: {},',
    "  // TODO: `twin: { sql: ['schema.sql'] }` makes the tables that your programs need on the twin.",
    "} satisfies import('kunren').SystemInput;",
  ];
  // A comment may quote any name that the account holds: a line of it must not end the comment and become code.
  return `${lines.map((line) => line.replaceAll(/[\r\n\u2028\u2029]+/g, ' ')).join('\n')}\n`;
}

const HEADER = [
  '// Written by `kunren init` from what the account tells by read-only calls. Fields marked TODO are what it cannot',
  '// tell: `kunren doctor` names those that are still empty, and docs/your-own-system.md explains each.',
];

/** An id of Kunren's, out of a name of ECS's. */
const dashed = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

function regionsText({ region, otherRegions }: Found): string[] {
  if (otherRegions.length === 0) {
    return [
      '  // TODO: `recovery`, the region to which backups are copied, if there is one: nothing found names another region.',
      `  regions: { primary: ${q(region)} },`,
    ];
  }
  return [
    '  // TODO: is `recovery` one of these? Only what is copied there can be recovered there.',
    ...otherRegions.map((other) => `  //   ${q(other.region)}, seen in ${other.seenIn}`),
    `  regions: { primary: ${q(region)} },`,
  ];
}

function zonesText({ database: { zones } }: Found): string[] {
  const written = `  availabilityZones: ${list(zones)},`;
  if (zones.length > 1) return [written];
  return ['  // TODO: all zones of its subnets; two at least, else no zone can be lost.', written];
}
