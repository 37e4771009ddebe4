using Platform.Contracts;

namespace Platform.Ops;

/// <summary>Names, severity and help text of the exit codes, which the services' own verbs share.</summary>
internal static class ExitCodes
{
    public const string Help = """
        Exit codes:
          0    done
          1    something failed
          2    called wrongly, refused, or a setting is missing; nothing was changed
          3    verify, migrate status or ready found a difference
          4    another process holds the lock; try again later
          130  stopped
        """;

    private static readonly int[] WorstFirst =
        [ExitCode.Stopped, ExitCode.Failed, ExitCode.Usage, ExitCode.Busy, ExitCode.Differs, ExitCode.Done];

    /// <summary>The worst of several codes.</summary>
    public static int Worst(IEnumerable<int> codes)
    {
        var all = codes.Select(Known).ToHashSet();
        return WorstFirst.FirstOrDefault(all.Contains, ExitCode.Done);
    }

    /// <summary>The name in JSON documents and tables.</summary>
    public static string NameOf(int code) => Known(code) switch
    {
        ExitCode.Done => "done",
        ExitCode.Usage => "usage",
        ExitCode.Differs => "differs",
        ExitCode.Busy => "busy",
        ExitCode.Stopped => "stopped",
        _ => "failed",
    };

    // A program that crashed or was killed ends with other numbers.
    private static int Known(int code) => Array.IndexOf(WorstFirst, code) >= 0 ? code : ExitCode.Failed;
}
