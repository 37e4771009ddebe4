using System.Net;
using Platform.Loyalty.Accounts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Accounts;

public sealed class GuestNameTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Staff_see_the_newest_name_whatever_the_order_of_events()
    {
        var guest = await app.GivenGuest(fullName: "Анна Петрова");

        await app.Update(guest, "Анна Смирнова", version: 3);
        await Eventually.Get(() => app.NameOf(guest), name => name == "Анна Смирнова", Ct);
        var handled = await HandledBy(nameof(UpsertGuestName));
        await app.Update(guest, "Анна Другая", version: 2);
        await Eventually.Get(() => HandledBy(nameof(UpsertGuestName)), now => now == handled + 1, Ct);

        (await app.CheckCode(await app.GivenStaff(), await app.GivenCode(guest))).Json("name").ShouldBe("Анна С.");
    }

    [Fact]
    public async Task A_name_change_that_arrives_before_the_registration_wins()
    {
        var guest = app.NewUserId();
        await app.Update(guest, "Анна Смирнова", version: 2);
        await Eventually.Get(() => app.NameOf(guest), name => name == "Анна Смирнова", Ct);

        await app.Register(guest, "Анна Петрова");

        (await app.GenerateCode(guest)).Status.ShouldBe(HttpStatusCode.Created);
        (await app.NameOf(guest)).ShouldBe("Анна Смирнова");
    }

    [Fact]
    public async Task Erasure_deletes_the_name_ends_the_live_code_and_ignores_late_events()
    {
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());
        var code = await app.GivenCode(guest);

        await app.Erase(guest);

        (await app.NameOf(guest)).ShouldBeNull();
        (await app.PlaceOrder(staff, new { code, amount = 100 })).ShouldBeProblem(HttpStatusCode.Gone, "code_expired");
        (await app.OrdersOf(guest)).ShouldBe(0);
        var handled = await HandledBy(nameof(UpsertGuestName));
        await app.Update(guest, "Анна Смирнова", version: 9);
        await Eventually.Get(() => HandledBy(nameof(UpsertGuestName)), now => now == handled + 1, Ct);
        (await app.NameOf(guest)).ShouldBeNull();
    }

    [Fact]
    public async Task A_registration_that_arrives_after_the_erasure_opens_no_account()
    {
        var guest = app.NewUserId();
        await app.Erase(guest);
        var handled = await HandledBy(nameof(OpenAccount));

        await app.Register(guest);
        await Eventually.Get(() => HandledBy(nameof(OpenAccount)), now => now == handled + 1, Ct);

        (await app.Database.Scalar<long>("select count(*) from loyalty.accounts where user_id = $1", Ct, guest.Value)).ShouldBe(0);
        (await app.NameOf(guest)).ShouldBeNull();
    }

    [Fact]
    public async Task An_erasure_concurrent_with_an_order_leaves_no_live_code()
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

    private Task<long> HandledBy(string handler) => app.Database.Scalar<long>("select count(*) from loyalty.inbox where consumer = $1", Ct, handler);
}
