using Npgsql;

namespace Platform.ServiceDefaults.Web.Startup;

/// <summary>Settings that a service refuses to start with outside Development. Every other environment counts as production.</summary>
public static class ProductionRules
{
    private const int SecretLength = 32;

    /// <summary>Shortest password of a database or a broker. Generated ones have 32 characters or more.</summary>
    private const int PasswordLength = 16;

    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "admin", "changeme", "change-me", "change_me", "default", "development", "example", "guest", "password", "placeholder",
        "platform", "postgres", "qwerty", "secret", "test", "todo", "xxx", "12345", "123456", "12345678", "123456789",
    };

    /// <param name="check">Returns what is wrong, with the setting's name and never its value; null if nothing is.</param>
    public static IServiceCollection AddProductionRule(this IServiceCollection services, Func<IConfiguration, string?> check) =>
        services.AddSingleton(new ProductionRule(check));

    /// <summary>A required setting that must not be a placeholder or too short.</summary>
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
        services.AddProductionRule(CheckKeys);
        services.AddProductionRule(TrustedProxies.Check);
        services.AddProductionRule(configuration => configuration[OffsetClock.Setting] is null or "" ? null : $"{OffsetClock.Setting} is for tests only.");
        services.AddProductionRule(configuration => string.Join(' ',
            from connection in configuration.GetSection("ConnectionStrings").GetChildren()
            let password = PasswordOf(connection.Value)
            where password is not null && (IsPlaceholder(password) || password.Length < PasswordLength)
            select IsPlaceholder(password)
                ? $"ConnectionStrings:{connection.Key} has a placeholder as its password."
                : $"ConnectionStrings:{connection.Key} has a password of less than {PasswordLength} characters.")
            is { Length: > 0 } violations ? violations : null);
    }

    internal static string? CheckKeys(IConfiguration configuration) => configuration["Keys:Certificate:Path"] is null or ""
        ? "Keys:Certificate:Path is missing: the token keys would be stored unencrypted in the database."
        : null;

    private static bool IsPlaceholder(string value) =>
        Placeholders.Contains(value.Trim()) || value.Trim() is ['<', .., '>'] or ['$', '{', .., '}'] || value.Distinct().Count() < 3;

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

internal sealed record ProductionRule(Func<IConfiguration, string?> Check);

internal sealed class EnforceProductionRules(IEnumerable<ProductionRule> rules, IConfiguration configuration, IHostEnvironment environment)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() && rules.Select(rule => rule.Check(configuration)).OfType<string>().ToArray() is { Length: > 0 } violations)
        {
            throw new InvalidOperationException($"The service does not start in {environment.EnvironmentName}: {string.Join(' ', violations)}");
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
