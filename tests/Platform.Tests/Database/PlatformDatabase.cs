using Platform.Testing;

namespace Platform.Tests.Database;

/// <summary>One database with every service in it, as it stands in production.</summary>
public sealed class PlatformDatabase : IAsyncLifetime
{
    private TestDatabase? _database;

    public TestDatabase Database => _database!;

    /// <summary>Every service has a serving role, and those with a schema an owner's.</summary>
    public static IReadOnlyList<string> Roles { get; } = [.. Sources.Services.Select(service => service.ToLowerInvariant())];

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create([.. Roles]);

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;
}
