using System.Text.RegularExpressions;

namespace Platform.Ops.Tests;

/// <summary>Every wrong call is refused in one line and with exit code 2. The commands are read from the help.</summary>
public sealed partial class UsageErrorsTests
{
    private static readonly string[] NoValues = ["abc", "-1", "99999999999999999999", ""];

    [Fact]
    public async Task Every_invalid_argument_of_every_command_is_refused_in_one_line_with_exit_code_2()
    {
        var commands = await Commands([]);
        commands.Count.ShouldBeGreaterThanOrEqualTo(10, "Found too few commands: this test would prove nothing.");
        commands.Sum(command => command.WithValue.Count).ShouldBeGreaterThanOrEqualTo(5);

        foreach (var command in commands)
        {
            await Refused([.. command.Words, "--nonsense"]);
            await Refused([.. command.Words, "one", "two", "three"]);
            foreach (var flag in command.Flags)
            {
                await Refused([.. command.Words, $"{flag}=perhaps"]);
            }

            foreach (var option in command.WithValue)
            {
                await Refused([.. command.Words, option]);
                foreach (var value in NoValues)
                {
                    await Refused([.. command.Words, option, value]);
                }
            }
        }
    }

    [Theory]
    [InlineData("messages list --limit abc", "--limit takes a whole number, not 'abc'.")]
    [InlineData("provision --wait -5", "--wait takes a number of seconds from 0 to 3600.")]
    [InlineData("verify --jsno", "There is no option --jsno. Did you mean --json?")]
    [InlineData("sttaus", "There is no command 'platform sttaus'. Did you mean platform migrate status?")]
    [InlineData("status", "There is no command 'platform status'. Did you mean platform migrate status?")]
    [InlineData("migrate statsu", "There is no command 'platform migrate statsu'. Did you mean platform migrate status?")]
    [InlineData("migrate", "platform migrate needs a command: status, plan, apply, rollback.")]
    [InlineData("provision now", "platform provision does not take 'now'.")]
    public async Task A_wrong_call_is_explained_with_a_suggestion(string words, string complaint)
    {
        var refused = await Refused(words.Split(' '));

        refused.Errors.ShouldContain(complaint);
        refused.Errors.ShouldContain("--help`");
    }

    [Fact]
    public async Task Help_lists_the_commands_and_exit_codes()
    {
        var bare = await PlatformCommand.Run([]);
        var help = await PlatformCommand.Run([], "help");
        var ofOne = await PlatformCommand.Run([], "help", "migrate");

        bare.ExitCode.ShouldBe(2, bare.ToString());
        help.ExitCode.ShouldBe(0, help.ToString());
        bare.Output.ShouldBe(help.Output);
        help.Output.ShouldContain("seed-demo");
        help.Output.ShouldMatch("(?m)^ *3 +verify");
        ofOne.ExitCode.ShouldBe(0, ofOne.ToString());
        ofOne.Output.ShouldContain("rollback");
        (await PlatformCommand.Run([], "migrate", "rollback", "--help")).ExitCode.ShouldBe(0, "help needs no arguments");
        (await PlatformCommand.Run([], "--version")).ExitCode.ShouldBe(0);
    }

    private static async Task<CommandOutcome> Refused(string[] words)
    {
        // Without settings no command can succeed: even correct words end with 2.
        var run = await PlatformCommand.Run([], words);

        run.ExitCode.ShouldBe(2, $"platform {string.Join(' ', words)}: {run}");
        if (!words.Any(word => word.StartsWith("--json", StringComparison.Ordinal)))
        {
            run.Output.ShouldBeEmpty();
        }

        run.Errors.TrimEnd('\n').Split('\n').Length.ShouldBe(1, $"platform {string.Join(' ', words)}: {run}");
        run.Errors.ShouldNotMatch(@"   at |Exception|System\.", $"platform {string.Join(' ', words)}");
        return run;
    }

    private static async Task<List<Command>> Commands(string[] words)
    {
        var help = (await PlatformCommand.Run([], [.. words, "--help"])).Output;
        var subcommands = Names(help, "Commands:");
        if (subcommands.Count == 0)
        {
            var options = Section(help, "Options:").Where(line => line.TrimStart().StartsWith('-')).ToList();
            return
            [
                new Command(
                    words,
                    [
                        .. options.Where(line => !line.Contains('<', StringComparison.Ordinal)).Select(Name)
                            .Where(name => name.StartsWith("--", StringComparison.Ordinal)),
                    ],
                    [.. options.Where(line => line.Contains('<', StringComparison.Ordinal)).Select(Name)]),
            ];
        }

        var commands = new List<Command>();
        foreach (var subcommand in subcommands)
        {
            commands.AddRange(await Commands([.. words, subcommand]));
        }

        return commands;
    }

    private static List<string> Names(string help, string section) => [.. Section(help, section).Where(line => FirstOfEntry().IsMatch(line)).Select(Name)];

    private static IEnumerable<string> Section(string help, string section) =>
        help.Split('\n').SkipWhile(line => line.TrimEnd() != section).Skip(1).TakeWhile(line => line.Trim().Length > 0);

    private static string Name(string line) => line.Trim().Split(' ', ',')[0];

    // Continuation lines are indented further.
    [GeneratedRegex("^  [a-z]")]
    private static partial Regex FirstOfEntry();

    private sealed record Command(string[] Words, IReadOnlyList<string> Flags, IReadOnlyList<string> WithValue);
}
