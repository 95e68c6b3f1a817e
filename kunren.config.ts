import { defineSystem } from './fixtures/core/system.ts';

/**
 * The municipal facility-management system, as its DR runbook of 2025-10-25 (version 1.0) describes
 * it; docs/runbook.md tells the runbook's facts in English. Where the runbook contradicts itself, the
 * stricter promise stands here and a note beside it.
 */
export default defineSystem({
  name: 'facility',
  title: { en: 'Facility management system', ja: '役所設備管理システム' },
  timeZone: 'Asia/Tokyo',
  regions: { primary: 'ap-northeast-1', recovery: 'ap-northeast-3' },
  // The runbook names no zones. These are two of the three that Tokyo offers.
  availabilityZones: ['ap-northeast-1a', 'ap-northeast-1c'],
  runbook: { title: 'DR手順書（Disaster Recovery）: 役所設備管理システム', version: '1.0' },

  // By role only: the runbook leaves every name undecided.
  people: [
    {
      role: { en: 'Project manager', ja: 'PM' },
      duty: { en: 'decides, and explains to the users', ja: '意思決定と利用者への説明' },
    },
    {
      role: { en: 'System administrator', ja: 'システム管理者' },
      duty: { en: 'directs the recovery', ja: '復旧の指揮' },
    },
    {
      role: { en: 'SRE on duty', ja: 'SRE（当番）' },
      duty: { en: 'carries the recovery out', ja: '復旧の実施' },
    },
    {
      role: { en: 'Development team', ja: '開発チーム' },
      duty: { en: 'deals with errors of the application', ja: 'アプリケーションの不具合への対応' },
    },
    {
      role: { en: 'AWS Support', ja: 'AWSサポート' },
      duty: {
        en: 'deals with faults of AWS itself, by a case in the console',
        ja: 'AWS側の障害への対応（コンソールから起票）',
      },
    },
  ],

  levels: [
    {
      level: 1,
      title: { en: 'One component fails', ja: '単一コンポーネント障害' },
      rto: { minutes: 5 },
      rpo: { minutes: 0 },
    },
    {
      level: 2,
      title: { en: 'An availability zone fails', ja: 'AZ障害' },
      rto: { minutes: 5 },
      rpo: { minutes: 0 },
    },
    {
      level: 3,
      title: { en: 'The Tokyo region fails', ja: '東京リージョン障害' },
      rto: { hours: 4 },
      // Contradiction: snapshots are copied to Osaka once a day, so up to 24 h can be lost.
      rpo: { hours: 1 },
    },
  ],

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

  scenarios: [
    {
      id: 'task-failure',
      title: { en: 'An ECS task fails', ja: 'ECS Task障害' },
      level: 1,
      recovery: 'automatic',
      rto: { minutes: 5 },
      rpo: { minutes: 0 },
      source: 'scenario 1; tables RTO and RPO',
      checklist: [
        { id: 'task-gone', text: { en: 'The failed task is gone', ja: '障害のタスクがなくなった' } },
        {
          id: 'task-replaced',
          text: { en: 'ECS has started another task in its place', ja: '代わりのタスクが起動した' },
        },
        {
          id: 'target-healthy',
          text: { en: 'The load balancer finds the new task healthy', ja: '新しいタスクがALBで正常と判定された' },
        },
        {
          id: 'service-stable',
          text: {
            en: 'As many tasks run as are desired, and no deployment is under way',
            ja: '必要数のタスクが動き、デプロイが残っていない',
          },
        },
        { id: 'health-good', text: { en: '/health answers well', ja: '/health が正しく応答する' } },
      ],
    },
    {
      id: 'az-failure',
      title: { en: 'The zone of the primary database fails', ja: 'RDS AZ障害' },
      level: 2,
      recovery: 'automatic',
      rto: { minutes: 5 },
      rpo: { minutes: 0 },
      source: 'scenario 2; tables RTO and RPO',
      checklist: [
        {
          id: 'status-available',
          text: {
            en: 'The database is available again, and still Multi-AZ',
            ja: 'DBが再び利用可能で、マルチAZのままである',
          },
        },
        {
          id: 'failover-events',
          text: { en: 'The events of RDS show the failover', ja: 'RDSのイベントにフェイルオーバーの記録がある' },
        },
        { id: 'health-good', text: { en: '/health answers well', ja: '/health が正しく応答する' } },
      ],
    },
    {
      // The runbook names the loss of the standby under level 1 and gives it no scenario of its own.
      id: 'standby-failure',
      title: { en: 'The standby of the database fails', ja: 'RDS Standby障害' },
      level: 1,
      recovery: 'automatic',
      rto: { minutes: 5 },
      rpo: { minutes: 0 },
      source: 'levels, level 1',
      checklist: [
        { id: 'standby-back', text: { en: 'The database has its standby again', ja: 'DBの待機系が戻った' } },
        { id: 'health-good', text: { en: '/health answers well', ja: '/health が正しく応答する' } },
      ],
    },
    {
      id: 'accidental-delete',
      title: { en: 'Rows are deleted by mistake', ja: 'データ誤削除' },
      // Level 1, yet with objectives of its own: the level promises 5 min and no loss.
      level: 1,
      recovery: 'manual',
      rto: { hours: 1 },
      rpo: { minutes: 5 },
      source: 'scenario 3; tables RTO and RPO',
      checklist: [
        {
          id: 'deletion-found',
          text: { en: 'The instant of the deletion is found in the logs', ja: '誤削除の時刻をログから特定した' },
        },
        {
          id: 'restored',
          text: { en: 'The database is restored to just before it', ja: '誤削除直前の状態に復元した' },
        },
        { id: 'restored-data', text: { en: 'The restored data is checked', ja: '復元されたデータを確認した' } },
        {
          id: 'rows-back',
          text: { en: 'The deleted rows are back in production', ja: '誤削除されたデータを本番に戻した' },
        },
        { id: 'integrity', text: { en: 'The integrity of the data is checked', ja: 'データ整合性を確認した' } },
        {
          id: 'temporary-deleted',
          text: { en: 'The temporary database is deleted', ja: '復元用DBを削除した' },
        },
      ],
    },
    {
      id: 'region-failure',
      title: { en: 'The whole Tokyo region fails', ja: '東京リージョン全障害' },
      level: 3,
      recovery: 'manual',
      rto: { hours: 4 },
      // Contradiction: scenario 4 itself says up to 24 h, by the daily copy of the snapshot.
      rpo: { hours: 1 },
      source: 'scenario 4; tables RTO and RPO',
    },
    {
      id: 'backup-restore',
      title: { en: 'Drill: restore a backup', ja: '訓練: バックアップ復元' },
      level: 1,
      recovery: 'manual',
      rto: { hours: 1 },
      source: 'drill 1, checklist',
      checklist: [
        { id: 'snapshot-taken', text: { en: 'The snapshot is taken', ja: 'スナップショット取得成功' } },
        { id: 'restored', text: { en: 'It is restored', ja: '復元成功' } },
        { id: 'application-connects', text: { en: 'The application connects', ja: '接続確認成功' } },
        { id: 'integrity', text: { en: 'The integrity of the data is checked', ja: 'データ整合性確認' } },
        { id: 'rto', text: { en: 'The RTO is met (1 hour at most)', ja: 'RTO目標達成（1時間以内）' } },
        {
          id: 'runbook-updated',
          text: { en: 'The runbook is brought up to date', ja: '手順書に反映した' },
          by: 'person',
        },
      ],
    },
    {
      id: 'point-in-time-restore',
      title: { en: 'Drill: restore to a point in time', ja: '訓練: ポイントインタイム復元' },
      level: 1,
      recovery: 'manual',
      // Drill 2 names no objective: those of scenario 3, which it practises, are borrowed.
      borrows: 'accidental-delete',
      source: 'drill 2',
      checklist: [
        { id: 'time-noted', text: { en: 'The present time is noted', ja: '現在時刻を記録した' } },
        { id: 'restored', text: { en: 'Restored to an hour ago', ja: '1時間前の時点に復元した' } },
        { id: 'integrity', text: { en: 'The difference in the data is checked', ja: 'データ差分を確認した' } },
        { id: 'temporary-deleted', text: { en: 'The database of the drill is deleted', ja: '訓練用DBを削除した' } },
      ],
    },
    {
      id: 'failover-exercise',
      title: { en: 'Drill: fail the database over', ja: '訓練: RDSフェイルオーバー' },
      level: 2,
      recovery: 'automatic',
      // Stricter than scenario 2, which gives the same failover 5 min. Both are judged.
      downtime: { minutes: 2 },
      source: 'drill 3, checklist',
      checklist: [
        { id: 'failover-succeeded', text: { en: 'The database has failed over', ja: 'フェイルオーバーした' } },
        {
          id: 'downtime-measured',
          text: {
            en: 'The downtime is measured (objective: 2 minutes at most)',
            ja: '停止時間を測った（目標2分以内）',
          },
        },
        {
          id: 'service-recovered',
          text: { en: 'The application has recovered by itself', ja: 'アプリケーションが自力で復旧した' },
        },
        { id: 'az-swapped', text: { en: 'The primary is in the other zone', ja: 'プライマリが別のAZに移った' } },
        {
          id: 'runbook-updated',
          text: { en: 'The runbook is brought up to date', ja: '手順書に反映した' },
          by: 'person',
        },
      ],
    },
    {
      id: 'region-exercise',
      title: { en: 'Drill: recover in another region', ja: '訓練: リージョン障害' },
      level: 3,
      recovery: 'manual',
      rto: { hours: 4 },
      source: 'drill 4, checklist',
    },
  ],

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
