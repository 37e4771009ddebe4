using System.Diagnostics;

namespace Aspire.Hosting;

/// <summary>
/// A process that outlives the app host by the seconds it takes to end what the app host has started, when that was killed
/// and could not do it. It reads the process groups from its standard input, whose end is the app host's end.
/// </summary>
/// <remarks>
/// Not the kernel's parent-death signal: it is tied to the thread that started the process, which here is one of a pool,
/// and a process that changes its user loses it.
/// </remarks>
internal sealed class Watchdog : IDisposable
{
    private const string Script = """
        declare -A groups
        while read -r verb group; do
            if [[ $verb == guard ]]; then groups[$group]=1; else unset "groups[$group]"; fi
        done
        alive() { for group in "${!groups[@]}"; do kill -0 -- "-$group" 2>/dev/null && return; done; return 1; }
        kill -TERM "${!groups[@]}" 2>/dev/null
        for (( i = 0; i < 150; i++ )); do alive || exit 0; sleep 0.1; done
        for group in "${!groups[@]}"; do kill -KILL -- "-$group" 2>/dev/null; done
        """;

    private readonly HashSet<int> _groups = [];
    private Process _process = Begin();

    public void Guard(int group)
    {
        lock (_groups)
        {
            _groups.Add(group);
            Tell($"guard {group}");
        }
    }

    public void Forget(int group)
    {
        lock (_groups)
        {
            _groups.Remove(group);
            Tell($"forget {group}");
        }
    }

    public void Dispose() => _process.StandardInput.Close();

    private void Tell(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
        }
        // It was killed itself.
        catch (IOException)
        {
            _process.Dispose();
            _process = Begin();
            foreach (var group in _groups)
            {
                _process.StandardInput.WriteLine($"guard {group}");
            }
        }
    }

    private static Process Begin()
    {
        var process = Process.Start(new ProcessStartInfo("setsid", ["bash", "-c", Script]) { RedirectStandardInput = true })!;
        process.StandardInput.AutoFlush = true;
        return process;
    }
}
