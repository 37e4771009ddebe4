using System.Net;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Accounts;

public sealed class GuestNameTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_counter_learns_the_newest_name_in_whatever_order_the_news_comes()
    {
        var guest = await app.GivenGuest(fullName: "Анна Петрова");

        await app.Update(guest, "Анна Смирнова", version: 3);
        await Eventually.Get(() => app.NameOf(guest), name => name == "Анна Смирнова", Ct);
        var heard = await HeardBy("KeepName");
        await app.Update(guest, "Анна Другая", version: 2);
        await Eventually.Get(() => HeardBy("KeepName"), now => now == heard + 1, Ct);

        (await app.CheckCode(await app.GivenStaff(), await app.GivenCode(guest))).Json("name").ShouldBe("Анна С.");
    }

    [Fact]
    public async Task A_change_that_is_heard_of_before_the_registration_is_kept()
    {
        var guest = app.NewUserId();
        await app.Update(guest, "Анна Смирнова", version: 2);
        await Eventually.Get(() => app.NameOf(guest), name => name == "Анна Смирнова", Ct);

        await app.Register(guest, "Анна Петрова");

        (await app.GenerateCode(guest)).Status.ShouldBe(HttpStatusCode.Created);
        (await app.NameOf(guest)).ShouldBe("Анна Смирнова");
    }

    [Fact]
    public async Task Of_somebody_who_was_erased_no_name_is_left_their_code_is_dead_at_once_and_no_late_news_brings_anything_back()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var code = await app.GivenCode(guest);

        await app.Erase(guest);

        (await app.NameOf(guest)).ShouldBeNull();
        (await app.PlaceOrder(staff, new { code, amount = 100 })).ShouldBeProblem(HttpStatusCode.Gone, "code_expired");
        (await app.OrdersOf(guest)).ShouldBe(0);
        var heard = await HeardBy("KeepName");
        await app.Update(guest, "Анна Смирнова", version: 9);
        await Eventually.Get(() => HeardBy("KeepName"), now => now == heard + 1, Ct);
        (await app.NameOf(guest)).ShouldBeNull();
    }

    [Fact]
    public async Task A_registration_that_is_heard_of_after_the_erasure_opens_no_account()
    {
        var guest = app.NewUserId();
        await app.Erase(guest);
        var heard = await HeardBy("OpenAccount");

        await app.Register(guest);
        await Eventually.Get(() => HeardBy("OpenAccount"), now => now == heard + 1, Ct);

        (await app.Database.Scalar<long>("select count(*) from loyalty.accounts where user_id = $1", Ct, guest.Value)).ShouldBe(0);
        (await app.NameOf(guest)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_an_erasure_and_an_order_at_once_either_is_first_and_nothing_is_ordered_after_it()
    {
        for (var i = 0; i < 10; i++)
        {
            var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
            var code = await app.GivenCode(guest);

            var erased = app.Erase(guest);
            var order = await app.PlaceOrder(staff, new { code, amount = 100 });
            await erased;

            order.Status.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.Gone);
            (await app.LiveCodesOf(guest)).ShouldBe(0);
            (await app.PlaceOrder(staff, new { code, amount = 100 })).Status.ShouldBeOneOf(HttpStatusCode.Gone, HttpStatusCode.Conflict);
        }
    }

    private Task<long> HeardBy(string handler) => app.Database.Scalar<long>("select count(*) from loyalty.inbox where consumer = $1", Ct, handler);
}
