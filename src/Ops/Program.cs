using System.CommandLine;
using Platform.Ops;
using Platform.Ops.Provision;

var platform = new RootCommand($"Works on the whole platform. {ExitCode.Meaning}") { ProvisionCommand.Create() };
var parsed = platform.Parse(args);
if (parsed.Errors.Count > 0)
{
    await parsed.InvokeAsync();
    return ExitCode.Usage;
}

return await parsed.InvokeAsync();
