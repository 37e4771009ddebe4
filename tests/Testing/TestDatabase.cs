using System.Collections.Concurrent;
using Npgsql;

namespace Platform.Testing;

/// <summary>A test class's own database, made by <c>platform provision</c> and <c>[service] migrate</c>, and dropped at the end.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>Password of all services' roles. Roles are shared by the whole server, so no test may change it.</summary>
    public const string Password = "test";

    private readonly string _server;
    private readonly ConcurrentDictionary<string, NpgsqlDataSource> _sources = new();
    private bool _drop;

    internal TestDatabase(string name, string server)
    {
        Name = name;
        _server = server;
    }

    public string Name { get; }

    /// <summary>Connection string of the server's superuser.</summary>
    public string Superuser => Connection("postgres");

    /// <summary>Connection string that a service serves with: it may read and write rows of its schema.</summary>
    public string Service(string service) => Connection(service);

    /// <summary>Connection string that a service migrates with: it may change its schema.</summary>
    public string Owner(string service) => Connection($"{service}_owner");

    /// <param name="services">Services whose tables it has: <c>loyalty</c>. Users is always included; <c>gateway</c> adds a role.</param>
    public static async Task<TestDatabase> Create(params string[] services)
    {
        var template = await Template.For(services);
        var server = (await Servers.Addresses).Postgres;
        var database = new TestDatabase($"test_{Guid.NewGuid():N}", server) { _drop = true };
        await Execute(server, $"create database \"{database.Name}\" template \"{template.Name}\"");
        return database;
    }

    /// <param name="connectionString">One of this object's connection strings.</param>
    public NpgsqlDataSource Open(string connectionString) => _sources.GetOrAdd(connectionString, NpgsqlDataSource.Create);

    /// <summary>The first column of the first row, read as the superuser; names need their schema.</summary>
    public async Task<T?> Scalar<T>(string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync(ct) is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>Runs SQL as the superuser; names need their schema.</summary>
    public async Task<int> Execute(string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The first column of every row, read as the superuser; names need their schema.</summary>
    public async Task<IReadOnlyList<T>> Column<T>(string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var values = new List<T>();
        while (await rows.ReadAsync(ct))
        {
            values.Add(await rows.GetFieldValueAsync<T>(0, ct));
        }

        return values;
    }

    /// <summary>Ends all connections to this database, as an administrator or a server crash would.</summary>
    public Task CutConnections(CancellationToken ct) =>
        Execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values)
        {
            await source.DisposeAsync();
        }

        if (_drop)
        {
            await Execute(_server, $"drop database if exists \"{Name}\" with (force)");
        }
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = Open(Superuser).CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private string Connection(string user) => new NpgsqlConnectionStringBuilder(_server)
    {
        Database = Name,
        Username = user,
        Password = Template.Password,
        // Idle connections slow down dropping a database, and many classes share one server.
        MaxPoolSize = 16,
        ConnectionIdleLifetime = 30,
    }.ConnectionString;

    private static async Task Execute(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false, CommandTimeout = 120 }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
