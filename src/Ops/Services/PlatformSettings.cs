using Microsoft.Extensions.Configuration;
using Npgsql;
using Platform.Contracts;
using Platform.Ops.Provision;
using Platform.Ops.Terminal;

namespace Platform.Ops.Services;

/// <summary>The platform's services and the settings from the environment. The README lists them.</summary>
internal sealed class PlatformSettings(IConfiguration configuration)
{
    /// <summary>The services with a schema, verbs and a queue. Users first: all others read its token keys.</summary>
    public static readonly IReadOnlyList<string> AllServices = [.. PlatformService.All.Where(service => service.HasSchema).Select(service => service.Name)];

    /// <summary>Prefixes of settings that are hidden from the services' processes: none gets a secret that is not its own.</summary>
    private static readonly string[] Secrets =
        ["DATABASE_SECRET", "POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "ADMIN_PASSWORD", "BOT_API_KEY_",
            "TELEGRAM_TOKEN_", "ConnectionStrings__postgres", "Roles__"];

    private readonly Lazy<IReadOnlyList<ServiceLogin>> _logins = new(() => ReadLogins(configuration));

    public static PlatformSettings FromEnvironment() => new(new ConfigurationBuilder().AddEnvironmentVariables().Build());

    /// <summary>As in ASP.NET: Production unless set otherwise.</summary>
    public bool IsDevelopment =>
        string.Equals(configuration["DOTNET_ENVIRONMENT"] ?? configuration["ASPNETCORE_ENVIRONMENT"], "Development", StringComparison.OrdinalIgnoreCase);

    /// <summary>The connection that creates roles and schemas: a superuser's, or that of the database's owner with CREATEROLE.</summary>
    public string Superuser => Database.Username is { Length: > 0 }
        ? Database.ConnectionString
        : throw new UsageException(
            "ConnectionStrings__postgres has no Username: roles are created by a superuser, or by a login with CREATEROLE that owns the database.");

    public IReadOnlyList<ServiceLogin> Logins => _logins.Value is { Count: > 0 } logins
        ? logins
        : throw new UsageException(
            "The services' logins are missing: Roles__NAME__Password and Roles__NAME__OwnerPassword for each, or DATABASE_SECRET for all.");

    public string DatabaseName => Database.Database ?? "";

    /// <summary>Address of the platform's database. Its login, if any, is not for services.</summary>
    public string Server => Database.ConnectionString;

    public Uri Broker => configuration.GetConnectionString("rabbitmq") is not { Length: > 0 } text
        ? throw new UsageException("ConnectionStrings__rabbitmq is missing: the broker's address, amqp://user:password@host:port/vhost.")
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? address
            : throw new UsageException("ConnectionStrings__rabbitmq is not an address: amqp://user:password@host:port/vhost.");

    private NpgsqlConnectionStringBuilder Database
    {
        get
        {
            var text = configuration.GetConnectionString("postgres");
            try
            {
                return text is { Length: > 0 }
                    ? Patient(new NpgsqlConnectionStringBuilder(text))
                    : throw new UsageException("ConnectionStrings__postgres is missing: where the platform's database is, Host=...;Port=...;Database=platform");
            }
            // The inner message quotes the text it cannot parse, which may be part of a password.
            catch (ArgumentException)
            {
                throw new UsageException(
                    "ConnectionStrings__postgres is not a connection string: Host=...;Port=...;Database=platform;Username=...;Password=...");
            }
        }
    }

    /// <summary>A busy server takes long to accept a connection. A command waits for it, unless the settings say how long.</summary>
    private static NpgsqlConnectionStringBuilder Patient(NpgsqlConnectionStringBuilder database)
    {
        if (!database.ShouldSerialize(nameof(database.Timeout)))
        {
            database.Timeout = 60;
        }

        return database;
    }

    /// <param name="names">Empty means all.</param>
    /// <returns>Users first.</returns>
    /// <exception cref="UsageException">There is no such service.</exception>
    public static IReadOnlyList<string> Chosen(IReadOnlyCollection<string> names) => names.Except(AllServices).FirstOrDefault() is { } unknown
        ? throw new UsageException($"There is no service '{unknown}'. There are: {string.Join(", ", AllServices)}.")
        : [.. AllServices.Where(service => names.Count == 0 || names.Contains(service))];

    /// <param name="names">Empty for all.</param>
    /// <returns>Users first.</returns>
    /// <exception cref="UsageException">There is no such service, or a setting that its verbs need is missing.</exception>
    public IReadOnlyList<ServiceProgram> Services(IReadOnlyCollection<string> names)
    {
        var services = Chosen(names);
        // Read here so that a missing setting is reported before anything starts, and no service without a login is skipped.
        _ = (Database, Broker);
        if (services.Except(Logins.Where(login => login.OwnerPassword is not null).Select(login => login.Service)).FirstOrDefault() is { } missing)
        {
            throw new UsageException($"The login of {missing} is missing: Roles__{missing}__Password and Roles__{missing}__OwnerPassword.");
        }

        return [.. services.Select(service => ServiceProgram.Find(service, configuration[$"Services:{service}:Program"]))];
    }

    /// <summary>The connection that the service runs with.</summary>
    public string Serving(string service) => Login(service, Of(service).Password);

    /// <summary>The connection that may change the service's schema.</summary>
    public string Owner(string service) => Login($"{service}_owner", Of(service).OwnerPassword!);

    /// <summary>Variables that a service's verb gets besides the inherited ones; null removes one.</summary>
    /// <param name="asOwner">Whether the verb may change the schema.</param>
    public IEnumerable<KeyValuePair<string, string?>> EnvironmentOf(string service, bool asOwner)
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => Secrets.Any(secret => name.StartsWith(secret, StringComparison.OrdinalIgnoreCase))))
        {
            yield return new(name, null);
        }

        yield return new("ConnectionStrings__database", Serving(service));
        yield return new("ConnectionStrings__owner", asOwner ? Owner(service) : null);
        yield return new("ConnectionStrings__rabbitmq", Broker.OriginalString);
    }

    private static List<ServiceLogin> ReadLogins(IConfiguration configuration)
    {
        var given = configuration.GetSection("Roles").GetChildren()
            .Select(role => new ServiceLogin(
                role.Key.ToLowerInvariant(),
                role["Password"] is { Length: > 0 } password ? password : throw new UsageException($"Roles__{role.Key}__Password is missing."),
                role["OwnerPassword"] is { Length: > 0 } ownerPassword ? ownerPassword : null))
            .ToList();
        return given.Count > 0 ? given
            : configuration["DATABASE_SECRET"] is { Length: > 0 } secret
                ? [.. PlatformService.All.Select(service => new ServiceLogin(
                    service.Name, RolePassword.Of(service.Name, secret), service.HasSchema ? RolePassword.Of($"{service.Name}_owner", secret) : null))]
                : [];
    }

    private ServiceLogin Of(string service) => Logins.Single(login => login.Service == service);

    private string Login(string role, string password)
    {
        var database = Database;
        (database.Username, database.Password) = (role, password);
        return database.ConnectionString;
    }
}
