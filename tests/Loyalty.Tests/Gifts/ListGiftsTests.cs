using System.Net;
using System.Text.Json.Nodes;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Gifts;

public sealed class ListGiftsTests(SharedLoyaltyApp app)
{
    [Fact]
    public async Task Guests_page_through_their_gifts_newest_first()
    {
        var guest = await app.GivenGuest();
        for (var number = 1; number <= 5; number++)
        {
            await app.GivenGift(guest, $"Подарок {number}");
        }

        var first = await app.GiftsOf(guest, "?limit=3");
        var second = await app.GiftsOf(guest, $"?limit=3&after={first.Json("next")}");

        Titles(first).ShouldBe(["Подарок 5", "Подарок 4", "Подарок 3"]);
        Titles(second).ShouldBe(["Подарок 2", "Подарок 1"]);
        second.Json("next").ShouldBeNull();
    }

    [Fact]
    public async Task Staff_see_a_guests_gifts_and_other_guests_do_not()
    {
        var (guest, other) = (await app.GivenGuest(), await app.GivenGuest());
        await app.GivenGift(guest);

        Titles(await app.Call(app.Staff(await app.GivenStaff()), $"/api/loyalty/accounts/{guest}/gifts")).ShouldBe(["Капучино"]);
        (await app.Call(app.Client(other), $"/api/loyalty/accounts/{guest}/gifts")).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        Titles(await app.GiftsOf(other)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Staff_filter_gifts_by_guest_state_reason_and_day()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var gift = await app.GivenGift(guest, "Первый");
        await app.GivenGift(guest, "Второй");
        await app.RedeemGift(app.Staff(staff), gift);

        (await Listed($"userId={guest}")).ShouldBe(["Второй", "Первый"]);
        (await Listed($"userId={guest}&state=redeemed")).ShouldBe(["Первый"]);
        (await Listed($"userId={guest}&state=available")).ShouldBe(["Второй"]);
        (await Listed($"staffId={staff}")).ShouldBe(["Первый"]);
        (await Listed($"userId={guest}&reason=birthday")).ShouldBeEmpty();
        (await Listed($"userId={guest}&from=2026-03-02&to=2026-03-02")).Count.ShouldBe(2);
        (await Listed($"userId={guest}&to=2026-03-01")).ShouldBeEmpty();
        (await Listed($"userId={guest}&from=2026-03-03")).ShouldBeEmpty();
        (await Listed("from=0001-01-01&to=9999-12-31&limit=1")).Count.ShouldBe(1);

        async Task<IReadOnlyList<string>> Listed(string query) => Titles(await app.Call(app.Staff(staff), $"/api/loyalty/gifts?{query}"));
    }

    [Fact]
    public async Task A_list_is_also_a_whole_csv_file_in_which_no_title_is_a_formula()
    {
        var (guest, staff) = (await app.GivenGuest(), app.Staff(await app.GivenStaff()));
        await app.GivenGift(guest, "=cmd|' /C calc'!A0");
        await app.GivenGift(guest, "Чай");

        var file = await app.Call(staff, $"/api/loyalty/gifts?userId={guest}&limit=1&format=csv");

        var lines = file.Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(3);
        lines[0].ShouldContain("\"giftId\",\"userId\",\"name\",\"title\",\"reason\"");
        lines[1].ShouldContain("\"Чай\",\"manual\"");
        lines[2].ShouldContain("\"'=cmd|");
        (await app.GiftsOf(guest, "?format=csv")).Body.ShouldContain("\"Чай\",\"manual\"");
    }

    private static IReadOnlyList<string> Titles(Answer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return [.. JsonNode.Parse(answer.Body)!["items"]!.AsArray().Select(gift => (string)gift!["title"]!)];
    }
}
