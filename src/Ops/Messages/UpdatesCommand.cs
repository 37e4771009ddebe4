using System.CommandLine;
using System.Text.Json;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Messages;

/// <summary>Updates that the bots could neither read nor store. The bots store them and answer these commands.</summary>
internal static class UpdatesCommand
{
    private static readonly string[] Service = ["bots"];

    public static Command Create() => new("updates", "Lists and discards updates from people that the bots could not read.") { List(), Discard() };

    private static Command List()
    {
        var json = Switches.Json();
        var command = new Command("list", "Lists the updates with the kind of fault but without their content.") { json };
        command.SetHandler(json, (_, screen, ct) => List(PlatformSettings.FromEnvironment(), screen, ct));
        return command;
    }

    private static Command Discard()
    {
        var json = Switches.Json();
        var ids = new Argument<Guid[]>("id") { Description = "Update ids from the list.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All updates that are there now." };
        var command = new Command("discard", "Deletes updates now. All are deleted after two weeks anyway.") { ids, all, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(ids) is { Length: > 0 })
            {
                result.AddError("Give update ids or use --all.");
            }
        });
        command.SetHandler(json, (parsed, screen, ct) => Discard(PlatformSettings.FromEnvironment(), parsed.GetValue(ids)!, screen, ct));
        return command;
    }

    private static async Task<int> List(PlatformSettings settings, Screen screen, CancellationToken ct)
    {
        var outcomes = await new ServiceRunner(settings, screen).RunConcurrently(settings.Services(Service), ["messages", "list"], asOwner: false, ct);
        var table = Screen.Table("id", "quarantined", "update", "reason");
        foreach (var update in Answer(outcomes, "messages").SelectMany(messages => messages.Deserialize<List<QuarantinedUpdate>>(JsonSerializerOptions.Web)!))
        {
            table.AddTexts($"{update.Id}", $"{update.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z", update.What, update.Reason);
        }

        return screen.End(table, outcomes, ct);
    }

    /// <param name="ids">Empty means all.</param>
    private static async Task<int> Discard(PlatformSettings settings, Guid[] ids, Screen screen, CancellationToken ct)
    {
        string[] which = ids.Length == 0 ? ["--all"] : [.. ids.Select(id => id.ToString())];
        var outcomes = await new ServiceRunner(settings, screen).RunInOrder(
            settings.Services(Service), ["messages", "discard", .. which], asOwner: false, ct);
        foreach (var discarded in Answer(outcomes, "discarded"))
        {
            screen.Show($"discarded {Screen.Number(discarded.GetArrayLength())}");
        }

        return screen.End(table: null, outcomes, ct);
    }

    private static IEnumerable<JsonElement> Answer(IEnumerable<ServiceOutcome> outcomes, string property) =>
        outcomes.Select(outcome => outcome.Answer).OfType<JsonElement>().Select(answer => answer.GetProperty(property));

    private sealed record QuarantinedUpdate(Guid Id, string What, string Reason, DateTimeOffset At);
}
