namespace Platform.Database;

/// <summary>What a service or one of its verbs ends with. The <c>platform</c> command uses the same.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>It failed; the last lines say why. What a transaction began is rolled back.</summary>
    public const int Failed = 1;

    /// <summary>The arguments make no sense, a setting is missing, or rolling back was refused. Nothing was changed.</summary>
    public const int Usage = 2;

    /// <summary><c>verify</c> found a row that does not add up, or <c>migrate status</c> a migration that is not applied.</summary>
    public const int Differs = 3;

    /// <summary>A lock was not granted in any of its tries; nothing is changed, and the same command may succeed later.</summary>
    public const int Busy = 4;

    /// <summary>
    /// A serving process ended itself: it had lost the broker for good, while the broker was there. Its supervisor starts it again.
    /// </summary>
    public const int BrokerLost = 5;

    /// <summary>It was told to stop, by Ctrl-C or a signal.</summary>
    public const int Stopped = 130;
}
