using System.CommandLine;
using System.Runtime.InteropServices;
using Platform.Ops;
using Platform.Ops.Demo;
using Platform.Ops.Messages;
using Platform.Ops.Migrate;
using Platform.Ops.Provision;
using Platform.Ops.Ready;
using Platform.Ops.Resync;
using Platform.Ops.Terminal;
using Platform.Ops.Verify;

var platform = new RootCommand($"Works on the whole platform. {ExitCode.Meaning}")
{
    ProvisionCommand.Create(),
    MigrateCommand.Create(),
    VerifyCommand.Create(),
    ResyncCommand.Create(),
    SeedDemoCommand.Create(),
    MessagesCommand.Create(),
    ReadyCommand.Create(),
};

var parsed = platform.Parse(args);
if (parsed.Errors.Count > 0)
{
    return new Screen(args.Contains(Switches.JsonName)).Refuse(
        ExitCode.Usage, $"{string.Join(' ', parsed.Errors.Select(error => error.Message))} {parsed.CommandPath()} --help tells more.");
}

// The first signal lets what is under way roll back; the second ends it at once.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOn);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOn);
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);

void StopOn(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
