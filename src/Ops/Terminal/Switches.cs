using System.CommandLine;
using System.CommandLine.Parsing;
using Platform.Ops.Services;

namespace Platform.Ops.Terminal;

/// <summary>Options and arguments that several commands share.</summary>
internal static class Switches
{
    public const string JsonName = "--json";

    public static Option<bool> Json() => new(JsonName)
    {
        Arity = ArgumentArity.Zero,
        Description = "Print one JSON document on standard output, for scripts.",
    };

    public static Option<bool> DryRun(string description) => new("--dry-run") { Description = description, Arity = ArgumentArity.Zero };

    public static Argument<string[]> Services() => new("service")
    {
        Description = $"Services to include (default: all): {string.Join(", ", PlatformSettings.AllServices)}.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>The full name of the command, such as <c>platform migrate apply</c>.</summary>
    public static string CommandPath(this ParseResult parsed)
    {
        var words = new Stack<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = command.Parent)
        {
            words.Push(command.Command is RootCommand ? "platform" : command.Command.Name);
        }

        return string.Join(' ', words);
    }
}
