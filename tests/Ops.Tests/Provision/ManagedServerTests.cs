using Npgsql;
using Platform.Testing;

namespace Platform.Ops.Tests.Provision;

/// <summary>On a managed server the platform gets a login that may create roles and owns the database, but no superuser.</summary>
public sealed class ManagedServerTests : IAsyncLifetime
{
    private const string Password = "it's the manager's";

    private readonly string _manager = $"manager_{Guid.NewGuid():N}";
    private EmptyDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Manager => new NpgsqlConnectionStringBuilder(_database.Superuser) { Username = _manager, Password = Password }.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        _database = await EmptyDatabase.Create();
        await _database.Execute($"""
            create role {_manager} login createrole createdb password '{Password.Replace("'", "''", StringComparison.Ordinal)}';
            alter database {new NpgsqlConnectionStringBuilder(_database.Superuser).Database} owner to {_manager};
            """);
    }

    public async ValueTask DisposeAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(_database.Superuser) { Database = "postgres" }.ConnectionString;
        await _database.DisposeAsync();
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync(CancellationToken.None);
        await using var drop = new NpgsqlCommand($"drop role {_manager}", connection);
        await drop.ExecuteNonQueryAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_login_with_CREATEROLE_can_provision_and_migrate_repeatedly()
    {
        await using var broker = await VirtualHost.Create();
        var settings = PlatformCommand.Settings(Manager, broker.Address, PlatformCommand.AllServices);

        var applied = await PlatformCommand.Run(settings, "migrate", "apply", "users", "loyalty");
        var provisioned = await PlatformCommand.Run(settings, "provision");

        applied.ExitCode.ShouldBe(0, applied.ToString());
        provisioned.ExitCode.ShouldBe(0, provisioned.ToString());
        (await _database.Scalar<string>("select nspowner::regrole::text from pg_namespace where nspname = 'users'")).ShouldBe("users_owner");
        await using var users = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_database.Superuser) { Username = "users", Password = TestDatabase.Password }.ConnectionString);
        await users.OpenAsync(Ct);
        await using var write = new NpgsqlCommand("insert into seen_phones (phone, user_id, seen_at) values ('+79990000000', 1, '2026-01-01')", users);
        (await write.ExecuteNonQueryAsync(Ct)).ShouldBe(1);
    }

    [Fact]
    public async Task A_provisioned_platform_is_migrated_without_the_privileged_login()
    {
        await using var broker = await VirtualHost.Create();
        var settings = PlatformCommand.Settings(Manager, broker.Address, PlatformCommand.AllServices);
        (await PlatformCommand.Run(settings, "provision")).ExitCode.ShouldBe(0);
        settings["ConnectionStrings__postgres"] = new NpgsqlConnectionStringBuilder(Manager) { Username = null, Password = null }.ConnectionString;

        (await PlatformCommand.Run(settings, "migrate", "apply", "users")).ExitCode.ShouldBe(0);

        settings["Roles__billing__Password"] = "another";
        var changed = await PlatformCommand.Run(settings, "migrate", "apply", "users");
        changed.ExitCode.ShouldBe(2, changed.ToString());
        changed.Errors.ShouldContain("CREATEROLE");
    }
}
