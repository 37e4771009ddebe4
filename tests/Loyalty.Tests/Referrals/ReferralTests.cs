using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Loyalty.Referrals;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Referrals;

/// <summary>Needs its own host, since it edits settings and counts handled messages.</summary>
public sealed class ReferralTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private const long Bonus = 50;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guest_and_referrer_get_their_bonus_after_the_first_paid_order_and_only_once()
    {
        var (referrer, guest, staff) = (await app.GivenGuest(), await app.GivenGuest(), await app.GivenStaff());
        await Refer(guest, referrer);
        (await app.BalanceOf(referrer)).Points.ShouldBe(0);

        await app.GivenOrder(guest, staff, 300);

        await Has(referrer, Bonus);
        await Has(guest, Bonus + 3);
        await Handles(nameof(RewardReferral), () => app.GivenOrder(guest, staff, 300));
        await Refer(guest, referrer);
        (await app.BalanceOf(referrer)).Points.ShouldBe(Bonus);
        (await app.BalanceOf(guest)).Points.ShouldBe(Bonus + 6);
        (await app.Published<PointsChanged>(changed => changed.UserId == referrer)).Reason.ShouldBe("referral");
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task An_order_that_comes_before_the_referral_counts()
    {
        var (referrer, guest) = (await app.GivenGuest(), await app.GivenGuest());
        await Handles(nameof(RewardReferral), () => app.GivenOrder(guest, new StaffId(77), 300));

        await Refer(guest, referrer);

        await Has(referrer, Bonus);
        await Has(guest, Bonus + 3);
    }

    [Fact]
    public async Task A_referrer_whose_registration_comes_last_gets_the_bonus_then()
    {
        var (referrer, guest) = (app.NewUserId(), await app.GivenGuest());
        await Refer(guest, referrer);
        await Handles(nameof(RewardReferral), () => app.GivenOrder(guest, new StaffId(77), 300));
        (await app.BalanceOf(guest)).Points.ShouldBe(3);

        await app.Register(referrer);

        await Has(referrer, Bonus);
        await Has(guest, Bonus + 3);
    }

    [Fact]
    public async Task A_refunded_order_does_not_count_and_the_next_paid_one_does()
    {
        var (referrer, guest, staff) = (await app.GivenGuest(), await app.GivenGuest(), await app.GivenStaff());
        await app.Refund(staff, await app.GivenOrder(guest, staff, 300));

        await Refer(guest, referrer);
        (await app.BalanceOf(referrer)).Points.ShouldBe(0);
        await app.GivenOrder(guest, staff, 300);

        await Has(referrer, Bonus);
    }

    [Theory]
    [InlineData(true, false, "+79990000001", "+79990000002")]
    [InlineData(false, true, "+79990000001", "+79990000001")]
    public async Task Guests_who_seem_to_have_invited_themselves_get_no_bonus(bool guestSeen, bool referrerSeen, string guestPhone, string referrerPhone)
    {
        var referrer = await Registered(referrerPhone, referrerSeen);
        var guest = await Registered(guestPhone, guestSeen);
        await Refer(guest, referrer);

        await Handles(nameof(RewardReferral), () => app.GivenOrder(guest, new StaffId(77), 300));

        (await app.BalanceOf(referrer)).Points.ShouldBe(0);
        (await app.BalanceOf(guest)).Points.ShouldBe(3);
    }

    [Fact]
    public async Task A_referrer_who_once_changed_phones_still_gets_the_bonus()
    {
        var referrer = await Registered("+79990000009", phoneSeenBefore: true);
        var guest = await Registered("+79990000008", phoneSeenBefore: false);
        await Refer(guest, referrer);

        await app.GivenOrder(guest, new StaffId(77), 300);

        await Has(referrer, Bonus);
    }

    [Fact]
    public async Task A_guest_whose_referrer_is_erased_still_gets_the_bonus()
    {
        var (referrer, guest) = (await app.GivenGuest(), await app.GivenGuest());
        await Refer(guest, referrer);
        await app.Erase(referrer);

        await app.GivenOrder(guest, new StaffId(77), 300);

        await Has(guest, Bonus + 3);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task No_bonus_is_paid_later_for_an_order_placed_while_it_was_off()
    {
        var (referrer, guest) = (await app.GivenGuest(), await app.GivenGuest());
        await Refer(guest, referrer);
        await app.Database.Execute("update loyalty.settings set referral_bonus = 0", Ct);
        await Handles(nameof(RewardReferral), () => app.GivenOrder(guest, new StaffId(77), 300));
        await app.Database.Execute("update loyalty.settings set referral_bonus = $1", Ct, Bonus);

        await Handles(nameof(RewardReferral), () => app.GivenOrder(guest, new StaffId(77), 300));

        (await app.BalanceOf(referrer)).Points.ShouldBe(0);
    }

    [Fact]
    public async Task Ten_guests_who_invited_each_other_in_a_ring_all_get_both_bonuses()
    {
        var guests = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.GivenGuest()));
        foreach (var (index, guest) in guests.Index())
        {
            await Refer(guest, guests[(index + 1) % guests.Length]);
        }

        await Task.WhenAll(guests.Select((guest, index) => app.GivenOrder(guest, new StaffId(100 + index), 300)));

        foreach (var guest in guests)
        {
            await Has(guest, (2 * Bonus) + 3);
        }
    }

    private async Task<UserId> Registered(string phone, bool phoneSeenBefore)
    {
        var guest = app.NewUserId();
        await app.Register(guest, phone: phone, phoneSeenBefore: phoneSeenBefore);
        await Eventually.IsTrue(() => app.Database.Scalar<bool>("select exists (select from loyalty.accounts where user_id = $1)", Ct, guest.Value), Ct);
        return guest;
    }

    private Task Refer(UserId guest, UserId referrer) => Handles(nameof(KeepReferral), () => app.Broker.Publish(
        new UserReferred { UserId = guest, ReferrerId = referrer, ReferredAt = app.Clock.GetUtcNow() }, Ct));

    private async Task Handles(string handler, Func<Task> happen)
    {
        var handled = await app.HandledBy(handler);
        await happen();
        await Eventually.Get(() => app.HandledBy(handler), now => now > handled, Ct);
    }

    private Task Has(UserId guest, long points) => Eventually.Passes(async () => (await app.BalanceOf(guest)).Points.ShouldBe(points), Ct);
}
