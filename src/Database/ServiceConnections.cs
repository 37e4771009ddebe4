using Npgsql;
using Platform.Contracts;

namespace Platform.Database;

/// <summary>The service's connection strings: the configured one plus settings for each purpose.</summary>
internal sealed class ServiceConnections(ServiceName service, IConfiguration configuration)
{
    /// <summary>For one process. All processes share the server's <c>max_connections</c>, by default 100; two cores need far fewer.</summary>
    public const int PoolSize = 16;

    public string Service => service.Value;

    /// <summary>For the service's role, which reads and writes rows and cannot change the schema.</summary>
    public string ForPool()
    {
        var settings = Read("database");
        settings.ApplicationName = Service;
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, PoolSize);
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 3;
        settings.KeepAlive = 30;
        return settings.ConnectionString;
    }

    /// <summary>For a lock that is released soon after the client dies or is cut off.</summary>
    public string ForLeader(string name)
    {
        var settings = Read("database");
        settings.ApplicationName = $"{Service} leader {name}";
        settings.Pooling = false;
        settings.Timeout = 5;
        settings.CommandTimeout = 5;
        // Keepalive queries are the heartbeat. After 8 seconds without one the server closes the connection of a frozen or cut-off
        // leader and releases the lock. TCP alone would keep the connection for hours.
        settings.KeepAlive = 3;
        settings.Options = $"{settings.Options} -c idle_session_timeout=8000".TrimStart();
        return settings.ConnectionString;
    }

    /// <summary>For the role that owns the schema. Only <c>migrate</c> has it.</summary>
    public string ForOwner()
    {
        var settings = Read("owner");
        settings.ApplicationName = $"{Service} migrate";
        settings.SearchPath = Service;
        settings.Pooling = false;
        // Changes of large tables may take long. SqlMigration limits only the wait for locks.
        settings.CommandTimeout = 0;
        // A statement ends within half a minute of losing the server or the client.
        settings.KeepAlive = 30;
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = 15;
        settings.TcpKeepAliveInterval = 5;
        settings.Options = $"{settings.Options} -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c client_connection_check_interval=5000".TrimStart();
        return settings.ConnectionString;
    }

    public string DatabaseName => Read("owner").Database ?? "";

    private NpgsqlConnectionStringBuilder Read(string name) => new(
        configuration.GetConnectionString(name) is { Length: > 0 } text
            ? text
            : throw new MissingSettingException(
                $"ConnectionStrings:{name} is missing. Set it to: Host=...;Port=...;Database=platform;Username=...;Password=..."));
}

internal sealed class MissingSettingException(string message) : VerbFailedException(message, ExitCode.Usage);
