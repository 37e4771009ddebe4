using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>A resource's process, the leader of a process group of its own, so that all of it can be ended.</summary>
internal sealed class ChildProcess : IDisposable
{
    // Long enough for a request to end and for a database to write its last checkpoint.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    // WaitForExitAsync would wait for the end of the output too, and so for a child that was left behind.
    private readonly TaskCompletionSource _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process)
    {
        _process = process;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _exit.TrySetResult();
    }

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public static ChildProcess Start(IResource resource, ILogger output)
    {
        // setsid replaces itself by the command: the process id stays.
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        switch (resource)
        {
            case ExecutableResource executable:
                start.WorkingDirectory = executable.WorkingDirectory;
                start.ArgumentList.Add(executable.Command);
                break;
            default:
                var project = resource.Annotations.OfType<IProjectMetadata>().Single();
                start.WorkingDirectory = Path.GetDirectoryName(project.ProjectPath)!;
                start.ArgumentList.Add(Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet");
                start.ArgumentList.Add(project.TargetPath);
                break;
        }

        foreach (var argument in resource.Annotations.OfType<ArgumentsNote>().SelectMany(note => note.Arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var note in resource.Annotations.OfType<EnvironmentNote>())
        {
            note.Add(start.Environment!);
        }

        var number = 0;
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Write(LogLevel.Information, line.Data);
        process.ErrorDataReceived += (_, line) => Write(LogLevel.Error, line.Data);
        var child = new ChildProcess(process);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;

        void Write(LogLevel level, string? line)
        {
            if (line is not null)
            {
#pragma warning disable CA1848, CA1873 // The real app host logs it in this form, which the console of AppHost reads.
                output.Log(level, "{LineNumber}: {LineContent}", Interlocked.Increment(ref number), line);
#pragma warning restore CA1848, CA1873
            }
        }
    }

    /// <summary>Until the process and all of its group are gone.</summary>
    public async Task WaitForExit(CancellationToken ct)
    {
        await _exit.Task.WaitAsync(ct);
        await End();
    }

    /// <summary>Asks it to end, waits, and then makes it.</summary>
    public async Task Stop()
    {
        _ = Signal(Id, Terminate);
        await End();
    }

    public void Dispose() => _process.Dispose();

    // What a leader leaves behind, as a server its script, may still be closing its files.
    private async Task End()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var since = Stopwatch.GetTimestamp();
        while (Signal(-Id, Nothing) == 0 && await timer.WaitForNextTickAsync())
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                _ = Signal(-Id, Kill);
            }
        }

        // The last lines, which say why it ended. Their end can be a long way off if something outside of the group still has the pipe.
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(TimeSpan.FromSeconds(5)));
    }

    private const int Nothing = 0;
    private const int Kill = 9;
    private const int Terminate = 15;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
