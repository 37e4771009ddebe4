using Npgsql;
using Platform.Ops.Provision;
using Platform.Testing;

namespace Platform.Database.Tests;

/// <summary>A fresh database with the roles and the schema of a service called <c>shop</c>.</summary>
public sealed class ShopDatabase : IAsyncLifetime
{
    public const string Service = "shop";

    private const string Password = "it's a \\ password";

    private readonly string _name = $"shop_{Guid.NewGuid():n}";
    private string _server = "";

    public string Superuser => As("postgres");

    public string Name => _name;

    /// <summary>A host of the service, without a database context.</summary>
    public HostApplicationBuilder Host(TimeProvider clock, IEnumerable<KeyValuePair<string, string?>>? settings = null, string? environment = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Environment.EnvironmentName = environment ?? Environments.Development;
        builder.Configuration.AddInMemoryCollection(settings ?? Settings);
        builder.Services.AddSingleton(new ServiceName(Service));
        builder.Services.AddSingleton(clock);
        return builder;
    }

    internal ServiceConnections Connections => new(
        new ServiceName(Service),
        new ConfigurationBuilder().AddInMemoryCollection(Settings).Build());

    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["ConnectionStrings:database"] = As(Service),
        ["ConnectionStrings:owner"] = As($"{Service}_owner"),
    };

    public async ValueTask InitializeAsync()
    {
        _server = (await Servers.Addresses).Postgres;
        await Execute(_server, $"create database {_name}");
        await Provisioning.Apply(Superuser, [new ServiceLogin(Service, Password, Password)], TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync() => await Execute(_server, $"drop database {_name} with (force)", CancellationToken.None);

    public string As(string role)
    {
        var settings = new NpgsqlConnectionStringBuilder(_server) { Database = _name };
        if (role != settings.Username)
        {
            (settings.Username, settings.Password) = (role, Password);
        }

        return settings.ConnectionString;
    }

    public Task AsOwner(string sql) => Execute(As($"{Service}_owner"), sql);

    public Task AsService(string sql) => Execute(As(Service), sql);

    public Task AsSuperuser(string sql) => Execute(Superuser, $"set search_path = {Service}; {sql}");

    /// <summary>The first column of the first row, read as the schema's owner.</summary>
    public async Task<T> Read<T>(string sql)
    {
        await using var connection = await Open($"{Service}_owner");
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async Task<NpgsqlConnection> Open(string role)
    {
        var connection = new NpgsqlConnection($"{As(role)};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Resets the schema to the state after <c>platform provision</c>.</summary>
    public async Task Empty()
    {
        await AsSuperuser($"drop schema {Service} cascade");
        await Provisioning.Apply(Superuser, [new ServiceLogin(Service, Password, Password)], TestContext.Current.CancellationToken);
    }

    /// <summary>Ends every connection and refuses new ones until <paramref name="meanwhile"/> is over.</summary>
    public async Task Away(Func<Task> meanwhile)
    {
        await Execute(_server, $"alter database {_name} allow_connections false");
        try
        {
            await Execute(_server, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{_name}'");
            await meanwhile();
        }
        finally
        {
            await Execute(_server, $"alter database {_name} allow_connections true", CancellationToken.None);
        }
    }

    internal async Task<TDb> OpenAsOwner<TDb>() where TDb : ServiceDb =>
        Database.Migrator.Open<TDb>(await Open($"{Service}_owner"), Service);

    internal Migrator Migrator<TDb>(LockRetries? retries = null, SqlFunctions? functions = null) where TDb : ServiceDb =>
        Database.Migrator.Of<TDb>(Connections, retries, functions);

    private static Task Execute(string connectionString, string sql) => Execute(connectionString, sql, TestContext.Current.CancellationToken);

    private static async Task Execute(string connectionString, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
