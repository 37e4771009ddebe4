using Npgsql;

namespace Platform.Database.Tests;

/// <summary>The schema's catalog as lines of text, for comparing every property of its relations.</summary>
internal static class Catalog
{
    private const string Sql = """
        with relation as (
            select c.*, c.oid::regclass::text as name from pg_class c where relnamespace = 'shop'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'i', 'S')
        )
        select format('%s %s owner %s acl %s options %s tablespace %s persistence %s populated %s am %s', relkind, name, relowner::regrole, relacl, reloptions,
            reltablespace, relpersistence, relispopulated, relam) from relation
        union all select format('toast of %s options %s', name, t.reloptions) from relation join pg_class t on t.oid = relation.reltoastrelid and t.reloptions is not null
        union all select format('view %s is %s', name, pg_get_viewdef(oid)) from relation where relkind in ('v', 'm')
        union all select format('index %s is %s valid %s clustered %s', name, pg_get_indexdef(indexrelid), indisvalid, indisclustered)
            from relation join pg_index on indexrelid = oid
        union all select format('column %s.%s %s %s null %s acl %s statistics %s storage %s options %s default %s compression %s', name,
                row_number() over (partition by attrelid order by attnum), attname, format_type(atttypid, atttypmod), attnotnull, attacl, attstattarget, attstorage,
                (select array_agg(option order by option) from unnest(attoptions) option where option not like 'pg\_%'), pg_get_expr(adbin, adrelid), attcompression)
            from relation join pg_attribute on attrelid = oid and attnum > 0 and not attisdropped left join pg_attrdef on adrelid = attrelid and adnum = attnum
        union all select format('rule %s %s', pg_get_ruledef(r.oid), ev_enabled) from pg_rewrite r join relation on ev_class = relation.oid
        union all select format('trigger %s %s', pg_get_triggerdef(t.oid), tgenabled) from pg_trigger t join relation on tgrelid = relation.oid where not tgisinternal
        union all select format('statistics %s owner %s target %s', pg_get_statisticsobjdef(s.oid), stxowner::regrole, stxstattarget)
            from pg_statistic_ext s join relation on stxrelid = relation.oid
        union all select format('comment on %s %s is %s', objsubid, coalesce(name, rulename, tgname, stxname), description)
            from pg_description
            left join relation on classoid = 'pg_class'::regclass and objoid = relation.oid
            left join pg_rewrite r on classoid = 'pg_rewrite'::regclass and objoid = r.oid and r.ev_class::regclass::text in (select name from relation)
            left join pg_trigger t on classoid = 'pg_trigger'::regclass and objoid = t.oid
            left join pg_statistic_ext s on classoid = 'pg_statistic_ext'::regclass and objoid = s.oid
            where coalesce(relation.oid, r.oid, t.oid, s.oid) is not null
        union all select format('constraint %s on %s', pg_get_constraintdef(k.oid), name) from pg_constraint k join relation on conrelid = relation.oid
        union all select format('function %s acl %s', oid::regprocedure, proacl) from pg_proc where pronamespace = 'shop'::regnamespace
        union all select format('default privileges %s %s %s %s', defaclrole::regrole, defaclnamespace, defaclobjtype, defaclacl) from pg_default_acl
        """;

    public static async Task<string> Read(ShopDatabase database)
    {
        await using var connection = await database.Open($"{ShopDatabase.Service}_owner");
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(rows.GetString(0));
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
