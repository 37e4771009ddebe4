using Npgsql;

namespace Platform.ServiceDefaults.Web.Startup;

/// <summary>What a service refuses to start with, unless it says of itself that it runs in Development: every other environment is production.</summary>
public static class ProductionRules
{
    private const int SecretLength = 32;

    /// <summary>Shortest password of a database or a broker: those that are made here have 32 and more.</summary>
    private const int PasswordLength = 16;

    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "admin", "changeme", "change-me", "change_me", "default", "development", "example", "guest", "password", "placeholder",
        "platform", "postgres", "qwerty", "secret", "test", "todo", "xxx", "12345", "123456", "12345678", "123456789",
    };

    /// <summary>Adds a rule of the service's own.</summary>
    /// <param name="complaint">What is wrong, naming the setting and never its value; null when all is well.</param>
    public static IServiceCollection AddProductionRule(this IServiceCollection services, Func<IConfiguration, string?> complaint) =>
        services.AddSingleton(new ProductionRule(complaint));

    /// <summary>A setting that must be there, be no placeholder and have a length that nobody guesses.</summary>
    public static IServiceCollection AddProductionSecret(this IServiceCollection services, string setting, int minimumLength = SecretLength) =>
        services.AddProductionRule(configuration => configuration[setting] switch
        {
            null or "" => $"{setting} is missing.",
            var value when IsPlaceholder(value) => $"{setting} is a placeholder.",
            var value when value.Length < minimumLength => $"{setting} is shorter than {minimumLength} characters.",
            _ => null,
        });

    internal static void AddProductionRules(this IServiceCollection services)
    {
        services.AddProductionRule(ComplaintOfKeys);
        services.AddProductionRule(TrustedProxies.ComplaintOf);
        services.AddProductionRule(configuration => configuration[OffsetClock.Setting] is null or "" ? null : $"{OffsetClock.Setting} is for tests only.");
        services.AddProductionRule(configuration => string.Join(' ',
            from connection in configuration.GetSection("ConnectionStrings").GetChildren()
            let password = PasswordOf(connection.Value)
            where password is not null && (IsPlaceholder(password) || password.Length < PasswordLength)
            select IsPlaceholder(password)
                ? $"ConnectionStrings:{connection.Key} has a placeholder for a password."
                : $"ConnectionStrings:{connection.Key} has a password of less than {PasswordLength} characters.") is { Length: > 0 } complaints ? complaints : null);
    }

    internal static string? ComplaintOfKeys(IConfiguration configuration) => configuration["Keys:Certificate:Path"] is null or ""
        ? "Keys:Certificate:Path is missing: the keys of all tokens would lie readable in the database."
        : null;

    private static bool IsPlaceholder(string value) =>
        Placeholders.Contains(value.Trim()) || value.Trim() is ['<', .., '>'] or ['$', '{', .., '}'] || value.Distinct().Count() < 3;

    /// <returns>Null when it has none, which is an error of its own or a matter of the server's.</returns>
    private static string? PasswordOf(string? connection)
    {
        if (Uri.TryCreate(connection, UriKind.Absolute, out var address) && address.UserInfo.Length > 0)
        {
            return Uri.UnescapeDataString(address.UserInfo[(address.UserInfo.IndexOf(':') + 1)..]);
        }

        try
        {
            return new NpgsqlConnectionStringBuilder(connection).Password;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

internal sealed record ProductionRule(Func<IConfiguration, string?> Complaint);

internal sealed class KeepProductionRules(IEnumerable<ProductionRule> rules, IConfiguration configuration, IHostEnvironment environment)
    : IHostedLifecycleService
{
    // Before anything starts.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() && rules.Select(rule => rule.Complaint(configuration)).OfType<string>().ToArray() is { Length: > 0 } complaints)
        {
            throw new InvalidOperationException($"This does not start in {environment.EnvironmentName}: {string.Join(' ', complaints)}");
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
