using Microsoft.Extensions.Configuration;
using Npgsql;
using Platform.Contracts;
using Platform.Ops.Provision;
using Platform.Ops.Terminal;

namespace Platform.Ops.Services;

/// <summary>Which services the platform has, and what the environment says of it: where its servers are, and the services' logins. The README lists it all.</summary>
internal sealed class PlatformSettings(IConfiguration configuration)
{
    /// <summary>Each has a schema, its verbs and a queue. Users is the first, since all the others read its keys of the tokens.</summary>
    public static readonly IReadOnlyList<string> AllServices = [.. PlatformService.All.Where(service => service.HasSchema).Select(service => service.Name)];

    /// <summary>What a verb has no use for, by the beginnings of its name: no program finds a secret in its environment that is not its own.</summary>
    private static readonly string[] Secrets =
        ["DATABASE_SECRET", "POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "ADMIN_PASSWORD", "BOT_API_KEY_", "TELEGRAM_TOKEN_", "ConnectionStrings__postgres", "Roles__"];

    private readonly Lazy<IReadOnlyList<ServiceLogin>> _logins = new(() => ReadLogins(configuration));

    public static PlatformSettings FromEnvironment() => new(new ConfigurationBuilder().AddEnvironmentVariables().Build());

    /// <summary>As ASP.NET understands it: what nobody has set is production.</summary>
    public bool IsDevelopment =>
        string.Equals(configuration["DOTNET_ENVIRONMENT"] ?? configuration["ASPNETCORE_ENVIRONMENT"], "Development", StringComparison.OrdinalIgnoreCase);

    /// <summary>The connection that makes roles and schemas: a superuser's, or of the database's owner when that may create roles.</summary>
    public string Superuser => Database.Username is { Length: > 0 }
        ? Database.ConnectionString
        : throw new UsageException("ConnectionStrings__postgres has no Username: roles are created by a superuser, or by a login with CREATEROLE that owns the database.");

    /// <summary>Those that are given: of whatever is to have roles in the database.</summary>
    public IReadOnlyList<ServiceLogin> Logins => _logins.Value is { Count: > 0 } logins
        ? logins
        : throw new UsageException("The services' logins are missing: Roles__NAME__Password and Roles__NAME__OwnerPassword for each, or DATABASE_SECRET for all.");

    public string DatabaseName => Database.Database ?? "";

    /// <summary>Where the platform's database is; whose login it names, if any, is not for services.</summary>
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
                    ? new NpgsqlConnectionStringBuilder(text)
                    : throw new UsageException("ConnectionStrings__postgres is missing: where the platform's database is, Host=...;Port=...;Database=platform");
            }
            // Its message quotes what it does not understand, which may be a part of a password.
            catch (ArgumentException)
            {
                throw new UsageException("ConnectionStrings__postgres is not a connection string: Host=...;Port=...;Database=platform;Username=...;Password=...");
            }
        }
    }

    /// <param name="names">Empty for all.</param>
    /// <returns>Users first.</returns>
    /// <exception cref="UsageException">There is no such service.</exception>
    public static IReadOnlyList<string> Chosen(IReadOnlyCollection<string> names) => names.Except(AllServices).FirstOrDefault() is { } unknown
        ? throw new UsageException($"There is no service '{unknown}'. There are: {string.Join(", ", AllServices)}.")
        : [.. AllServices.Where(service => names.Count == 0 || names.Contains(service))];

    /// <param name="names">Empty for all.</param>
    /// <returns>Users first.</returns>
    /// <exception cref="UsageException">There is no such service, or something is missing that its verbs need.</exception>
    public IReadOnlyList<ServiceProgram> Services(IReadOnlyCollection<string> names)
    {
        var services = Chosen(names);
        // Asked for here, so that what is missing is said before anything begins: a service that nobody gave a login must not be passed over.
        _ = (Database, Broker);
        if (services.Except(Logins.Where(login => login.OwnerPassword is not null).Select(login => login.Service)).FirstOrDefault() is { } stranger)
        {
            throw new UsageException($"The login of {stranger} is missing: Roles__{stranger}__Password and Roles__{stranger}__OwnerPassword.");
        }

        return [.. services.Select(service => ServiceProgram.Find(service, configuration[$"Services:{service}:Program"]))];
    }

    /// <summary>The connection that the service serves with.</summary>
    public string Serving(string service) => Login(service, Of(service).Password);

    /// <summary>The connection that may change the service's schema.</summary>
    public string Owner(string service) => Login($"{service}_owner", Of(service).OwnerPassword!);

    /// <summary>What a service's verb gets beside what all inherit from this process; null takes something away.</summary>
    /// <param name="asOwner">Whether it may change the schema.</param>
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
