using Npgsql;
using Platform.Contracts;

namespace Platform.AppHost;

/// <summary>The settings' secrets as Aspire parameters: the dashboard masks them, and each process gets only those that it needs.</summary>
internal sealed class Secrets
{
    private static readonly string[] Known =
    [
        "ADMIN_PASSWORD", "BOT_API_KEY_BARISTA", "BOT_API_KEY_CLIENT", "CARD_SECRET", "DASHBOARD_TOKEN", "DATABASE_SECRET", "POSTGRES_PASSWORD",
        "RABBITMQ_PASSWORD", "SMTP_URL", "TELEGRAM_TOKEN_BARISTA", "TELEGRAM_TOKEN_CLIENT",
    ];

    private readonly Dictionary<string, IResourceBuilder<ParameterResource>> _parameters = [];
    private readonly IDistributedApplicationBuilder _builder;
    private readonly Ports _ports;

    /// <remarks>Removes the secrets from this process's environment, which the orchestrator would pass on.</remarks>
    public Secrets(IDistributedApplicationBuilder builder, Ports ports)
    {
        (_builder, _ports) = (builder, ports);
        if (builder.Configuration["DASHBOARD_TOKEN"] is { Length: > 0 } token)
        {
            builder.Configuration["AppHost:BrowserToken"] = token;
        }

        foreach (var secret in Known)
        {
            Environment.SetEnvironmentVariable(secret, null);
        }
    }

    /// <summary>The login that creates roles and schemas.</summary>
    public IResourceBuilder<ParameterResource> Superuser => Parameter("postgres-superuser", () => SuperuserLogin);

    public string SuperuserLogin => Login("postgres", Required("POSTGRES_PASSWORD"));

    /// <summary>The broker's address in the services' format.</summary>
    public IResourceBuilder<ParameterResource> Broker => Parameter("broker", () =>
        $"amqp://{Uri.EscapeDataString(Required("RABBITMQ_USER"))}:{Uri.EscapeDataString(Required("RABBITMQ_PASSWORD"))}@127.0.0.1:{_ports.RabbitMq}/");

    /// <summary>A setting that <c>./run</c> generates if it is not set.</summary>
    public IResourceBuilder<ParameterResource> Of(string setting) => Parameter(ParameterName(setting), () => Required(setting));

    /// <summary>The login that a service runs with.</summary>
    public IResourceBuilder<ParameterResource> Database(string role) =>
        Parameter($"{role}-database", () => Login(role, RolePassword.Of(role, Required("DATABASE_SECRET"))));

    /// <summary>A value that is not a setting, such as the token of a bot in the sandbox.</summary>
    public IResourceBuilder<ParameterResource> Given(string setting, string value) => Parameter(ParameterName(setting), () => value);

    private string Login(string role, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _ports.Postgres,
        Database = "platform",
        Username = role,
        Password = password,
    }.ConnectionString;

    private string Required(string key) =>
        _builder.Configuration[key] is { Length: > 0 } value ? value : throw new DistributedApplicationException($"{key} is not set. ./run generates it.");

    private IResourceBuilder<ParameterResource> Parameter(string name, Func<string> value)
    {
        if (!_parameters.TryGetValue(name, out var parameter))
        {
            _parameters[name] = parameter = _builder.AddParameter(name, value, publishValueAsDefault: false, secret: true);
        }

        return parameter;
    }

    private static string ParameterName(string setting) => setting.ToLowerInvariant().Replace('_', '-');
}
