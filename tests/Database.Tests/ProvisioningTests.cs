using Npgsql;
using Platform.Ops.Provision;
using Platform.Testing;

namespace Platform.Database.Tests;

public sealed class ProvisioningTests : IAsyncLifetime
{
    private readonly string _name = $"provisioned_{Guid.NewGuid():n}";
    private string _server = "";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IReadOnlyList<ServiceLogin> Logins =>
        [new("users", TestDatabase.Password, TestDatabase.Password), new("bakery", "b'1", "o2"), new("door", "d1", null)];

    public async ValueTask InitializeAsync()
    {
        _server = (await Servers.Addresses).Postgres;
        await Run(_server, $"create database {_name}");
        await Provisioning.Apply(As("postgres", ""), Logins, Ct);
    }

    public async ValueTask DisposeAsync() => await Run(_server, $"drop database {_name} with (force)");

    [Fact]
    public async Task Owners_create_tables_and_services_read_and_write_their_rows()
    {
        await Run(As("bakery_owner", "o2"),
            "create table loaves (id bigint generated always as identity); create function f() returns int language sql as 'select 1'");

        await Run(As("bakery", "b'1"), "insert into loaves default values; select f(); update loaves set id = default; delete from loaves");
        await Refused(As("bakery", "b'1"), "create table rolls (id bigint)");
        await Refused(As("bakery", "b'1"), "truncate loaves");
    }

    [Fact]
    public async Task Services_cannot_use_other_schemas_or_the_public_one()
    {
        await Run(As("bakery_owner", "o2"), "create table loaves (id bigint)");

        foreach (var (role, password) in new[] { ("users", TestDatabase.Password), ("users_owner", TestDatabase.Password), ("door", "d1") })
        {
            await Refused(As(role, password), "select * from bakery.loaves");
            await Refused(As(role, password), "create table public.rolls (id bigint)");
            await Refused(As(role, password), "create schema mine");
        }
    }

    [Fact]
    public async Task Keys_are_written_by_users_and_read_by_every_service()
    {
        await Run(As("users_owner", TestDatabase.Password),
            "create table platform.keys (id bigint); grant select on platform.keys to platform_keys_reader; grant insert on platform.keys to users");

        await Run(As("users", TestDatabase.Password), "insert into platform.keys values (1)");
        await Run(As("door", "d1"), "select * from platform.keys");
        await Run(As("bakery", "b'1"), "select * from platform.keys");
        await Refused(As("bakery", "b'1"), "insert into platform.keys values (2)");
        await Refused(As("bakery", "b'1"), "create table platform.locks (id bigint)");
        await Refused(As("bakery_owner", "o2"), "select * from platform.keys");
    }

    [Fact]
    public async Task Repeated_provisioning_updates_passwords_and_revokes_manual_grants()
    {
        await Run(As("postgres", ""), "alter role door superuser");
        await Provisioning.Apply(As("postgres", ""), [.. Logins.Take(2), new ServiceLogin("door", "d2", null)], Ct);

        await Run(As("door", "d2"), "select 1");
        await Refused(As("door", "d2"), "create schema mine");
    }

    [Fact]
    public async Task Owners_can_create_trigram_indexes_but_no_extensions()
    {
        await Run(As("bakery_owner", "o2"), "create table loaves (name text); create index on loaves using gin (name extensions.gin_trgm_ops)");

        await Run(As("bakery", "b'1"), "insert into loaves values ('rye'); select * from loaves where name like '%ye%'");
        await Refused(As("bakery_owner", "o2"), "create table extensions.loaves (name text)");
        await Refused(As("bakery_owner", "o2"), "create extension btree_gin");
    }

    [Fact]
    public async Task A_manually_created_extension_is_moved_to_the_extensions_schema()
    {
        await Run(As("postgres", ""), "drop extension pg_trgm; drop schema extensions; create extension pg_trgm with schema public");
        (await Provisioning.Missing(As("postgres", ""), Logins, Ct)).ShouldBe(["schema extensions"]);

        await Provisioning.Apply(As("postgres", ""), Logins, Ct);

        (await Provisioning.Missing(As("postgres", ""), Logins, Ct)).ShouldBeEmpty();
        await Run(As("bakery_owner", "o2"), "create table loaves (name text); create index on loaves using gin (name extensions.gin_trgm_ops)");
    }

    [Fact]
    public async Task Missing_objects_are_listed()
    {
        await Run(As("postgres", ""), "drop extension pg_trgm");

        (await Provisioning.Missing(As("postgres", ""), Logins, Ct)).ShouldBe(["extension pg_trgm"]);
    }

    [Theory]
    [InlineData("Bakery")]
    [InlineData("bakery; drop schema users")]
    [InlineData("")]
    public async Task An_invalid_role_name_is_refused(string name) =>
        await Provisioning.Apply(As("postgres", ""), [new ServiceLogin(name, "x", "x")], Ct).ShouldThrowAsync<ArgumentException>();

    [Fact]
    public async Task Waiting_for_an_unreachable_server_times_out()
    {
        var unreachable = new NpgsqlConnectionStringBuilder(_server) { Port = 1 }.ConnectionString;

        await Provisioning.WaitUntilAccepting(unreachable, TimeSpan.FromMilliseconds(300), Ct).ShouldThrowAsync<TimeoutException>();
    }

    [Fact]
    public void A_login_does_not_print_its_passwords() => $"{Logins[0]}".ShouldBe("users");

    private static async Task Refused(string connectionString, string sql) =>
        (await Run(connectionString, sql).ShouldThrowAsync<PostgresException>()).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

    private static async Task Run(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private string As(string role, string password)
    {
        var settings = new NpgsqlConnectionStringBuilder(_server) { Database = _name, Pooling = false };
        if (role != settings.Username)
        {
            (settings.Username, settings.Password) = (role, password);
        }

        return settings.ConnectionString;
    }
}
