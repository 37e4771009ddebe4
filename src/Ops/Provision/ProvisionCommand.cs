using System.CommandLine;
using Platform.Contracts;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Provision;

internal static class ProvisionCommand
{
    public static Command Create()
    {
        var json = Switches.Json();
        var dryRun = Switches.DryRun("Show what is missing or outdated; change nothing.");
        var wait = new Option<int>("--wait")
        {
            Description = "Seconds to wait until the server accepts connections.",
            DefaultValueFactory = _ => 30,
        };
        wait.Validators.Add(result =>
        {
            if (result.GetValue(wait) is < 0 or > 3600)
            {
                result.AddError("--wait takes a number of seconds from 0 to 3600.");
            }
        });

        var command = new Command("provision",
            "Creates roles, schemas and extensions in the database, and updates passwords and grants. Safe to repeat.")
        {
            json, dryRun, wait,
        };
        command.SetHandler(json, (parsed, screen, ct) => Run(
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
            screen.Show(missing.Count == 0 ? "nothing is missing; passwords and grants would be set again" : $"would create {string.Join(", ", missing)}");
            return screen.End(ExitCode.Done, new { outcome = "done", services, missing });
        }

        await Apply(settings, ct);
        screen.Show($"roles and schemas are up to date: {string.Join(", ", services)}");
        return screen.End(ExitCode.Done, new { outcome = "done", services });
    }

    /// <summary>Provisions only if something is outdated, so that the privileged login is not needed otherwise.</summary>
    public static async Task Ensure(PlatformSettings settings, Screen screen, CancellationToken ct)
    {
        var outdated = await Provisioning.Outdated(settings.Server, settings.Logins, ct);
        if (outdated.Count > 0)
        {
            await Apply(settings, ct);
        }

        screen.Say(outdated.Count == 0 ? "roles and schemas are up to date" : $"roles and schemas are up to date: {string.Join(", ", settings.Logins)}");
    }

    /// <exception cref="UsageException">A service's name is not a valid role name.</exception>
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
