using System.CommandLine;
using System.CommandLine.Parsing;
using Platform.Ops.Services;
using Platform.Ops.Terminal;

namespace Platform.Ops.Messages;

internal static class MessagesCommand
{
    public static Command Create() => new("messages", "Shows messages that a service could not handle, sends them again or discards them.")
    {
        List(), Show(), Requeue(), Discard(), UpdatesCommand.Create(),
    };

    private static Command List()
    {
        var json = Switches.Json();
        var services = Switches.Services();
        var limit = new Option<int>("--limit") { Description = "How many per service, oldest first.", DefaultValueFactory = _ => 100 };
        limit.Validators.Add(result =>
        {
            if (result.GetValue(limit) is < 1 or > 10_000)
            {
                result.AddError("--limit takes a number from 1 to 10000.");
            }
        });
        var command = new Command("list", "Lists the messages that services could not handle, with the reason but without their content.")
        {
            services, limit, json,
        };
        command.SetHandler(json, (parsed, screen, ct) => ListMessages.Run(
            PlatformSettings.FromEnvironment(), parsed.GetValue(services)!, (uint)parsed.GetValue(limit), screen, ct));
        return command;
    }

    private static Command Show()
    {
        var json = Switches.Json();
        var id = new Argument<Guid>("id") { Description = "Message id from the list.", CustomParser = result => Ids(result).FirstOrDefault() };
        var command = new Command("show", "Shows one message with the full reason and its content, which may include personal data.") { id, json };
        command.SetHandler(json, (parsed, screen, ct) => ShowMessage.Run(PlatformSettings.FromEnvironment(), parsed.GetValue(id), screen, ct));
        return command;
    }

    private static Command Requeue() => ForChosen(
        "requeue",
        "Sends messages to their service again, and to no other. They keep their ids, so nothing is done twice.",
        "Show what would be sent again; send nothing.",
        ChosenMessages.Requeue);

    private static Command Discard() => ForChosen(
        "discard",
        "Deletes messages for good. Use show first.",
        "Show what would be discarded; discard nothing.",
        ChosenMessages.Discard);

    private static Command ForChosen(
        string name,
        string description,
        string dryRunDescription,
        ChosenMessages action)
    {
        var json = Switches.Json();
        var ids = new Argument<Guid[]>("id") { Description = "Message ids from the list.", Arity = ArgumentArity.ZeroOrMore, CustomParser = Ids };
        var all = new Option<bool>("--all") { Description = "All messages that are there now." };
        var service = new Option<string[]>("--service") { Description = "Only messages of this service. Can be repeated." };
        var dryRun = Switches.DryRun(dryRunDescription);
        var command = new Command(name, description) { ids, all, service, dryRun, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(ids) is { Length: > 0 })
            {
                result.AddError("Give message ids or use --all.");
            }
        });
        command.SetHandler(json, (parsed, screen, ct) => action.Run(
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
                result.AddError($"'{token.Value}' is not a message id.");
            }
        }

        return [.. ids];
    }
}
