using Platform.Testing;

namespace Platform.Gateway.Tests;

/// <summary>A database with the token keys, which the gateway reads with its own role.</summary>
public sealed class KeysInDatabase : IAsyncLifetime
{
    private TestDatabase? _database;

    public string GatewayConnection => _database!.Service("gateway");

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create("gateway");

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;
}
