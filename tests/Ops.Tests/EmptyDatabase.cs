using Npgsql;
using Platform.Testing;

namespace Platform.Ops.Tests;

/// <summary>An empty database without schemas, as a new installation starts with.</summary>
internal sealed class EmptyDatabase : IAsyncDisposable
{
    private readonly string _server;

    private EmptyDatabase(string server, string name)
    {
        _server = server;
        Superuser = new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString;
    }

    public string Superuser { get; }

    public string Owner(string service) => As($"{service}_owner");

    public static async Task<EmptyDatabase> Create()
    {
        var server = (await Servers.Addresses).Postgres;
        var name = $"empty_{Guid.NewGuid():N}";
        await Execute(server, $"create database {name}");
        return new EmptyDatabase(server, name);
    }

    public Task Execute(string sql) => Execute(Superuser, sql);

    public async Task<T> Scalar<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Superuser);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    public async ValueTask DisposeAsync() =>
        await Execute(_server, $"drop database {new NpgsqlConnectionStringBuilder(Superuser).Database} with (force)");

    private string As(string role) => new NpgsqlConnectionStringBuilder(Superuser) { Username = role, Password = TestDatabase.Password }.ConnectionString;

    private static async Task Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
