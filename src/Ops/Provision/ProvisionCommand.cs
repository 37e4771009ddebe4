using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Platform.Ops.Provision;

internal static class ProvisionCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document instead of lines." };
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
            "Makes the services' roles and schemas in the database, or brings them up to date: roles, passwords, grants. Safe to repeat. "
            + "Settings: ConnectionStrings__postgres (a superuser, on the platform's database); for each service Roles__NAME__Password and, "
            + "when it has a schema, Roles__NAME__OwnerPassword.")
        {
            json, wait,
        };
        command.SetAction((parsed, ct) => Run(
            new ConfigurationBuilder().AddEnvironmentVariables().Build(), TimeSpan.FromSeconds(parsed.GetValue(wait)), parsed.GetValue(json), ct));
        return command;
    }

    private static async Task<int> Run(IConfiguration settings, TimeSpan wait, bool json, CancellationToken ct)
    {
        var services = settings.GetSection("Roles").GetChildren()
            .Select(role => new ServiceLogin(role.Key.ToLowerInvariant(), role["Password"] ?? "", role["OwnerPassword"]))
            .ToList();
        var connection = settings.GetConnectionString("postgres");
        var missing = string.IsNullOrEmpty(connection) ? "ConnectionStrings__postgres"
            : services.Count == 0 ? "Roles__NAME__Password"
            : services.FirstOrDefault(service => service.Password.Length == 0) is { } unnamed ? $"Roles__{unnamed.Service}__Password"
            : null;
        if (missing is not null)
        {
            await Console.Error.WriteLineAsync($"{missing} is missing.");
            return ExitCode.Usage;
        }

        try
        {
            await Provisioning.WaitUntilAccepting(connection!, wait, ct);
            await Provisioning.Apply(connection!, services, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitCode.Stopped;
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"failed: {e.Message}");
            return e is ArgumentException ? ExitCode.Usage : ExitCode.Failed;
        }

        var names = services.Select(service => service.Service).ToList();
        Console.WriteLine(json ? JsonSerializer.Serialize(new { services = names }) : $"roles and schemas are up to date: {string.Join(", ", names)}");
        return ExitCode.Done;
    }
}
