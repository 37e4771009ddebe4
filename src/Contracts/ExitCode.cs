namespace Platform.Contracts;

/// <summary>Exit codes of the services, their verbs and the <c>platform</c> command.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something failed; the last lines say what, and what remains.</summary>
    public const int Failed = 1;

    /// <summary>Wrong arguments, a missing setting or program, or a refused rollback. Nothing was changed.</summary>
    public const int Usage = 2;

    /// <summary><c>verify</c> found rows that do not add up, <c>migrate status</c> a missing migration, or <c>ready</c> anything missing.</summary>
    public const int Differs = 3;

    /// <summary>Another process is migrating or holds a lock. Nothing was changed; the same command may succeed later.</summary>
    public const int Busy = 4;

    /// <summary>A serving process ended itself because it lost the broker for good. Its supervisor restarts it.</summary>
    public const int BrokerLost = 5;

    /// <summary>Stopped by Ctrl-C or a signal. Work in progress is rolled back.</summary>
    public const int Stopped = 130;
}
