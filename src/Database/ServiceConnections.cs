using Npgsql;

namespace Platform.Database;

/// <summary>The service's ways to its database, each from the connection string that the configuration gives and settings of its own.</summary>
internal sealed class ServiceConnections(ServiceName service, IConfiguration configuration)
{
    /// <summary>Of one process. All processes share the server's <c>max_connections</c>, 100 as it comes; two cores are busy with far fewer.</summary>
    public const int PoolSize = 16;

    public string Service => service.Value;

    /// <summary>The service's own role: rows, no schema changes.</summary>
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

    /// <summary>For a lock that is held as long as the client lives and is in touch.</summary>
    public string ForLeader(string name)
    {
        var settings = Read("database");
        settings.ApplicationName = $"{Service} leader {name}";
        settings.Pooling = false;
        settings.Timeout = 5;
        settings.CommandTimeout = 5;
        // The client's questions are its heartbeat, also for the server: a leader that is frozen or cut off from the network,
        // whose connection TCP would keep for hours, loses it after 8 seconds of silence, and its lock with it.
        settings.KeepAlive = 3;
        settings.Options = $"{settings.Options} -c idle_session_timeout=8000".TrimStart();
        return settings.ConnectionString;
    }

    /// <summary>The role that owns the schema: only <c>migrate</c> is given it.</summary>
    public string ForOwner()
    {
        var settings = Read("owner");
        settings.ApplicationName = $"{Service} migrate";
        settings.SearchPath = Service;
        settings.Pooling = false;
        // A change of a large table takes as long as it takes; what must be short is the wait for its lock (SqlMigration).
        settings.CommandTimeout = 0;
        // A statement that waits for a server which is gone, or which waits for a client that is, ends within half a minute.
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
            : throw new MissingSettingException($"ConnectionStrings:{name} is missing: Host=...;Port=...;Database=platform;Username=...;Password=..."));
}

internal sealed class MissingSettingException(string message) : VerbFailedException(message, ExitCode.Usage);
