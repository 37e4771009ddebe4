using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Guests;

public sealed class FindGuestsTests(SharedLoyaltyApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_finds_its_guest_with_points_level_and_gifts_and_stays_valid()
    {
        var (guest, staff) = (await app.GivenGuest(points: 120), await app.GivenStaff());
        await app.GivenGift(guest);
        var redeemed = await app.GivenGift(guest);
        await app.RedeemGift(app.Staff(await app.GivenStaff()), redeemed);
        // The gift of the level that the points brought.
        await Eventually.Passes(async () => (await app.ListedGifts(guest)).Count.ShouldBe(3), Ct);
        var code = await app.GivenCode(guest);

        var found = await app.Call(app.Staff(staff), $"/api/loyalty/guests?code={code}");

        found.Body.ShouldBe(
            $$"""{"items":[{"userId":{{guest}},"name":"Анна П.","level":"silver","points":120,"debt":0,"gifts":2}]}""");
        (await app.PlaceOrder(staff, new { code, amount = 100 })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Wrong_and_own_codes_are_refused_as_for_an_order()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());

        (await app.Call(app.Staff(staff), $"/api/loyalty/guests?code={await app.FreeCode()}")).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
        (await app.Call(app.Staff(staff, guest), $"/api/loyalty/guests?code={await app.GivenCode(guest)}"))
            .ShouldBeProblem(HttpStatusCode.Forbidden, "code_own");
        (await app.AlertsOf(staff)).ShouldBe(1);
    }

    [Fact]
    public async Task A_member_card_finds_its_guest_and_an_unknown_one_nobody()
    {
        var guest = await Registered(memberId: "MNT-0H1J2K3M");
        var staff = app.Staff(await app.GivenStaff());

        (await Found(staff, "memberId=mnt-oh1j%202k3m")).ShouldBe([guest.Value]);
        (await Found(staff, "memberId=MNT-ZZZZZZZZ")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_last_four_digits_find_those_who_ordered_last_first()
    {
        var (first, second) = (await Registered("+79991237331"), await Registered("+79992347331"));
        await app.GivenOrder(first, await app.GivenStaff(), 100);

        (await Found(app.Staff(await app.GivenStaff()), "phoneLast4=7331")).ShouldBe([first.Value, second.Value], ignoreOrder: true);
    }

    [Fact]
    public async Task A_guest_found_once_is_found_again_by_id()
    {
        var (guest, staff) = (await Registered("+79991237336"), app.Staff(await app.GivenStaff()));

        (await Found(staff, $"userId={guest}")).ShouldBe([guest.Value]);
        (await Found(staff, "userId=999999999")).ShouldBeEmpty();
    }

    [Fact]
    public async Task At_most_ten_guests_are_answered()
    {
        for (var number = 0; number < 11; number++)
        {
            await Registered($"+799912{number:D2}7332");
        }

        (await Found(app.Staff(await app.GivenStaff()), "phoneLast4=7332")).Count.ShouldBe(10);
    }

    [Fact]
    public async Task The_newest_copy_wins_and_an_erased_guest_is_not_found()
    {
        var (guest, staff) = (await Registered("+79991237333", "MNT-0000000A"), app.Staff(await app.GivenStaff()));
        await app.Update(guest, "Анна Смирнова", version: 3, phone: "+79991237334", memberId: "MNT-0000000B");
        await Eventually.Get(() => app.NameOf(guest), name => name == "Анна Смирнова", Ct);
        await app.Update(guest, "Анна Старая", version: 2, phone: "+79991237333", memberId: "MNT-0000000A");
        await app.Update(guest, "Анна Новая", version: 4, phone: "+79991237334", memberId: "MNT-0000000B");
        await Eventually.Get(() => app.NameOf(guest), name => name == "Анна Новая", Ct);

        (await Found(staff, "phoneLast4=7333")).ShouldBeEmpty();
        (await Found(staff, "phoneLast4=7334")).ShouldBe([guest.Value]);
        await app.Erase(guest, version: 5);
        (await Found(staff, "phoneLast4=7334")).ShouldBeEmpty();
        (await Found(staff, "memberId=MNT-0000000B")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Searches_by_phone_are_limited_for_each_member_of_the_staff()
    {
        var staff = app.Staff(await app.GivenStaff());
        for (var search = 0; search < 10; search++)
        {
            await Found(staff, "phoneLast4=7335");
        }

        (await app.Call(staff, "/api/loyalty/guests?phoneLast4=7335")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        await Found(app.Staff(await app.GivenStaff()), "phoneLast4=7335");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=123456&phoneLast4=1234")]
    [InlineData("?phoneLast4=123")]
    [InlineData("?code=12345x")]
    [InlineData("?userId=5&phoneLast4=1234")]
    public async Task Exactly_one_way_to_search_is_required(string query) =>
        (await app.Call(app.Staff(await app.GivenStaff()), $"/api/loyalty/guests{query}")).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");

    private async Task<UserId> Registered(string? phone = null, string? memberId = null)
    {
        var guest = app.NewUserId();
        await app.Register(guest, phone: phone, memberId: memberId);
        await Eventually.IsTrue(() => app.Database.Scalar<bool>("select exists (select from loyalty.accounts where user_id = $1)", Ct, guest.Value), Ct);
        return guest;
    }

    private async Task<IReadOnlyList<long>> Found(HttpClient staff, string query)
    {
        var answer = await app.Call(staff, $"/api/loyalty/guests?{query}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return [.. JsonNode.Parse(answer.Body)!["items"]!.AsArray().Select(guest => (long)guest!["userId"]!)];
    }
}
