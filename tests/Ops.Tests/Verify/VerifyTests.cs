using Platform.Testing;

namespace Platform.Ops.Tests.Verify;

public sealed class VerifyTests : IAsyncLifetime
{
    /// <summary>Three services prove as much as all.</summary>
    private static readonly string[] Three = ["users", "loyalty", "notifications"];

    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Dictionary<string, string> Settings => PlatformCommand.Settings(_database, PlatformCommand.NoBroker, PlatformCommand.AllServices);

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create(PlatformCommand.AllServices);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Verify_lists_every_check_of_every_service()
    {
        var verified = await PlatformCommand.Run(Settings, "verify");

        verified.ExitCode.ShouldBe(0, verified.ToString());
        verified.Output.ShouldContain("points are the sum of their entries");
        verified.Output.ShouldContain("blocked people have no live tokens");
        PlatformCommand.AllServices.ShouldAllBe(service => verified.Output.Contains(service, StringComparison.Ordinal), verified.Output);
        verified.Output.ShouldNotContain("DIFFERS");
    }

    [Fact]
    public async Task Verify_names_a_row_that_does_not_add_up_and_checks_all_services()
    {
        await _database.Execute(
            """
            insert into loyalty.accounts (user_id, points, level, level_since, opened_at)
            values (7, 5, 'standard', timestamptz '2026-03-01', timestamptz '2026-03-01')
            """, Ct);

        var verified = await PlatformCommand.Run(Settings, ["verify", "--json", .. Three]);
        var forPeople = await PlatformCommand.Run(Settings, "verify", "loyalty");

        verified.ExitCode.ShouldBe(3, verified.ToString());
        verified.Json.GetProperty("outcome").GetString().ShouldBe("differs");
        verified.OutcomeOf("loyalty").ShouldBe("differs");
        verified.OutcomeOf("users").ShouldBe("done");
        verified.OutcomeOf("notifications").ShouldBe("done");
        verified.Of("loyalty").GetProperty("result").GetProperty("checks").EnumerateArray()
            .Where(check => check.GetProperty("rows").GetInt64() > 0)
            .Select(check => (check.GetProperty("name").GetString(), check.GetProperty("first").GetProperty("user_id").GetInt64()))
            .ShouldBe([("points are the sum of their entries", 7), ("points are the sum of what is left of their lots", 7)]);
        forPeople.ExitCode.ShouldBe(3, forPeople.ToString());
        forPeople.Output.ShouldContain("DIFFERS   points are the sum of their entries: 1 row, the first is user_id 7, points 5, entries 0");
        forPeople.Output.ShouldNotContain("users");
    }

    [Fact]
    public async Task Verify_checks_the_other_services_when_one_fails()
    {
        var verified = await PlatformCommand.Run([.. Settings, new("Roles__loyalty__Password", "forgotten")], ["verify", "--json", .. Three]);

        verified.ExitCode.ShouldBe(1, verified.ToString());
        verified.Of("loyalty").GetProperty("error").GetString()!.ShouldContain("28P01");
        verified.OutcomeOf("users").ShouldBe("done");
        verified.Errors.ShouldNotContain("forgotten");
    }

    [Fact]
    public async Task A_service_without_a_login_is_named_and_not_skipped()
    {
        var settings = Settings;
        settings.Remove("Roles__billing__OwnerPassword");

        var all = await PlatformCommand.Run(settings, "verify");

        all.ExitCode.ShouldBe(2, all.ToString());
        all.Errors.ShouldContain("Roles__billing__OwnerPassword");
        (await PlatformCommand.Run(settings, "verify", "users")).ExitCode.ShouldBe(0, "other services need no login");
    }

    [Fact]
    public async Task Unknown_words_are_refused_with_a_JSON_document_for_scripts()
    {
        var service = await PlatformCommand.Run(Settings, "verify", "lojalty", "--json");
        var verb = await PlatformCommand.Run(Settings, "verfy", "--json");

        service.ExitCode.ShouldBe(2, service.ToString());
        service.Json.GetProperty("error").GetString()!.ShouldContain("There are: users, courses");
        verb.ExitCode.ShouldBe(2, verb.ToString());
        verb.Json.GetProperty("outcome").GetString().ShouldBe("usage");
    }
}
