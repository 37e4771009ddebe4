using Platform.Testing;

namespace Platform.Tests.Database;

/// <summary>One database with every service in it, as in production.</summary>
public sealed class PlatformDatabase : IAsyncLifetime
{
    private TestDatabase? _database;

    public TestDatabase Database => _database!;

    /// <summary>Every service has a service role, and those with a schema an owner role.</summary>
    public static IReadOnlyList<string> Roles { get; } = [.. Sources.Services.Select(service => service.ToLowerInvariant())];

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create([.. Roles]);

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;
}
