using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Ops.Terminal;

/// <summary>Says in one line what is wrong with a call and what was probably meant.</summary>
internal static partial class UsageErrors
{
    /// <summary>Makes validators report unreadable values as errors. Reading one throws, which would show a stack trace for a typo.</summary>
    public static void Guard(Command command)
    {
        foreach (var option in command.Options)
        {
            if (option is Option<int> { CustomParser: null } number)
            {
                number.CustomParser = argument => Number(argument, option.Name);
            }

            Guard(option.Validators);
        }

        foreach (var argument in command.Arguments)
        {
            Guard(argument.Validators);
        }

        Guard(command.Validators);
        foreach (var subcommand in command.Subcommands)
        {
            Guard(subcommand);
        }
    }

    /// <returns>Null if nothing is wrong.</returns>
    public static string? Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return (UnknownOption(parsed) is { } option ? $"There is no option {option}.{DidYouMean(option, OptionsOf(parsed.CommandResult))}"
            : parsed.Errors.Count == 0 ? null
            : parsed.UnmatchedTokens is [var word, ..]
                ? command.Subcommands.Count > 0
                    ? $"There is no command '{parsed.CommandPath()} {word}'.{DidYouMean(word, CommandsOf(parsed.RootCommandResult.Command, ""))}"
                    : $"{parsed.CommandPath()} does not take '{word}'."
            : command.Subcommands.Count > 0
                ? $"{parsed.CommandPath()} needs a command: {string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name))}."
            : TypeName().Replace(parsed.Errors[0].Message.ReplaceLineEndings(" "), ".")) is { } complaint
            ? $"{complaint} See `{parsed.CommandPath()} --help`."
            : null;
    }

    private static void Guard<TResult>(List<Action<TResult>> checks) where TResult : SymbolResult
    {
        for (var i = 0; i < checks.Count; i++)
        {
            var check = checks[i];
            checks[i] = result =>
            {
                try
                {
                    check(result);
                }
                catch (InvalidOperationException unreadable)
                {
                    result.AddError(unreadable.Message);
                }
            };
        }
    }

    private static int Number(ArgumentResult argument, string option)
    {
        var typed = argument.Tokens is [.., var last] ? last.Value : "";
        if (!int.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            argument.AddError($"{option} takes a whole number, not '{typed}'.");
        }

        return number;
    }

    // An argument accepts any word, including a mistyped option.
    private static string? UnknownOption(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? null
        : parsed.Tokens.Where(token => token.Type == TokenType.Argument).Select(token => token.Value).Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(word => word.StartsWith('-') && word.Length > 1 && !char.IsAsciiDigit(word[1]))?.Split('=')[0];

    private static IEnumerable<(string Word, string Whole)> OptionsOf(CommandResult result) =>
        result.Command.Options.Select(option => (option.Name, option.Name));

    private static IEnumerable<(string Word, string Whole)> CommandsOf(Command command, string path) => command.Subcommands.SelectMany(subcommand =>
        CommandsOf(subcommand, $"{path}{subcommand.Name} ").Prepend((Word: subcommand.Name, Whole: $"platform {path}{subcommand.Name}")));

    private static string DidYouMean(string word, IEnumerable<(string Word, string Whole)> known)
    {
        var near = known.Select(candidate => (candidate.Whole, Distance: Distance(word, candidate.Word)))
            .Where(candidate => candidate.Distance <= 2 && candidate.Distance < word.TrimStart('-').Length)
            .OrderBy(candidate => candidate.Distance).Select(candidate => candidate.Whole).FirstOrDefault();
        return near is null ? "" : $" Did you mean {near}?";
    }

    // Type names do not help the user.
    [GeneratedRegex(" as expected type .*$")]
    private static partial Regex TypeName();

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var best = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], best);
            }
        }

        return row[^1];
    }
}
