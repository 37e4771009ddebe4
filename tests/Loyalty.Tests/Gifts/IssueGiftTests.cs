using System.Net;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Gifts;

/// <summary>Needs its own host, since it edits the daily limit.</summary>
public sealed class IssueGiftTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gift_given_by_staff_is_on_the_guests_list_and_published_once()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());

        var given = await app.IssueGift(app.Staff(staff), new { userId = guest, title = "Капучино", reason = "Долго ждали заказ", validDays = 14 });

        given.Status.ShouldBe(HttpStatusCode.Created, given.Body);
        (given.Json("userId"), given.Json("name"), given.Json("title"), given.Json("reason")).ShouldBe((guest.Value, "Анна П.", "Капучино", "manual"));
        given.Json("expiresAt").ShouldBe("2026-03-16T20:59:59Z");
        (await app.ListedGifts(guest)).ShouldBe([("Капучино", "manual", "available")]);
        var published = await app.Published<GiftIssued>(gift => gift.UserId == guest);
        (published.GiftId.Value, published.Title, published.Reason).ShouldBe(((long)given.Json("giftId")!, "Капучино", "manual"));
        published.ExpiresAt.ShouldBe(new DateTimeOffset(2026, 3, 16, 20, 59, 59, TimeSpan.Zero));
        (await Audited(guest, "gift.issue")).ShouldBe(1);
    }

    [Theory]
    [InlineData("birthday", "birthday")]
    [InlineData("Campaign", "campaign")]
    [InlineData("manual", "manual")]
    [InlineData("reward", "manual")]
    [InlineData("За терпение", "manual")]
    [InlineData(null, "manual")]
    public async Task A_reason_is_a_category_or_a_note_of_a_manual_gift(string? reason, string category)
    {
        var guest = await app.GivenGuest();

        var given = await app.IssueGift(app.Staff(await app.GivenStaff()), new { userId = guest, title = "Чай", reason });

        given.Json("reason").ShouldBe(category, given.Body);
        (await app.ListedGifts(guest)).ShouldBe([("Чай", category, "available")]);
    }

    [Fact]
    public async Task The_guest_is_found_by_payment_code_which_stays_valid()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var code = await app.GivenCode(guest);

        var given = await app.IssueGift(app.Staff(staff), new { code, title = "Чай" });

        given.Json("userId").ShouldBe(guest.Value, given.Body);
        (await app.PlaceOrder(staff, new { code, amount = 100 })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("MNT-7KQ2M9X7")]
    [InlineData("mnt 7kq2 m9x7")]
    [InlineData("7KQ2M9X7")]
    public async Task The_guest_is_found_by_member_card_however_it_is_typed(string typed)
    {
        var guest = app.NewUserId();
        await app.Register(guest, memberId: "MNT-7KQ2M9X7");
        await Eventually.Get(() => app.NameOf(guest), name => name is not null, Ct);

        var given = await app.IssueGift(app.Staff(await app.GivenStaff()), new { memberId = typed, title = "Чай" });

        given.Status.ShouldBe(HttpStatusCode.Created, given.Body);
    }

    [Fact]
    public async Task Unknown_guests_and_codes_are_refused()
    {
        var staff = app.Staff(await app.GivenStaff());

        (await app.IssueGift(staff, new { userId = 8_000_000_002, title = "Чай" })).ShouldBeProblem(HttpStatusCode.NotFound, "guest_not_found");
        (await app.IssueGift(staff, new { memberId = "MNT-00000000", title = "Чай" })).ShouldBeProblem(HttpStatusCode.NotFound, "guest_not_found");
        (await app.IssueGift(staff, new { code = await app.FreeCode(), title = "Чай" })).ShouldBeProblem(HttpStatusCode.NotFound, "code_unknown");
    }

    [Fact]
    public async Task Unknown_codes_count_as_guesses_with_or_without_an_idempotency_key()
    {
        var staff = app.Staff(await app.GivenStaff());
        for (var guess = 0; guess < 10; guess++)
        {
            await app.IssueGift(staff, new { code = await app.FreeCode(), title = "Чай" }, guess % 2 == 0 ? $"{Guid.NewGuid()}" : null);
        }

        (await app.IssueGift(staff, new { code = await app.FreeCode(), title = "Чай" }))
            .ShouldBeProblem(HttpStatusCode.TooManyRequests, "too_many_wrong_codes");
    }

    [Fact]
    public async Task Exactly_one_way_to_find_the_guest_is_required()
    {
        var guest = await app.GivenGuest();
        var staff = app.Staff(await app.GivenStaff());

        (await app.IssueGift(staff, new { title = "Чай" })).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await app.IssueGift(staff, new { userId = guest, code = "123456", title = "Чай" }))
            .ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task Staff_cannot_give_themselves_a_gift()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());

        (await app.IssueGift(app.Staff(staff, guest), new { userId = guest, title = "Чай" })).ShouldBeProblem(HttpStatusCode.Forbidden, "gift_own");

        (await app.ListedGifts(guest)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_repeated_key_gives_one_gift_and_a_reused_one_is_refused()
    {
        var (guest, staff, key) = (await app.GivenGuest(), app.Staff(await app.GivenStaff()), $"{Guid.NewGuid()}");

        var first = await app.IssueGift(staff, new { userId = guest, title = "Чай" }, key);
        var again = await app.IssueGift(staff, new { userId = guest, title = "Чай" }, key);
        var other = await app.IssueGift(staff, new { userId = guest, title = "Кофе" }, key);

        again.Body.ShouldBe(first.Body);
        other.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await app.ListedGifts(guest)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_barista_above_the_daily_limit_is_refused_and_one_alert_is_raised()
    {
        await using var limit = await WithLimit(2);
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.IssueGift(app.Staff(staff), new { userId = guest, title = "Чай" });
        await app.IssueGift(app.Staff(staff), new { userId = guest, title = "Чай" });

        (await app.IssueGift(app.Staff(staff), new { userId = guest, title = "Чай" })).ShouldBeProblem(HttpStatusCode.Forbidden, "manual_limit_reached");
        (await app.IssueGift(app.Staff(staff), new { userId = guest, title = "Чай" })).ShouldBeProblem(HttpStatusCode.Forbidden, "manual_limit_reached");

        (await app.ListedGifts(guest)).Count.ShouldBe(2);
        (await Alerts(staff)).ShouldBe(1);
    }

    [Fact]
    public async Task Fifty_gifts_given_at_once_keep_to_the_daily_limit()
    {
        await using var limit = await WithLimit(3);
        var (guest, staff) = (await app.GivenGuest(), app.Staff(await app.GivenStaff()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.IssueGift(staff, new { userId = guest, title = "Чай" })));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(3);
        (await app.ListedGifts(guest)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_manager_may_give_more_than_the_daily_limit_and_an_alert_is_raised()
    {
        await using var limit = await WithLimit(1);
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        await app.IssueGift(app.Manager(staff), new { userId = guest, title = "Чай" });
        (await Alerts(staff)).ShouldBe(0);

        (await app.IssueGift(app.Manager(staff), new { userId = guest, title = "Чай" })).Status.ShouldBe(HttpStatusCode.Created);

        (await Alerts(staff)).ShouldBe(1);
    }

    [Fact]
    public async Task An_erased_guest_gets_no_gift_and_keeps_none()
    {
        var guest = await app.GivenGuest();
        var (redeemed, left) = (await app.GivenGift(guest, "Торт для Анны"), await app.GivenGift(guest, "Чай для Анны"));
        (await app.RedeemGift(app.Staff(await app.GivenStaff()), redeemed)).Status.ShouldBe(HttpStatusCode.OK);

        await app.Erase(guest);

        var staff = app.Staff(await app.GivenStaff());
        (await app.IssueGift(staff, new { userId = guest, title = "Чай" })).ShouldBeProblem(HttpStatusCode.NotFound, "guest_not_found");
        (await app.RedeemGift(staff, left)).ShouldBeProblem(HttpStatusCode.Conflict, "gift_revoked");
        (await app.Call(staff, $"/api/loyalty/gifts?userId={guest}")).Body.ShouldNotContain("Анн");
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    private async Task<IAsyncDisposable> WithLimit(int gifts)
    {
        await app.Database.Execute("update loyalty.settings set manual_gifts_per_day = $1", Ct, gifts);
        return new Restored(() => app.Database.Execute("update loyalty.settings set manual_gifts_per_day = 20", Ct));
    }

    private Task<long> Alerts(StaffId staff) => app.Database.Scalar<long>(
        "select count(*) from loyalty.alerts where staff_id = $1 and kind = 'manual_gifts'", Ct, staff.Value);

    private Task<long> Audited(UserId guest, string action) => app.Database.Scalar<long>(
        "select count(*) from loyalty.audit where target = $1 and action = $2", Ct, $"user:{guest}", action);

    private sealed class Restored(Func<Task> restore) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await restore();
    }
}
