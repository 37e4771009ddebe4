using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.Database;
using Platform.Ops.Terminal;

namespace Platform.Ops.Services;

/// <summary>How a verb of a service ended.</summary>
/// <param name="Code">One of <see cref="ExitCode"/>; null when it was not run, since one before it failed.</param>
/// <param name="Answer">The JSON document that the service printed.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record ServiceOutcome(string Service, int? Code, JsonElement? Answer, string? Error, long Milliseconds)
{
    public string Name => Code is { } code ? ExitCode.NameOf(code) : "notRun";

    public static ServiceOutcome NotRun(string service) => new(service, null, null, null, 0);
}

/// <summary>A service's program, which knows its verbs: nothing else of a service is known here.</summary>
internal sealed class ServiceProgram
{
    private const string Progress = "progress: ";
    private const string StackFrame = "   at ";

    /// <summary>Of what a program writes before it dies, this many lines are told.</summary>
    private const int LastLines = 10;

    private readonly string _path;

    private ServiceProgram(string service, string path) => (Service, _path) = (service, path);

    public string Service { get; }

    /// <summary>Which build it is; null when that cannot be told.</summary>
    public string? Build => ProgramBuild.Of(Path.ChangeExtension(_path, ".dll"));

    /// <summary>Beside this program, as a build or a deployment leaves it, unless a setting says where.</summary>
    /// <param name="path">A <c>.dll</c>, which <c>dotnet</c> runs, or something executable; null for the place beside this program.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public static ServiceProgram Find(string service, string? path)
    {
        var project = char.ToUpperInvariant(service[0]) + service[1..];
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string[] places = path is { Length: > 0 }
            ? [Path.GetFullPath(path)]
            :
            [
                // bin/Ops/release/platform.dll, bin/Users/release/Users.dll
                Path.Combine(here.FullName, "..", "..", project, here.Name, $"{project}.dll"),
                // app/Ops/platform.dll, app/Users/Users.dll
                Path.Combine(here.FullName, "..", project, $"{project}.dll"),
            ];
        return places.FirstOrDefault(File.Exists) is { } found
            ? new ServiceProgram(service, Path.GetFullPath(found))
            : throw new UsageException(
                $"The program of {service} is not at {string.Join(" or ", places.Select(Path.GetFullPath))}. Build or publish it there, or set Services__{service}__Program.");
    }

    /// <summary>Runs a verb to its end. When called off it is asked to stop, and has rolled back when this returns.</summary>
    /// <param name="environment">Beside what it inherits; null takes a variable away.</param>
    /// <param name="tell">Told a line for each thing that happens meanwhile.</param>
    public async Task<ServiceOutcome> Run(
        IEnumerable<string> words, IEnumerable<KeyValuePair<string, string?>> environment, Action<string> tell, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = new Process { StartInfo = StartOf([.. words, "--json"], environment) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new ServiceOutcome(Service, ExitCode.Failed, null, e.Message, 0);
        }

        process.StandardInput.Close();
        var answer = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = ReadErrors(process.StandardError, tell);
        await using (ct.UnsafeRegister(_ => Ask(process), null))
        {
            await process.WaitForExitAsync(CancellationToken.None);
        }

        var code = ct.IsCancellationRequested && process.ExitCode == KilledByTerminate ? ExitCode.Stopped : process.ExitCode;
        return Outcome(code, await answer, await errors, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private ProcessStartInfo StartOf(IEnumerable<string> words, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var isLibrary = _path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isLibrary ? Dotnet() : _path, isLibrary ? words.Prepend(_path) : words)
        {
            // Its own appsettings.json lies here.
            WorkingDirectory = Path.GetDirectoryName(_path),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        return start;
    }

    private ServiceOutcome Outcome(int code, string answer, IReadOnlyCollection<string> errors, long milliseconds)
    {
        JsonElement? document = null;
        try
        {
            using var parsed = JsonDocument.Parse(answer);
            document = parsed.RootElement.Clone();
        }
        catch (JsonException) when (code != ExitCode.Done)
        {
            // It died before it could answer; its last lines say why.
        }
        catch (JsonException)
        {
            return new ServiceOutcome(Service, ExitCode.Failed, null, $"It printed no JSON document: {answer.Trim()}", milliseconds);
        }

        if (code is ExitCode.Done or ExitCode.Differs)
        {
            return new ServiceOutcome(Service, code, document, null, milliseconds);
        }

        var error = code == ExitCode.Stopped ? null
            : document is { ValueKind: JsonValueKind.Object } told && told.TryGetProperty("error", out var why) ? why.GetString()
            : string.Join('\n', errors.TakeLast(LastLines).Prepend($"It ended with {code}."));
        return new ServiceOutcome(Service, code, null, error, milliseconds);
    }

    private static async Task<IReadOnlyCollection<string>> ReadErrors(StreamReader errors, Action<string> tell)
    {
        var kept = new Queue<string>();
        while (await errors.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.StartsWith(Progress, StringComparison.Ordinal))
            {
                tell(line[Progress.Length..]);
            }
            else if (!line.StartsWith(StackFrame, StringComparison.Ordinal))
            {
                kept.Enqueue(line);
                if (kept.Count > LastLines)
                {
                    kept.Dequeue();
                }
            }
        }

        return kept;
    }

    private static void Ask(Process process)
    {
        // Ctrl-C in a terminal has reached it already; a signal to this process alone has not.
        if (!process.HasExited)
        {
            _ = Signal(process.Id, Terminate);
        }
    }

    // The one that runs this program, which need not be on the path.
    private static string Dotnet() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet")) is var dotnet && File.Exists(dotnet) ? dotnet : "dotnet";

    private const int Terminate = 15;

    // It did not listen to signals yet: it has done nothing.
    private const int KilledByTerminate = 128 + Terminate;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
