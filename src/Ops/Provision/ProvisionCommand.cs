using System.CommandLine;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Provision;

internal static class ProvisionCommand
{
    public static Command Create()
    {
        var json = Switches.Json();
        var dryRun = Switches.DryRun("Say which roles, schemas and extensions are missing, and change nothing.");
        var wait = new Option<int>("--wait")
        {
            Description = "For how many seconds to wait for the server to accept connections.",
            DefaultValueFactory = _ => 30,
        };
        wait.Validators.Add(result =>
        {
            if (result.GetValue(wait) is < 0 or > 3600)
            {
                result.AddError("--wait is a number of seconds from 0 to 3600.");
            }
        });

        var command = new Command("provision",
            "Makes the services' roles and schemas in the database, or brings them up to date: roles, passwords, grants, extensions. Safe to repeat.")
        {
            json, dryRun, wait,
        };
        command.Does(json, (parsed, screen, ct) => Run(
            PlatformSettings.FromEnvironment(), TimeSpan.FromSeconds(parsed.GetValue(wait)), parsed.GetValue(dryRun), screen, ct));
        return command;
    }

    private static async Task<int> Run(PlatformSettings settings, TimeSpan wait, bool dryRun, Screen screen, CancellationToken ct)
    {
        var services = settings.Logins.Select(login => login.Service).ToList();
        await Provisioning.WaitUntilAccepting(settings.Superuser, wait, ct);
        if (dryRun)
        {
            var missing = await Provisioning.Missing(settings.Superuser, settings.Logins, ct);
            screen.Show(missing.Count == 0 ? "nothing is missing; passwords and grants would be set again" : $"would make {string.Join(", ", missing)}");
            return screen.End(ExitCode.Done, new { outcome = "done", services, missing });
        }

        await Apply(settings, ct);
        screen.Show($"roles and schemas are up to date: {string.Join(", ", services)}");
        return screen.End(ExitCode.Done, new { outcome = "done", services });
    }

    /// <exception cref="UsageException">A service's name cannot be a role's.</exception>
    public static async Task Apply(PlatformSettings settings, CancellationToken ct)
    {
        try
        {
            await Provisioning.Apply(settings.Superuser, settings.Logins, ct);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
