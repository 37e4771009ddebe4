using System.Text.RegularExpressions;

namespace Platform.Tests.Conventions;

public sealed partial class ForbiddenWordsTests
{
    /// <param name="Except">Files that may break the rule, by the end of their path.</param>
    private sealed record Rule(string Why, Regex Pattern, string[] In, params string[] Except);

    private static readonly Rule[] Rules =
    [
        new("use TimeProvider, so that tests can control the time", AmbientTime(), ["src", "ServiceDefaults", "AppHost"]),
        // RevokedUsers compares rows written by many processes, so it needs the one clock they share. A view takes no
        // parameters, so the one of membership uses the database's clock.
        new("pass the time as a parameter, do not use the database's clock", Now(), ["src", "ServiceDefaults"],
            "Web/RevokedUsers.cs", "20261125010300_AddMembershipPeriods.cs"),
        // Random only spreads the retries of replicas there.
        new("use RandomNumberGenerator for anything that must not be guessed", WeakRandom(), ["src"],
            "Database/LockRetries.cs", "Jobs/LeaderElection.cs"),
        new("do not block threads", Sleep(), ["src", "ServiceDefaults", "AppHost", "tests"]),
        new("wait for a condition (Eventually), not for a time", Delay(), ["tests"], "Testing/Eventually.cs", "Testing/ManualClockTests.cs"),
        new("no conditional compilation", Conditional(), ["src", "ServiceDefaults", "AppHost", "tests"]),
        new("an exception in such a method ends the process", AsyncVoid(), ["src", "ServiceDefaults", "AppHost", "tests"]),
        new("use Money and Points for exact amounts", BinaryMoney(), ["src", "ServiceDefaults"]),
        new("use a name that says what it does", EmptyName(), ["src", "ServiceDefaults", "AppHost", "tests"]),
        // Framework interfaces have their own optional parameter, named cancellationToken.
        new("an optional cancellation token is easily forgotten", OptionalToken(), ["src", "ServiceDefaults", "AppHost"]),
        new("keep open tasks out of the code", Todo(), ["src", "ServiceDefaults", "AppHost", "tests"], "ForbiddenWordsTests.cs"),
    ];

    public static TheoryData<string> Whys => [.. Rules.Select(rule => rule.Why)];

    [Theory]
    [MemberData(nameof(Whys))]
    public void Sources_follow_the_rule(string why)
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
    public void The_rules_see_a_violation(string line) =>
        Rules.SelectMany(rule => Violations(rule, new SourceFile("src/Loyalty/Order.cs", line))).ShouldHaveSingleItem();

    [Theory]
    [InlineData("var now = clock.GetUtcNow();")]
    [InlineData("await Task.Delay(Timeout.Infinite, ct);")]
    [InlineData("public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)")]
    [InlineData("Histogram<double> duration; double ms")]
    [InlineData("/// <summary>Unlike DateTime.UtcNow it can be moved.</summary>")]
    public void The_rules_allow(string line) =>
        Rules.SelectMany(rule => Violations(rule, new SourceFile("src/Loyalty/Order.cs", line))).ShouldBeEmpty();

    private static IEnumerable<string> Violations(Rule rule, SourceFile file) =>
        from line in file.Lines
        where !rule.Except.Any(path => file.Path.EndsWith(path, StringComparison.Ordinal))
        // The examples in this file and others.
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
