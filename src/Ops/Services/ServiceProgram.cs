using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.Contracts;
using Platform.Database;
using Platform.Ops.Terminal;

namespace Platform.Ops.Services;

/// <summary>The outcome of a service's verb.</summary>
/// <param name="Code">One of <see cref="ExitCode"/>; null if it did not run because an earlier one failed.</param>
/// <param name="Answer">The JSON document that the service printed.</param>
internal sealed record ServiceOutcome(string Service, int? Code, JsonElement? Answer, string? Error, long Milliseconds)
{
    public string Name => Code is { } code ? ExitCodes.NameOf(code) : "notRun";

    public static ServiceOutcome NotRun(string service) => new(service, null, null, null, 0);
}

/// <summary>A service's program. This command knows nothing else about a service.</summary>
internal sealed class ServiceProgram
{
    private const string Progress = "progress: ";
    private const string StackFrame = "   at ";

    /// <summary>How many of the last lines are reported of a program that crashed.</summary>
    private const int LastLines = 10;

    private readonly string _path;

    private ServiceProgram(string service, string path) => (Service, _path) = (service, path);

    public string Service { get; }

    /// <summary>Identifies the build; null if unknown.</summary>
    public string? Build => ProgramBuild.Of(Path.ChangeExtension(_path, ".dll"));

    /// <summary>Finds the program beside this one, as a build or a deployment leaves it, unless a setting says where.</summary>
    /// <param name="path">A <c>.dll</c>, which <c>dotnet</c> runs, or an executable; null for the default place.</param>
    /// <exception cref="UsageException">The program is not there.</exception>
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
                $"The program of {service} is not at {string.Join(" or ", places.Select(Path.GetFullPath))}. "
                + $"Build or publish it there, or set Services__{service}__Program.");
    }

    /// <summary>Runs a verb to its end. On cancellation it asks the process to stop and returns once it has rolled back.</summary>
    /// <param name="environment">Added to the inherited environment; null removes a variable.</param>
    /// <param name="report">Called with each progress line.</param>
    public async Task<ServiceOutcome> Run(
        IEnumerable<string> words, IEnumerable<KeyValuePair<string, string?>> environment, Action<string> report, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = new Process { StartInfo = StartInfo([.. words, "--json"], environment) };
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
        var errors = ReadErrors(process.StandardError, report);
        await using (ct.UnsafeRegister(_ => RequestStop(process), null))
        {
            await process.WaitForExitAsync(CancellationToken.None);
        }

        var code = ct.IsCancellationRequested && process.ExitCode == KilledByTerminate ? ExitCode.Stopped : process.ExitCode;
        return Outcome(code, await answer, await errors, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private ProcessStartInfo StartInfo(IEnumerable<string> words, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var isLibrary = _path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isLibrary ? Dotnet() : _path, isLibrary ? words.Prepend(_path) : words)
        {
            // The service's appsettings.json is there.
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
            // It crashed before it could answer; its last lines say why.
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
            : document is { ValueKind: JsonValueKind.Object } answered && answered.TryGetProperty("error", out var why) ? why.GetString()
            : string.Join('\n', errors.TakeLast(LastLines).Prepend($"It ended with exit code {code}."));
        return new ServiceOutcome(Service, code, null, error, milliseconds);
    }

    private static async Task<IReadOnlyCollection<string>> ReadErrors(StreamReader errors, Action<string> report)
    {
        var last = new Queue<string>();
        while (await errors.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.StartsWith(Progress, StringComparison.Ordinal))
            {
                report(line[Progress.Length..]);
            }
            else if (!line.StartsWith(StackFrame, StringComparison.Ordinal))
            {
                last.Enqueue(line);
                if (last.Count > LastLines)
                {
                    last.Dequeue();
                }
            }
        }

        return last;
    }

    private static void RequestStop(Process process)
    {
        // Ctrl-C in a terminal reaches the child too; a signal sent to this process alone does not.
        if (!process.HasExited)
        {
            _ = Signal(process.Id, Terminate);
        }
    }

    // The one that runs this program, which need not be on the PATH.
    private static string Dotnet() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet")) is var dotnet && File.Exists(dotnet) ? dotnet : "dotnet";

    private const int Terminate = 15;

    // The process was not handling signals yet, so it has done nothing.
    private const int KilledByTerminate = 128 + Terminate;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
