using Platform.Contracts;
using Platform.Loyalty.Accounts;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Accounts;

/// <summary>Needs its own host, since it edits settings and counts handled messages.</summary>
public sealed class StartBonusTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_guest_with_a_verified_phone_gets_the_bonus_once()
    {
        await Set(100);
        var guest = await app.GivenGuest();
        await Has(guest, 100);

        await Handles(nameof(UpsertGuestName), () => app.Update(guest, "Анна Смирнова", version: 2));
        await Handles(nameof(OpenAccount), () => app.Register(guest));

        (await app.BalanceOf(guest)).Points.ShouldBe(100);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task A_guest_who_verifies_the_phone_later_gets_the_bonus_then()
    {
        await Set(100);
        var guest = app.NewUserId();
        await Handles(nameof(OpenAccount), () => app.Register(guest, phoneVerified: false));
        (await app.BalanceOf(guest)).Points.ShouldBe(0);

        await app.Update(guest, "Анна Петрова", version: 2, phoneVerified: true);

        await Has(guest, 100);
    }

    [Fact]
    public async Task A_phone_that_was_seen_before_brings_no_bonus_now_or_later()
    {
        await Set(100);
        var guest = app.NewUserId();
        await Handles(nameof(OpenAccount), () => app.Register(guest, phoneSeenBefore: true));

        await Handles(nameof(UpsertGuestName), () => app.Update(guest, "Анна Петрова", version: 2, phoneSeenBefore: false));

        (await app.BalanceOf(guest)).Points.ShouldBe(0);
    }

    [Fact]
    public async Task A_bonus_that_is_switched_on_later_is_for_new_guests_only()
    {
        await Set(0);
        var earlier = await app.GivenGuest();
        await Set(100);

        await Handles(nameof(UpsertGuestName), () => app.Update(earlier, "Анна Смирнова", version: 2));

        (await app.BalanceOf(earlier)).Points.ShouldBe(0);
        await Has(await app.GivenGuest(), 100);
    }

    private Task<int> Set(long bonus) => app.Database.Execute("update loyalty.settings set start_bonus = $1", Ct, bonus);

    private async Task Handles(string handler, Func<Task> happen)
    {
        var handled = await app.HandledBy(handler);
        await happen();
        await Eventually.Get(() => app.HandledBy(handler), now => now > handled, Ct);
    }

    private Task Has(UserId guest, long points) => Eventually.Passes(async () => (await app.BalanceOf(guest)).Points.ShouldBe(points), Ct);
}
