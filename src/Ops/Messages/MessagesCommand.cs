using System.CommandLine;
using System.CommandLine.Parsing;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Messages;

internal static class MessagesCommand
{
    public static Command Create() => new("messages", "Looks at messages that a service could not handle, sends them to it again, or discards them.")
    {
        List(), Show(), Requeue(), Discard(), UpdatesCommand.Create(),
    };

    private static Command List()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var limit = new Option<int>("--limit") { Description = "How many of each service, the oldest first.", DefaultValueFactory = _ => 100 };
        limit.Validators.Add(result =>
        {
            if (result.GetValue(limit) is < 1 or > 10_000)
            {
                result.AddError("--limit is a number from 1 to 10000.");
            }
        });
        var command = new Command("list", "Lists the messages that services could not handle, with the reason and without their content.") { services, limit, json };
        command.Does(json, (parsed, screen, ct) => ListMessages.Run(
            PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, (uint)parsed.GetValue(limit), screen, ct));
        return command;
    }

    private static Command Show()
    {
        var json = Switches.Json();
        var id = new Argument<Guid>("id") { Description = "Of the message, from the list.", CustomParser = result => Ids(result).FirstOrDefault() };
        var command = new Command("show", "Shows one of them: its content, which may be personal data, and the whole reason.") { id, json };
        command.Does(json, (parsed, screen, ct) => ShowMessage.Run(PlatformSettings.FromEnvironment(), parsed.GetValue(id), screen, ct));
        return command;
    }

    private static Command Requeue() => OfChosen(
        "requeue",
        "Sends messages to their service again: to that one alone, under their old id, so that nothing it has done is done twice.",
        "Say which would be sent again, and send nothing.",
        ChosenMessages.Requeue);

    private static Command Discard() => OfChosen(
        "discard",
        "Deletes messages that nothing can come of. They are gone for good: show them first.",
        "Say which would be discarded, and discard nothing.",
        ChosenMessages.Discard);

    private static Command OfChosen(
        string name,
        string description,
        string dryRunDescription,
        ChosenMessages action)
    {
        var json = Switches.Json();
        var ids = new Argument<Guid[]>("id") { Description = "Of the messages, from the list.", Arity = ArgumentArity.ZeroOrMore, CustomParser = Ids };
        var all = new Option<bool>("--all") { Description = "All that wait now, instead of some." };
        var service = new Option<string[]>("--service") { Description = "Only those of this service; may be given more than once." };
        var dryRun = Switches.DryRun(dryRunDescription);
        var command = new Command(name, description) { ids, all, service, dryRun, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(ids) is { Length: > 0 })
            {
                result.AddError("Name the messages, or say --all.");
            }
        });
        command.Does(json, (parsed, screen, ct) => action.Run(
            PlatformSettings.FromEnvironment(), parsed.GetValue(ids)!, parsed.GetValue(service)!, parsed.GetValue(dryRun), screen, ct));
        return command;
    }

    private static Guid[] Ids(ArgumentResult result)
    {
        var ids = new List<Guid>();
        foreach (var token in result.Tokens)
        {
            if (Guid.TryParse(token.Value, out var id))
            {
                ids.Add(id);
            }
            else
            {
                result.AddError($"'{token.Value}' is not the id of a message.");
            }
        }

        return [.. ids];
    }
}
