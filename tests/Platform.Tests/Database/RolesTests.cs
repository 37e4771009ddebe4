using Npgsql;

namespace Platform.Tests.Database;

/// <summary>Asks the database itself, as each role, so that what is refused here is refused in production.</summary>
public sealed class RolesTests(PlatformDatabase platform) : IClassFixture<PlatformDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly string[] MigratorTables = [".__migrations", ".__backfills", ".__functions"];

    public static TheoryData<string> Roles => [.. PlatformDatabase.Roles];

    public static TheoryData<string> Schemas => [.. Sources.Schemas];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_service_role_cannot_access_tables_of_other_services(string role)
    {
        var theirs = await Tables(schema => schema != role && schema != "platform");
        theirs.Count.ShouldBeGreaterThanOrEqualTo(10, "Found too few tables: this test would prove nothing.");

        foreach (var table in theirs)
        {
            await Refused(role, $"select 1 from {table}");
            await Refused(role, $"delete from {table}");
        }
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_service_role_may_only_read_the_keys_in_the_platform_schema(string role)
    {
        await Done(role, "select xml from platform.keys");
        foreach (var table in await Tables(schema => schema == "platform"))
        {
            if (table != "platform.keys")
            {
                await Refused(role, $"select 1 from {table}");
            }
        }

        await Refused(role, "update platform.keys set xml = ''");
        await Refused(role, "delete from platform.keys");
        await Refused(role, "truncate platform.keys");
        if (role != "users")
        {
            await Refused(role, "insert into platform.keys (friendly_name, xml, created_at) values ('mine', '', '2026-01-01')");
        }
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_service_role_cannot_change_any_schema(string role)
    {
        foreach (var schema in Sources.Schemas.Append("public").Append("platform"))
        {
            await Refused(role, $"create table {schema}.mine (id bigint)");
        }

        await Refused(role, "create schema mine");
        await Refused(role, "create role mine");
        foreach (var table in await Tables(schema => schema == role))
        {
            await Refused(role, $"alter table {table} add column mine bigint");
            await Refused(role, $"drop table {table}");
            await Refused(role, $"truncate {table}");
        }
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task A_service_role_reads_every_table_of_its_schema(string role)
    {
        // Partitions are read through their parent table.
        var own = await Tables(schema => schema == role, "not c.relispartition");
        own.Count.ShouldBeGreaterThanOrEqualTo(5);

        foreach (var table in own)
        {
            // Only migrate reads the applied migrations and functions, and the progress of backfills.
            await (MigratorTables.Any(name => table.EndsWith(name, StringComparison.Ordinal))
                ? Refused(role, $"select 1 from {table} limit 1")
                : Done(role, $"select 1 from {table} limit 1"));
        }
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task A_service_role_cannot_change_or_delete_audit_entries(string role)
    {
        await Refused(role, "update audit set action = 'nothing'");
        await Refused(role, "delete from audit");
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task An_owner_role_can_change_only_its_own_schema(string service)
    {
        var owner = $"{service}_owner";
        await Done(owner, $"create table {service}.mine (id bigint)");

        foreach (var schema in Sources.Schemas.Where(schema => schema != service).Append("public"))
        {
            await Refused(owner, $"create table {schema}.mine (id bigint)");
        }

        foreach (var table in await Tables(schema => schema != service && Sources.Schemas.Contains(schema)))
        {
            await Refused(owner, $"select 1 from {table}");
            await Refused(owner, $"alter table {table} add column mine bigint");
        }

        await Refused(owner, "create role mine");
    }

    [Fact]
    public async Task The_rule_sees_an_excess_grant()
    {
        await platform.Database.Execute("grant usage on schema users to loyalty; grant select on users.users to loyalty", Ct);
        try
        {
            await Assert.ThrowsAsync<ShouldAssertException>(() => Refused("loyalty", "select 1 from users.users"));
        }
        finally
        {
            await platform.Database.Execute("revoke select on users.users from loyalty; revoke usage on schema users from loyalty", Ct);
        }
    }

    [Fact]
    public async Task No_role_has_superuser_or_administrative_rights() =>
        (await platform.Database.Column<string>(
            """
            select rolname::text from pg_roles
            where rolname = any ($1) and (rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls)
            """, Ct, [(string[])[.. PlatformDatabase.Roles, .. PlatformDatabase.Roles.Select(role => $"{role}_owner"), "platform_keys_reader"]]))
        .ShouldBeEmpty();

    /// <returns>Every table, including partitions, with its schema.</returns>
    private async Task<IReadOnlyList<string>> Tables(Func<string, bool> inSchema, string condition = "true") =>
    [
        .. (await platform.Database.Column<string>(
            $"""
            select n.nspname || '.' || quote_ident(c.relname)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and {condition}
            order by 1
            """, Ct)).Where(table => inSchema(table.Split('.')[0])),
    ];

    private async Task Refused(string role, string sql)
    {
        var fault = await Should.ThrowAsync<PostgresException>(() => Try(role, sql), $"{role}: {sql}");
        fault.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, $"{role}: {sql}: {fault.MessageText}");
    }

    private Task Done(string role, string sql) => Try(role, sql);

    private async Task Try(string role, string sql)
    {
        await using var connection = await platform.Database.Open(platform.Database.Service(role)).OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
        // Nothing is kept.
        await transaction.RollbackAsync(Ct);
    }
}
