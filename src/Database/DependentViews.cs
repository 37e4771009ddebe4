namespace Platform.Database;

/// <summary>Generates SQL that changes or drops a column that views depend on, which Postgres refuses otherwise.</summary>
/// <remarks>
/// All views that depend on the columns, directly or through other views, are dropped and, after the change, recreated with
/// their columns, definition, options, owner, grants, comments, defaults, rules and triggers; materialized views also with
/// their rows, indexes, statistics and storage. It is one statement, so a kill at any time changes nothing. If a view cannot be
/// recreated, or another kind of object depends on one, an error names it and nothing is changed.
/// </remarks>
public static class DependentViews
{
    /// <summary>SQL for a <see cref="SqlMigration"/>: runs <paramref name="change"/> while the views are dropped.</summary>
    /// <param name="table">With its schema if it is not the service's own.</param>
    /// <param name="columns">The changed or dropped columns. They must exist.</param>
    /// <param name="change">One or more statements, such as <c>alter table orders alter amount type numeric(14, 2)</c>.</param>
    public static string Around(string table, IReadOnlyList<string> columns, string change) => $"""
        do $views$
        declare
            v_table constant regclass := {Quoted(table)};
            v_columns constant text[] := array[{string.Join(", ", columns.Select(Quoted))}]::text[];
            v_change constant text := {Quoted(change)};
        {Body}
        end $views$
        """;

    private static string Quoted(string text) => text.Contains('\\', StringComparison.Ordinal)
        ? $"E'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'"
        : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <remarks>
    /// Rules other than a view's query may refer to any view, even in a circle, so they are dropped before the views and recreated
    /// after them. The search path is empty while definitions are read and run, as in <c>pg_dump</c>, so that all names include
    /// their schema.
    /// </remarks>
    private const string Body = """
            v_path constant text := current_setting('search_path');
            v_role constant text := current_setting('role');
            v_all oid[] := '{}';
            v_next oid[];
            v_ordered oid[] := '{}';
            v_down text[] := '{}';
            v_up text[] := '{}';
            v_late text[] := '{}';
            v_of text[] := '{}';
            v_late_of text[] := '{}';
            v_acls jsonb := '[]';
            v_acl jsonb;
            v_name text;
            v_kind text;
            v_view record;
            v_part record;
            v_missing text;
            v_detail text;
        begin
            select string_agg(wanted, ', ') into v_missing
            from unnest(v_columns) wanted
            where not exists (select from pg_attribute where attrelid = v_table and attname = wanted and attnum > 0 and not attisdropped);
            if v_missing is not null or v_columns = '{}' then
                raise exception 'table % has no column %', v_table, coalesce(v_missing, '(none is named)') using errcode = 'undefined_column';
            end if;

            -- Prevents new views on the table. The change needs this lock anyway.
            execute format('lock table %s in access exclusive mode', v_table);
            perform set_config('search_path', 'pg_catalog', true);

            -- Views whose query or rule reads one of the columns, or that have the table's row type as a column.
            select coalesce(array_agg(distinct c.oid), '{}') into v_next
            from pg_depend d
            left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
            join pg_class c on c.oid = case when d.classid = 'pg_class'::regclass then d.objid else r.ev_class end and c.relkind in ('v', 'm')
            where (d.refclassid = 'pg_class'::regclass and d.refobjid = v_table
                    and d.refobjsubid in (select attnum from pg_attribute where attrelid = v_table and attname = any (v_columns)))
                or (d.refclassid = 'pg_type'::regclass
                    and d.refobjid in (select unnest(array[t.oid, t.typarray]) from pg_type t where t.typrelid = v_table));

            -- Then the views that depend on those.
            while v_next <> '{}' loop
                v_all := v_all || v_next;
                select coalesce(array_agg(distinct c.oid), '{}') into v_next
                from pg_depend d
                left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
                join pg_class c on c.oid = case when d.classid = 'pg_class'::regclass then d.objid else r.ev_class end and c.relkind in ('v', 'm')
                where c.oid <> all (v_all)
                    and ((d.refclassid = 'pg_class'::regclass and d.refobjid = any (v_next))
                        or (d.refclassid = 'pg_type'::regclass
                            and d.refobjid in (select unnest(array[t.oid, t.typarray]) from pg_type t where t.typrelid = any (v_next))));
            end loop;

            -- A view comes after every view that its own query reads.
            while cardinality(v_ordered) < cardinality(v_all) loop
                select array_agg(candidate order by candidate) into v_next
                from unnest(v_all) candidate
                where candidate <> all (v_ordered) and not exists (
                    select from pg_rewrite r
                    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
                    left join pg_type t on d.refclassid = 'pg_type'::regclass and d.refobjid in (t.oid, t.typarray)
                    where r.ev_class = candidate and r.rulename = '_RETURN'
                        and case when d.refclassid = 'pg_class'::regclass then d.refobjid else t.typrelid end
                            = any (array(select unnest(v_all) except select unnest(v_ordered || candidate))));
                if v_next is null then
                    raise exception 'the views over % depend on each other in a circle', v_table;
                end if;
                v_ordered := v_ordered || v_next;
            end loop;

            for v_view in
                select c.*, ordinal from unnest(v_ordered) with ordinality as o (id, ordinal) join pg_class c on c.oid = o.id order by ordinal
            loop
                v_name := v_view.oid::regclass::text;
                v_kind := case v_view.relkind when 'm' then 'materialized view' else 'view' end;

                if v_view.relpersistence = 't'
                    or exists (select from pg_seclabel where classoid = 'pg_class'::regclass and objoid = v_view.oid)
                    or exists (select from pg_depend where classid = 'pg_class'::regclass and objid = v_view.oid and deptype in ('e', 'x')) then
                    raise exception '% % cannot be recreated: it is temporary, has a security label or belongs to an extension', v_kind, v_name
                        using errcode = 'feature_not_supported';
                end if;

                v_down := format('drop %s %s', v_kind, v_name) || v_down;
                v_up := v_up || format('create %s %s (%s)%s%s%s as %s%s',
                    v_kind, v_name,
                    (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute where attrelid = v_view.oid and attnum > 0 and not attisdropped),
                    (select ' using ' || quote_ident(amname) from pg_am where oid = v_view.relam and v_view.relkind = 'm'),
                    (
                        select ' with (' || string_agg(prefix || quote_ident(split_part(option, '=', 1)) || '=' || quote_literal(substr(option, strpos(option, '=') + 1)), ', ') || ')'
                        from (
                            select '' as prefix, unnest(v_view.reloptions) as option
                            union all
                            select 'toast.', unnest(toast.reloptions) from pg_class toast where toast.oid = v_view.reltoastrelid
                        ) options
                    ),
                    (select ' tablespace ' || quote_ident(spcname) from pg_tablespace where oid = v_view.reltablespace),
                    rtrim(pg_get_viewdef(v_view.oid), ';'),
                    case when v_view.relkind = 'm' then case when v_view.relispopulated then ' with data' else ' with no data' end end);
                v_of := v_of || format('%s %s', v_kind, v_name);

                -- Storage, statistics and indexes of materialized views.
                for v_part in
                    select format('alter materialized view %s alter column %I set statistics %s', v_name, attname, attstattarget) as sql
                    from pg_attribute where attrelid = v_view.oid and attnum > 0 and not attisdropped and attstattarget >= 0
                    union all
                    select format('alter materialized view %s alter column %I set storage %s', v_name, attname,
                        case attstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' else 'main' end)
                    from pg_attribute join pg_type t on t.oid = atttypid
                    where attrelid = v_view.oid and v_view.relkind = 'm' and attnum > 0 and not attisdropped and attstorage <> typstorage
                    union all
                    select format('alter materialized view %s alter column %I set compression %s', v_name, attname, case attcompression when 'l' then 'lz4' else 'pglz' end)
                    from pg_attribute where attrelid = v_view.oid and v_view.relkind = 'm' and attnum > 0 and not attisdropped and attcompression <> ''
                    union all
                    -- Skips the server's own options: releases since November 2026 keep a column's version here (pg_attver).
                    select format('alter materialized view %s alter column %I set (%s)', v_name, attname, string_agg(option, ', ' order by option))
                    from pg_attribute, unnest(attoptions) option
                    where attrelid = v_view.oid and v_view.relkind = 'm' and attnum > 0 and not attisdropped and option not like 'pg\_%'
                    group by attname
                loop
                    v_up := v_up || v_part.sql;
                    v_of := v_of || format('%s %s', v_kind, v_name);
                end loop;

                for v_part in
                    select indexrelid, i.relname, indisclustered, reltablespace, pg_get_indexdef(indexrelid) as sql
                    from pg_index join pg_class i on i.oid = indexrelid
                    where indrelid = v_view.oid order by indexrelid
                loop
                    v_up := v_up || v_part.sql
                        || array(select format('alter index %s set tablespace %I', v_part.indexrelid::regclass, spcname) from pg_tablespace where oid = v_part.reltablespace)
                        || array(
                            select format('alter index %s alter column %s set statistics %s', v_part.indexrelid::regclass, attnum, attstattarget)
                            from pg_attribute where attrelid = v_part.indexrelid and attstattarget >= 0)
                        || array(
                            select format('comment on index %s is %L', v_part.indexrelid::regclass, description)
                            from pg_description where classoid = 'pg_class'::regclass and objoid = v_part.indexrelid and objsubid = 0)
                        || case when v_part.indisclustered then array[format('alter materialized view %s cluster on %I', v_name, v_part.relname)] else '{}' end;
                    v_of := v_of || array_fill(format('index %s of %s %s', v_part.indexrelid::regclass, v_kind, v_name), array[cardinality(v_up) - cardinality(v_of)]);
                end loop;

                for v_part in
                    select s.oid, pg_get_statisticsobjdef(s.oid) as sql, stxowner, format('%I.%I', nspname, stxname) as name, stxstattarget
                    from pg_statistic_ext s join pg_namespace n on n.oid = stxnamespace
                    where stxrelid = v_view.oid order by s.oid
                loop
                    v_up := v_up || v_part.sql
                        || case when v_part.stxstattarget >= 0 then array[format('alter statistics %s set statistics %s', v_part.name, v_part.stxstattarget)] else '{}' end
                        || case when pg_get_userbyid(v_part.stxowner) <> current_user
                            then array[format('alter statistics %s owner to %I', v_part.name, pg_get_userbyid(v_part.stxowner))] else '{}' end
                        || array(
                            select format('comment on statistics %s is %L', v_part.name, description)
                            from pg_description where classoid = 'pg_statistic_ext'::regclass and objoid = v_part.oid);
                    v_of := v_of || array_fill(format('statistics %s of %s %s', v_part.name, v_kind, v_name), array[cardinality(v_up) - cardinality(v_of)]);
                end loop;

                -- Recreated last, since these may refer to other views.
                for v_part in
                    select format('alter view %s alter column %I set default %s', v_name, attname, pg_get_expr(adbin, adrelid)) as sql, attnum::oid as id, 1 as kind
                    from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum where adrelid = v_view.oid
                    union all
                    select pg_get_ruledef(oid), oid, 2 from pg_rewrite where ev_class = v_view.oid and rulename <> '_RETURN'
                    union all
                    select format('comment on rule %I on %s is %L', rulename, v_name, description), r.oid, 3
                    from pg_rewrite r join pg_description on classoid = 'pg_rewrite'::regclass and objoid = r.oid where ev_class = v_view.oid and rulename <> '_RETURN'
                    union all
                    select pg_get_triggerdef(oid), oid, 4 from pg_trigger where tgrelid = v_view.oid and not tgisinternal
                    union all
                    select format('comment on trigger %I on %s is %L', tgname, v_name, description), t.oid, 5
                    from pg_trigger t join pg_description on classoid = 'pg_trigger'::regclass and objoid = t.oid where tgrelid = v_view.oid and not tgisinternal
                    union all
                    select case objsubid when 0 then format('comment on %s %s is %L', v_kind, v_name, description)
                        else format('comment on column %s.%I is %L', v_name, attname, description) end, objsubid::oid, 6
                    from pg_description left join pg_attribute on attrelid = objoid and attnum = objsubid and objsubid > 0
                    where classoid = 'pg_class'::regclass and objoid = v_view.oid
                    order by kind, id
                loop
                    v_late := v_late || v_part.sql;
                    v_late_of := v_late_of || format('%s %s', v_kind, v_name);
                end loop;

                v_acls := v_acls || jsonb_build_object('kind', v_kind, 'name', v_name, 'owner', pg_get_userbyid(v_view.relowner), 'granted', v_view.relacl is not null,
                    'grants', (
                        select coalesce(jsonb_agg(jsonb_build_object('by', pg_get_userbyid(x.grantor), 'sql', format('grant %s on %s to %s%s',
                            x.privileges, v_name, case x.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end,
                            case when x.is_grantable then ' with grant option' else '' end)) order by x.attnum, x.item, x.is_grantable), '[]')
                        from (
                            select acl.attnum, item, a.grantor, a.grantee, a.is_grantable,
                                string_agg(a.privilege_type || case when acl.attname is null then '' else format(' (%I)', acl.attname) end, ', ' order by a.privilege_type) as privileges
                            from (
                                select 0 as attnum, null::name as attname, v_view.relacl as items
                                union all
                                select attnum, attname, attacl from pg_attribute where attrelid = v_view.oid and attacl is not null
                            ) acl,
                            unnest(acl.items) with ordinality as i (one, item),
                            aclexplode(array[one]) a
                            group by acl.attnum, item, a.grantor, a.grantee, a.is_grantable
                        ) x
                    ));
            end loop;

            v_down := array(
                select format('drop rule %I on %s', rulename, ev_class::regclass) from pg_rewrite where ev_class = any (v_all) and rulename <> '_RETURN'
            ) || v_down;
            begin
                for i in 1..cardinality(v_down) loop
                    execute v_down[i];
                end loop;
            exception when dependent_objects_still_exist then
                -- The detail names the dependent object, but clients do not show it.
                get stacked diagnostics v_detail = pg_exception_detail;
                raise exception '%: %', sqlerrm, v_detail using errcode = 'dependent_objects_still_exist';
            end;

            perform set_config('search_path', v_path, true);
            execute v_change;
            perform set_config('search_path', 'pg_catalog', true);

            v_up := v_up || v_late;
            v_of := v_of || v_late_of;
            for i in 1..cardinality(v_up) loop
                begin
                    execute v_up[i];
                exception when others then
                    raise exception '% cannot be recreated, so nothing was changed: %', v_of[i], sqlerrm using errcode = sqlstate, hint = v_up[i];
                end;
            end loop;

            -- Owners come before grants, which the owner gives. Grants made by default privileges are revoked.
            for v_acl in select jsonb_array_elements(v_acls) loop
                begin
                    if v_acl ->> 'owner' <> current_user then
                        execute format('alter %s %s owner to %I', v_acl ->> 'kind', v_acl ->> 'name', v_acl ->> 'owner');
                    end if;
                    for v_part in
                        select distinct a.grantee from pg_class c, aclexplode(c.relacl) a
                        where c.oid = (v_acl ->> 'name')::regclass and ((v_acl -> 'granted')::boolean or a.grantee <> c.relowner)
                    loop
                        execute format('revoke all on %s from %s', v_acl ->> 'name',
                            case v_part.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(v_part.grantee)) end);
                    end loop;
                    if (v_acl -> 'granted')::boolean then
                        execute format('revoke all on %s from %I', v_acl ->> 'name', v_acl ->> 'owner');
                    end if;
                    for v_part in select g ->> 'by' as grantor, g ->> 'sql' as sql from jsonb_array_elements(v_acl -> 'grants') g loop
                        if v_part.grantor <> v_acl ->> 'owner' then
                            execute format('set local role %I', v_part.grantor);
                            execute v_part.sql;
                            execute format('set local role %s', v_role);
                        else
                            execute v_part.sql;
                        end if;
                    end loop;
                exception when others then
                    raise exception '% % cannot be recreated with its owner and grants, so nothing was changed: %', v_acl ->> 'kind', v_acl ->> 'name', sqlerrm
                        using errcode = sqlstate;
                end;
            end loop;

            perform set_config('search_path', v_path, true);
        """;
}
