namespace Platform.Ops;

/// <summary>What the command ends with; the services' own verbs use the same numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Something failed; the last lines say what, and what of it stays.</summary>
    public const int Failed = 1;

    /// <summary>Called wrongly, refused, or a setting or a program is missing. Nothing was changed.</summary>
    public const int Usage = 2;

    /// <summary><c>verify</c> found rows that do not add up, <c>migrate status</c> migrations that are not applied.</summary>
    public const int Differs = 3;

    /// <summary>Somebody else is migrating, or holds a lock; the same command may succeed later.</summary>
    public const int Busy = 4;

    /// <summary>Told to stop, by Ctrl-C or a signal. What was under way is rolled back.</summary>
    public const int Stopped = 130;

    public const string Meaning = """
        Exit codes:
          0    done
          1    something failed
          2    called wrongly, refused, or a setting is missing; nothing was changed
          3    verify, migrate status or ready found a difference
          4    somebody else holds the lock; try again later
          130  stopped
        """;

    // What a script must know first comes first.
    private static readonly int[] GravestFirst = [Stopped, Failed, Usage, Busy, Differs, Done];

    /// <summary>The one that stands for several.</summary>
    public static int Gravest(IEnumerable<int> codes)
    {
        var all = codes.Select(Known).ToHashSet();
        return GravestFirst.FirstOrDefault(all.Contains, Done);
    }

    /// <summary>As JSON documents and tables call it.</summary>
    public static string NameOf(int code) => Known(code) switch
    {
        Done => "done",
        Usage => "usage",
        Differs => "differs",
        Busy => "busy",
        Stopped => "stopped",
        _ => "failed",
    };

    // A program that crashed or was killed ends with a number of its own.
    private static int Known(int code) => Array.IndexOf(GravestFirst, code) >= 0 ? code : Failed;
}
