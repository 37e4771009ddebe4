using System.Text.RegularExpressions;

namespace Platform.Tests.Conventions;

public sealed partial class ForbiddenWordsTests
{
    /// <param name="Except">Where it is right after all: the end of a path.</param>
    private sealed record Rule(string Why, Regex Pattern, string[] In, params string[] Except);

    private static readonly Rule[] Rules =
    [
        new("time comes from TimeProvider, or no test can move it", AmbientTime(), ["src", "ServiceDefaults", "AppHost"]),
        // But which rows are new to whoever polls a table, the one clock says that all who write to it share; and a view takes no parameter:
        // whoever asks it by hand is not told of premium that is over, whether or not the job has been there.
        new("time comes as a parameter, not from the database's clock", Now(), ["src", "ServiceDefaults"], "Web/RevokedUsers.cs", "20261125010300_AddMembershipPeriods.cs"),
        // In ServiceDefaults it spreads retries of replicas; nothing there is guessed at.
        new("what people must not guess comes from RandomNumberGenerator", WeakRandom(), ["src"]),
        new("a thread that sleeps serves nobody", Sleep(), ["src", "ServiceDefaults", "AppHost", "tests"]),
        new("await a condition (Eventually), not a time", Delay(), ["tests"], "Testing/Eventually.cs", "Testing/ManualClockTests.cs"),
        new("the code is the same however it is built", Conditional(), ["src", "ServiceDefaults", "AppHost", "tests"]),
        new("a failure in it ends the process", AsyncVoid(), ["src", "ServiceDefaults", "AppHost", "tests"]),
        new("money and points are exact: Money, Points", BinaryMoney(), ["src", "ServiceDefaults"]),
        new("a name that says nothing", EmptyName(), ["src", "ServiceDefaults", "AppHost", "tests"]),
        // Methods of the framework's interfaces are written with its own optional parameter, named cancellationToken.
        new("a token that may be forgotten is forgotten", OptionalToken(), ["src", "ServiceDefaults", "AppHost"]),
        new("what is to be done belongs in the issue, not in the code", Todo(), ["src", "ServiceDefaults", "AppHost", "tests"], "ForbiddenWordsTests.cs"),
    ];

    public static TheoryData<string> Whys => [.. Rules.Select(rule => rule.Why)];

    [Theory]
    [MemberData(nameof(Whys))]
    public void The_sources_do_without(string why)
    {
        var rule = Rules.Single(rule => rule.Why == why);
        var files = Sources.In(rule.In).Concat(Sources.SqlIn(rule.In)).ToList();
        files.Count.ShouldBeGreaterThanOrEqualTo(40, "Found too few files: this test would prove nothing.");

        files.SelectMany(file => Violations(rule, file)).ShouldBeEmpty(why);
    }

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = DateTimeOffset.Now;")]
    [InlineData("update accounts set changed_at = now()")]
    [InlineData("values ($1, CURRENT_TIMESTAMP)")]
    [InlineData("var code = Random.Shared.Next(10_000);")]
    [InlineData("Thread.Sleep(100);")]
    [InlineData("await Task.Delay(100);")]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), ct);")]
    [InlineData("#if FULL_FEED")]
    [InlineData("public async void Start()")]
    [InlineData("public double Amount { get; init; }")]
    [InlineData("public sealed class PointsHelper")]
    [InlineData("Task Run(CancellationToken ct = default)")]
    [InlineData("// TODO: later")]
    public void The_rules_see(string line) =>
        Rules.SelectMany(rule => Violations(rule, new SourceFile("src/Loyalty/Order.cs", line))).ShouldHaveSingleItem();

    [Theory]
    [InlineData("var now = clock.GetUtcNow();")]
    [InlineData("await Task.Delay(Timeout.Infinite, ct);")]
    [InlineData("public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)")]
    [InlineData("Histogram<double> duration; double ms")]
    [InlineData("/// <summary>Unlike DateTime.UtcNow it can be moved.</summary>")]
    public void The_rules_leave_alone(string line) =>
        Rules.SelectMany(rule => Violations(rule, new SourceFile("src/Loyalty/Order.cs", line))).ShouldBeEmpty();

    private static IEnumerable<string> Violations(Rule rule, SourceFile file) =>
        from line in file.Lines
        where !rule.Except.Any(path => file.Path.EndsWith(path, StringComparison.Ordinal))
        // Examples of the mistakes, in this very file and its like.
        where !line.Text.Contains("[InlineData(", StringComparison.Ordinal)
        where !line.Text.TrimStart().StartsWith("///", StringComparison.Ordinal)
        where rule.Pattern.IsMatch(line.Text)
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b")]
    private static partial Regex AmbientTime();

    [GeneratedRegex(@"\bnow\(\)|\bcurrent_(timestamp|date|time)\b|\b(clock|statement|transaction)_timestamp\(\)", RegexOptions.IgnoreCase)]
    private static partial Regex Now();

    [GeneratedRegex(@"\bRandom\.Shared\b|\bnew Random\(")]
    private static partial Regex WeakRandom();

    [GeneratedRegex(@"\bThread\.Sleep\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bTask\.Delay\((?!Timeout\.Infinite)")]
    private static partial Regex Delay();

    [GeneratedRegex(@"^\s*#(if|elif)\b")]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\basync void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\b(double|float)\??\s+\w*(amount|price|points|balance|total|sum|pay|cost|credit)\w*", RegexOptions.IgnoreCase)]
    private static partial Regex BinaryMoney();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum) \w*(Helpers?|Utils?|Utilities|Manager|Impl|Dto|Common)\b")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\bCancellationToken (?!cancellationToken\b)\w+ = default")]
    private static partial Regex OptionalToken();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Todo();
}
