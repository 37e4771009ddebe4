using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Levels;

/// <summary>Has its own service, since levels apply to everyone.</summary>
public sealed class ReplaceLevelsTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>, IAsyncLifetime
{
    private const string Address = "/api/loyalty/levels";

    private static readonly Level[] Usual = [new("standard", 0, 1m), new("silver", 100, 1.05m), new("gold", 500, 1.1m), new("platinum", 1500, 1.2m)];

    private HttpClient Owner { get; } = app.Owner(new StaffId(901));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Replace(Usual);

    public async ValueTask DisposeAsync() => await Replace(Usual);

    [Fact]
    public async Task Guests_keep_a_level_whose_threshold_is_raised_and_others_have_to_earn_more()
    {
        var (gold, silver, staff) = (await app.GivenGuest(points: 520), await app.GivenGuest(points: 400), await app.GivenStaff());

        await Replace([.. Usual[..2], new("gold", 700, 1.1m), Usual[3]]);

        (await app.Account(gold)).Level.ShouldBe("gold");
        await app.GivenOrder(gold, staff, 1000);
        (await app.Account(gold)).ShouldBe((new Points(531), "gold"));
        await app.GivenOrder(silver, staff, 20_000);
        (await app.Account(silver)).Level.ShouldBe("silver");
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_refund_takes_a_kept_level_only_below_the_threshold_at_which_it_was_reached()
    {
        var (guest, staff) = (await app.GivenGuest(points: 510), await app.GivenStaff());
        var first = await app.GivenOrder(guest, staff, 1000);
        var second = await app.GivenOrder(guest, staff, 1000);
        await Replace([.. Usual[..2], new("gold", 700, 1.1m), Usual[3]]);

        await app.Refund(staff, first);
        (await app.Account(guest)).ShouldBe((new Points(521), "gold"));
        (await app.RowsThatDiffer()).ShouldBe(0);

        await app.Refund(staff, second);
        (await app.Account(guest)).Level.ShouldBe("gold");
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Guests_get_a_level_at_once_when_its_threshold_is_lowered_to_their_points()
    {
        var (reaches, stays) = (await app.GivenGuest(points: 450), await app.GivenGuest(points: 390));

        await Replace([.. Usual[..2], new("gold", 400, 1.1m), Usual[3]]);

        ((await app.Account(reaches)).Level, (await app.Account(stays)).Level).ShouldBe(("gold", "silver"));
        var changed = await app.Published<LevelChanged>(happened => happened.UserId == reaches && happened.To == "gold");
        (changed.From, changed.Version).ShouldBe(("silver", await VersionOf(reaches)));
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Orders_placed_while_thresholds_change_end_at_a_level_that_verify_accepts()
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.GivenGuest(points: 95)));
        var codes = await Task.WhenAll(guests.Select(guest => app.GivenCode(guest)));

        var orders = codes.Select(async code => await app.PlaceOrder(await app.GivenStaff(), new { code, amount = 400 })).ToList();
        var change = Replace([Usual[0], new("silver", 97, 1.05m), .. Usual[2..]]);
        await change;

        (await Task.WhenAll(orders)).ShouldAllBe(order => order.Status == HttpStatusCode.Created);
        foreach (var guest in guests)
        {
            (await app.Account(guest)).Level.ShouldBe("silver");
        }

        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Levels_have_names_and_gifts_and_new_ones_can_be_added()
    {
        await Replace([.. Usual, new("diamond", 5000, 1.5m, "Бриллиант", "Завтрак")]);

        var levels = JsonNode.Parse((await Owner.Read(Address)).Body)!["levels"]!.AsArray();
        levels.Select(level => (string)level!["key"]!).ShouldBe(["standard", "silver", "gold", "platinum", "diamond"]);
        ((string?)levels[4]!["name"], (string?)levels[4]!["gift"], (decimal)levels[4]!["earnMultiplier"]!).ShouldBe(("Бриллиант", "Завтрак", 1.5m));
        var rules = JsonNode.Parse((await app.Client(await app.GivenGuest()).Read("/api/loyalty/rules")).Body)!["levels"]!.AsArray();
        ((string?)rules[4]!["name"], (string?)rules[4]!["gift"]).ShouldBe(("Бриллиант", "Завтрак"));

        await Replace(Usual);
        JsonNode.Parse((await Owner.Read(Address)).Body)!["levels"]!.AsArray().Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_level_that_guests_have_cannot_be_removed()
    {
        await app.GivenGuest(points: 600);

        var answer = await Put([Usual[0], Usual[1], Usual[3]]);

        answer.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "levels_invalid");
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Levels_out_of_order_are_refused()
    {
        Level[][] wrong =
        [
            [new("standard", 1, 1m), .. Usual[1..]],
            [Usual[0], new("silver", 500, 1.05m), Usual[2], Usual[3]],
            [Usual[0], Usual[1], new("silver", 500, 1.1m)],
            [Usual[0], new("silver", 100, 0.99m), Usual[2], Usual[3]],
            [Usual[0], new("gold", 100, 1.1m), new("silver", 500, 1.05m), Usual[3]],
        ];
        foreach (var levels in wrong)
        {
            (await Put(levels)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "levels_invalid");
        }
    }

    [Fact]
    public async Task Levels_with_invalid_fields_are_refused()
    {
        Level[][] wrong =
        [
            [], [new("Standard", 0, 1m)], [new("standard", -1, 1m)], [new("standard", 0, 10.5m)], [new("standard", 0, 1.055m)],
            [new("standard", 0, 1m, Name: " ")], [new("standard", 0, 1m, Gift: "Чай\nи кофе")],
        ];
        foreach (var levels in wrong)
        {
            (await Put(levels)).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        }
    }

    [Fact]
    public async Task A_change_of_levels_is_audited_and_is_for_owners_only()
    {
        await Replace([.. Usual[..3], new("platinum", 1600, 1.2m)]);

        var details = JsonNode.Parse((await app.Database.Scalar<string>(
            "select details::text from loyalty.audit where action = 'levels.replace' order by id desc limit 1", Ct))!)!;
        ((long)details["before"]![3]!["threshold"]!, (long)details["after"]![3]!["threshold"]!).ShouldBe((1500, 1600));
        var manager = app.Manager(await app.GivenStaff());
        (await manager.Put(Address, new { levels = Usual })).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await manager.Read(Address)).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    private async Task Replace(Level[] levels)
    {
        var answer = await Put(levels);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
    }

    private Task<Answer> Put(Level[] levels) => Owner.Put(Address, new { levels });

    private Task<long> VersionOf(UserId guest) => app.Database.Scalar<long>("select version from loyalty.accounts where user_id = $1", Ct, guest.Value);

    private sealed record Level(string Key, long Threshold, decimal EarnMultiplier, string? Name = null, string? Gift = null);
}
