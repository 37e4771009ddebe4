using System.CommandLine;
using System.Runtime.InteropServices;
using Platform.Contracts;
using Platform.Ops;
using Platform.Ops.Demo;
using Platform.Ops.Messages;
using Platform.Ops.Migrate;
using Platform.Ops.Prepare;
using Platform.Ops.Provision;
using Platform.Ops.Ready;
using Platform.Ops.Resync;
using Platform.Ops.Terminal;
using Platform.Ops.Verify;

var platform = new RootCommand($"Operates the whole platform.\n\n{ExitCodes.Help}")
{
    PrepareCommand.Create(),
    ProvisionCommand.Create(),
    MigrateCommand.Create(),
    VerifyCommand.Create(),
    ResyncCommand.Create(),
    SeedDemoCommand.Create(),
    MessagesCommand.Create(),
    ReadyCommand.Create(),
};
UsageErrors.Guard(platform);

// Without arguments, show the help.
string[] words = args is [] ? ["--help"] : args is ["help", ..] ? [.. args[1..], "--help"] : args;
var parsed = platform.Parse(words);
if (UsageErrors.Describe(parsed) is { } complaint)
{
    return new Screen(words.Contains(Switches.JsonName)).Refuse(ExitCode.Usage, complaint);
}

// The first signal rolls back and stops; the second ends the process at once.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOn);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOn);
var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
return args is [] ? ExitCode.Usage : code;

void StopOn(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
