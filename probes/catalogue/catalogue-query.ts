/**
 * The whole catalogue in one statement, so in one round trip and one snapshot. What a server version lacks is read
 * through `to_jsonb`, which gives null where a column does not exist: from version 14 on it is the same statement.
 * Only catalogue tables that every role may read are asked.
 */
export const CATALOGUE_QUERY = `
with relation as (
  select c.oid, n.nspname, c.relname, c.relkind, c.relispartition, c.relrowsecurity, c.relforcerowsecurity, c.relowner
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), fed as (
  -- Owned by the column (a), of its identity (i), or named by its default (n, through the default's own entry).
  select d.refobjid as relid, d.refobjsubid as number, d.objid as sequence
    from pg_catalog.pg_depend d
   where d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
     and d.deptype in ('a', 'i') and d.refobjsubid > 0
  union
  select a.adrelid, a.adnum, d.refobjid
    from pg_catalog.pg_attrdef a
    join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_attrdef'::regclass and d.objid = a.oid
                               and d.refclassid = 'pg_catalog.pg_class'::regclass
  union
  -- nextval('name'::text) leaves no dependency: it looks the name up at each call, and so does this.
  select a.adrelid, a.adnum, to_regclass(replace(
           (regexp_match(pg_get_expr(a.adbin, a.adrelid), 'nextval\\(\\(?''((?:[^'']|'''')+)''::text'))[1], '''''', ''''))
    from pg_catalog.pg_attrdef a
   where pg_get_expr(a.adbin, a.adrelid) ~ 'nextval\\(\\(?''.*''::text'
)
select current_setting('server_version_num')::int as "serverVersion", current_database() as database,
  coalesce((select json_agg(json_strip_nulls(json_build_object(
    'schema', r.nspname, 'name', r.relname, 'oid', r.oid::bigint, 'kind', r.relkind,
    'owner', pg_catalog.pg_get_userbyid(r.relowner),
    'partitionOf', (select json_build_object('schema', n.nspname, 'name', p.relname)
       from pg_catalog.pg_inherits i join pg_catalog.pg_class p on p.oid = i.inhparent
       join pg_catalog.pg_namespace n on n.oid = p.relnamespace where i.inhrelid = r.oid and r.relispartition),
    'inherits', coalesce((select json_agg(json_build_object('schema', n.nspname, 'name', p.relname) order by i.inhseqno)
       from pg_catalog.pg_inherits i join pg_catalog.pg_class p on p.oid = i.inhparent
       join pg_catalog.pg_namespace n on n.oid = p.relnamespace where i.inhrelid = r.oid and not r.relispartition), '[]'),
    'columns', coalesce((select json_agg(json_build_object(
         'name', a.attname, 'number', a.attnum, 'typeOid', a.atttypid::bigint, 'notNull', a.attnotnull,
         -- format_type leaves the schema out where the session's search_path finds the type.
         'type', case when tn.nspname <> 'pg_catalog' and pg_type_is_visible(e.oid)
                      then quote_ident(tn.nspname) || '.' else '' end || format_type(a.atttypid, a.atttypmod),
         'hasDefault', a.atthasdef and a.attgenerated = '',
         'identity', nullif(a.attidentity, ''), 'generated', nullif(a.attgenerated, '')) order by a.attnum)
       from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
       join pg_catalog.pg_type e on e.oid = case when t.typcategory = 'A' and t.typelem <> 0 then t.typelem else t.oid end
       join pg_catalog.pg_namespace tn on tn.oid = e.typnamespace
       where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped), '[]'),
    'keys', coalesce((select json_agg(json_build_object(
         'name', x.relname, 'primary', i.indisprimary,
         'nullsNotDistinct', coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
         'columns', (select json_agg(a.attname order by k.place)
            from unnest(i.indkey::int2[]) with ordinality k(number, place)
            join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum = k.number
           where k.place <= i.indnkeyatts)) order by i.indisprimary desc, c.oid is null, x.relname)
       from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
       left join pg_catalog.pg_constraint c on c.conindid = i.indexrelid and c.contype = 'u'
       where i.indrelid = r.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null), '[]'),
    'foreignKeys', coalesce((select json_agg(json_build_object(
         'name', c.conname, 'deferrable', c.condeferrable,
         'references', json_build_object('schema', n.nspname, 'name', f.relname),
         'columns', (select json_agg(a.attname order by k.place) from unnest(c.conkey) with ordinality k(number, place)
            join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number),
         'referencedColumns', (select json_agg(a.attname order by k.place)
            from unnest(c.confkey) with ordinality k(number, place)
            join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number)) order by c.conname)
       from pg_catalog.pg_constraint c join pg_catalog.pg_class f on f.oid = c.confrelid
       join pg_catalog.pg_namespace n on n.oid = f.relnamespace
       -- A key that points at a partitioned table has a copy for each of its partitions.
       -- One that is not enforced (version 18) promises nothing.
       where c.conrelid = r.oid and c.contype = 'f'
         and coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true) and not exists (select from pg_catalog.pg_constraint parent
         where parent.oid = c.conparentid and parent.conrelid = c.conrelid)), '[]'),
    'triggers', coalesce((select json_agg(json_build_object(
         'name', t.tgname, 'enabled', t.tgenabled, 'row', t.tgtype & 1 > 0,
         'timing', case when t.tgtype & 64 > 0 then 'instead' when t.tgtype & 2 > 0 then 'before' else 'after' end,
         'onInsert', t.tgtype & 4 > 0, 'onUpdate', t.tgtype & 16 > 0) order by t.tgname)
       from pg_catalog.pg_trigger t where t.tgrelid = r.oid and not t.tgisinternal), '[]'),
    'rules', coalesce((select json_agg(json_build_object('name', w.rulename, 'enabled', w.ev_enabled,
         'event', (array['select', 'update', 'insert', 'delete'])[w.ev_type::text::int]) order by w.rulename)
       from pg_catalog.pg_rewrite w where w.ev_class = r.oid), '[]'),
    'rowSecurity', r.relrowsecurity, 'forceRowSecurity', r.relforcerowsecurity,
    'unvalidated', coalesce((select json_agg(c.conname order by c.conname)
       from pg_catalog.pg_constraint c where c.conrelid = r.oid and not c.convalidated), '[]'),
    'sequences', coalesce((select json_agg(json_build_object('column', a.attname, 'increment', s.seqincrement::text,
         'sequence', json_build_object('schema', n.nspname, 'name', q.relname)) order by a.attnum, q.relname)
       from fed join pg_catalog.pg_sequence s on s.seqrelid = fed.sequence
       join pg_catalog.pg_class q on q.oid = fed.sequence join pg_catalog.pg_namespace n on n.oid = q.relnamespace
       join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum = fed.number
       where fed.relid = r.oid), '[]')
  )) order by r.nspname, r.relname) from relation r), '[]') as tables`;
