import { facilityRunbook } from './fixtures/app/facility-runbook.ts';
import { defineSystem } from './fixtures/core/system.ts';

/** The municipal facility-management system, as its DR runbook of 2025-10-25 (version 1.0) describes it. */
export default defineSystem({
  ...facilityRunbook,
  name: 'facility',
  title: { en: 'Facility management system', ja: '役所設備管理システム' },
  timeZone: 'Asia/Tokyo',
  regions: { primary: 'ap-northeast-1', recovery: 'ap-northeast-3' },
  // The runbook names no zones. These are two of the three that Tokyo offers.
  availabilityZones: ['ap-northeast-1a', 'ap-northeast-1c'],

  database: {
    id: 'facility-prod-db',
    engine: 'postgres',
    instanceClass: 'db.t4g.medium',
    // Not in the runbook; the least that RDS offers.
    allocatedStorageGiB: 20,
    name: 'facility',
    // The runbook says `admin`, which RDS for PostgreSQL refuses as a reserved word.
    masterUser: 'facility_admin',
    // Security groups: the runbook writes `sg-xxxxx`, so this id is made up.
    securityGroups: ['sg-0f1e2d3c4b5a69788'],
    subnetGroup: 'facility-prod-db-subnet-group',
    // Not in the runbook; a system whose staff work in Japan keeps its times so.
    parameterGroup: { name: 'facility-prod-postgres18', parameters: { timezone: 'Asia/Tokyo' } },
    deletionProtection: true,
    backup: {
      retentionDays: 35,
      // RDS uploads the log every 5 minutes (RDS User Guide); the runbook promises "at most 5 minutes (PITR)".
      archiveInterval: { minutes: 5 },
      // Daily at 02:00; copied to Osaka each day. How long a copy takes is not in the runbook: assumed.
      snapshotInterval: { hours: 24 },
      copyInterval: { hours: 24 },
      copyDuration: { minutes: 30 },
    },
  },
  cluster: 'facility-prod-cluster',

  services: [
    {
      name: 'staff-api',
      host: 'admin-api.facility.example.com',
      desiredCount: 2,
      stopTimeout: { seconds: 10 },
      memoryMiB: 512,
      logGroup: '/ecs/staff-api',
      command: ['node', 'fixtures/app/staff-api.ts'],
      health: { path: '/health', status: 200, body: { json: { status: 'ok' } } },
      writes: {
        request: {
          method: 'POST',
          path: '/orders',
          headers: { 'content-type': 'application/json' },
          body: '{"facilityId":1,"title":"復旧訓練 {reference}","reference":"{reference}"}',
        },
        readBack: { path: '/orders?reference={reference}' },
        refusedStatuses: [503],
      },
      functions: [
        {
          name: { en: 'The facilities are listed', ja: '施設の一覧' },
          request: { method: 'GET', path: '/facilities' },
          expect: { status: 200, body: { includes: '中央公民館' } },
        },
        {
          name: { en: 'The newest orders are listed', ja: '最新の発注の一覧' },
          request: { method: 'GET', path: '/orders?limit=5' },
          expect: { status: 200, body: { includes: '"facilityId":' } },
        },
        {
          name: { en: 'The orders are summed up by status', ja: '発注の状態別集計' },
          request: { method: 'GET', path: '/orders/summary' },
          expect: { status: 200, body: { includes: '"status":"completed"' } },
        },
      ],
    },
  ],

  // What scenario 3 and drill 2 are about: orders that were placed and not yet begun are deleted by mistake.
  data: {
    service: 'staff-api',
    table: 'public.orders',
    volatile: ['public.app_heartbeat'],
    mistake: { request: { method: 'DELETE', path: '/orders?status=ordered' }, logPattern: 'DELETE FROM orders' },
    canary: {
      method: 'POST',
      path: '/orders',
      headers: { 'content-type': 'application/json' },
      body: '{"facilityId":1,"title":"復旧訓練 {reference}","reference":"{reference}","status":"ordered"}',
    },
    found: {
      request: { method: 'GET', path: '/orders?status=ordered&limit=1' },
      expect: { status: 200, body: { includes: '"status":"ordered"' } },
    },
  },

  guardRails: {
    // 123456789012 is the account of AWS's own examples; the runbook names none.
    identities: ['arn:aws:iam::123456789012:user/kunren', 'arn:aws:sts::123456789012:assumed-role/kunren-drills/*'],
    optInTag: { key: 'kunren:drill-target', value: 'yes' },
    // Not in the runbook. Assumed: the least busy hours of the week.
    windows: [{ day: 'sunday', from: '02:00', to: '05:00' }],
    // One zone holds one of the two tasks, or both after an earlier failure.
    blastRadius: { tasksMax: 2, lengthMax: { hours: 2 } },
    // Twice what levels 1 and 2 promise: a drill that is still down then has missed its objective, and only does harm.
    stopIf: { downtimeExceeds: { minutes: 10 } },
  },
  fis: { roleArn: 'arn:aws:iam::123456789012:role/kunren-fis' },
  // Assumed, from memory of the public price pages of Tokyo: look them up before a plan is signed.
  prices: {
    currency: 'USD',
    asOf: '2026-11-01',
    source: 'assumed; see the price pages of RDS, Fargate and FIS for Asia Pacific (Tokyo)',
    perUnit: { 'db.t4g.medium': 0.101, 'fargate-task': 0.0154, 'fis-action-minute': 0.1 },
  },

  twin: { sql: ['fixtures/app/data/schema.sql', 'fixtures/app/data/rows.sql'] },
});
