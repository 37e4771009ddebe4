using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Loyalty.Tests.Settings;

/// <summary>Has its own service, since settings apply to everyone.</summary>
public sealed class ReplaceSettingsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>, IAsyncLifetime
{
    private const string Address = "/api/loyalty/settings";

    private HttpClient Owner { get; } = app.Owner(new StaffId(900));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() =>
        (await Owner.Put(Address, Defaults())).Status.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task New_settings_apply_from_the_next_order_on_and_show_in_the_rules()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.GivenOrder(guest, staff, 1000);

        var replaced = await Owner.Put(Address, With(("roublesPerPoint", 50), ("pointsExpireAfterMonths", 6), ("maxPointsShare", 0.125)));

        replaced.Status.ShouldBe(HttpStatusCode.OK, replaced.Body);
        (await Owner.Read(Address)).Body.ShouldBe(replaced.Body);
        await app.GivenOrder(guest, staff, 1000);
        (await app.BalanceOf(guest)).Points.ShouldBe(10 + 20);
        var rules = await app.Client(guest).Read("/api/loyalty/rules");
        rules.Json("roublesPerPoint").ShouldBe(50.00m);
        rules.Json("maxPointsShare").ShouldBe(0.125m);
        rules.Json("pointsExpireAfterMonths").ShouldBe(6L);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_change_of_settings_is_audited_with_the_values_before_and_after()
    {
        await Owner.Put(Address, With(("startBonus", 25), ("birthdayGift", null)));

        var details = JsonNode.Parse((await app.Database.Scalar<string>(
            "select details::text from loyalty.audit where action = 'settings.replace' and subject = 'staff:900' order by id desc limit 1", Ct))!)!;
        ((long)details["before"]!["startBonus"]!, (long)details["after"]!["startBonus"]!).ShouldBe((0, 25));
        ((string?)details["before"]!["birthdayGift"], (string?)details["after"]!["birthdayGift"]).ShouldBe(("Напиток на выбор", null));
    }

    [Fact]
    public async Task Settings_are_for_owners_and_admins_only()
    {
        foreach (var caller in new[] { app.Staff(await app.GivenStaff()), app.Manager(await app.GivenStaff()) })
        {
            (await caller.Read(Address)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
            (await caller.Put(Address, Defaults())).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        }

        (await app.Admin(await app.GivenStaff()).Read(Address)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("roublesPerPoint", 0)]
    [InlineData("maxPointsShare", 1.01)]
    [InlineData("maxPointsShare", 0.0001)]
    [InlineData("pointsExpireAfterMonths", -1)]
    [InlineData("birthdayGift", " ")]
    [InlineData("birthdayGiftDays", 0)]
    [InlineData("manualPointsPerDay", -5)]
    public async Task Settings_that_make_no_sense_are_refused(string field, object value)
    {
        var answer = await Owner.Put(Address, With((field, value)));

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        answer.Json($"errors.{field}").ShouldNotBeNull(answer.Body);
    }

    [Fact]
    public async Task Settings_are_replaced_as_a_whole()
    {
        var some = Defaults();
        some.Remove("manualGiftsPerDay");

        (await Owner.Put(Address, some)).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    private static JsonObject With(params (string Name, object? Value)[] changes)
    {
        var settings = Defaults();
        foreach (var (name, value) in changes)
        {
            settings[name] = JsonValue.Create(value);
        }

        return settings;
    }

    private static JsonObject Defaults() => new()
    {
        ["roublesPerPoint"] = 100, ["maxPointsShare"] = 0.3, ["pointsExpireAfterMonths"] = 12, ["expiryWarningDays"] = 14, ["startBonus"] = 0,
        ["referralBonus"] = 50, ["birthdayGift"] = "Напиток на выбор", ["birthdayGiftDays"] = 14, ["levelGiftDays"] = 30, ["stampGiftDays"] = 30,
        ["manualPointsPerDay"] = 500, ["manualGiftsPerDay"] = 20,
    };
}
