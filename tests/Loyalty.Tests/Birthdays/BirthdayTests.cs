using System.Globalization;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Birthdays;
using Platform.Loyalty.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Birthdays;

/// <summary>The job runs with a clock of its own, as if it were the service at that time. Needs its own host, since it gives gifts to all.</summary>
public sealed class BirthdayTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1990-05-10", "2026-05-09T20:59:59Z", false, "the last second of the day before, in Moscow")]
    [InlineData("1990-05-10", "2026-05-09T21:00:00Z", true, "the day begins in Moscow")]
    [InlineData("1990-05-10", "2026-05-10T20:59:59Z", true, "the day ends in Moscow")]
    [InlineData("1990-05-10", "2026-05-12T09:00:00Z", true, "two days late after a downtime")]
    [InlineData("1990-05-10", "2026-05-17T20:59:59Z", true, "seven days late")]
    [InlineData("1990-05-10", "2026-05-17T21:00:00Z", false, "eight days late")]
    [InlineData("1992-02-29", "2027-02-27T09:00:00Z", false, "the 29th: not on the 27th")]
    [InlineData("1992-02-29", "2027-02-28T09:00:00Z", true, "the 29th: on the 28th of another year")]
    [InlineData("1992-02-29", "2027-03-03T09:00:00Z", true, "the 29th: late in another year")]
    [InlineData("1992-02-29", "2028-02-28T09:00:00Z", false, "the 29th: not on the 28th of a leap year")]
    [InlineData("1992-02-29", "2028-02-29T09:00:00Z", true, "the 29th: on the 29th of a leap year")]
    [InlineData("1992-02-29", "2028-03-07T09:00:00Z", true, "the 29th: seven days late in a leap year")]
    [InlineData("1992-02-29", "2100-02-28T09:00:00Z", true, "the 29th: 2100 is no leap year")]
    [InlineData("1990-02-28", "2027-02-28T09:00:00Z", true, "the 28th: on the 28th")]
    [InlineData("1990-12-30", "2027-01-02T09:00:00Z", true, "late over the turn of the year")]
    [InlineData("1990-12-30", "2027-01-08T09:00:00Z", false, "too late over the turn of the year")]
    public async Task A_birthday_gift_is_due(string birthDate, string now, bool isDue, string because)
    {
        var guest = await GivenGuestBornOn(birthDate);

        await RunAt(now);

        (await GiftsOf(guest)).ShouldBe(isDue ? 1 : 0, because);
        await RunAt(now);
        (await GiftsOf(guest)).ShouldBe(isDue ? 1 : 0, "The second run gives nothing more.");
    }

    [Fact]
    public async Task A_guest_born_on_the_leap_day_gets_one_gift_each_year()
    {
        var guest = await GivenGuestBornOn("2000-02-29");

        for (var day = At("2027-02-20T09:00:00Z"); day < At("2027-03-15T09:00:00Z"); day = day.AddDays(1))
        {
            await RunAt(day);
        }

        (await GiftsOf(guest)).ShouldBe(1);
        await RunAt("2028-02-28T09:00:00Z");
        (await GiftsOf(guest)).ShouldBe(1);
        await RunAt("2028-02-29T09:00:00Z");
        await RunAt("2028-03-01T09:00:00Z");
        (await GiftsOf(guest)).ShouldBe(2);
    }

    [Theory]
    [InlineData("1990-12-30", "2027-01-06T20:59:59Z", "2027-12-29T21:00:00Z")]
    [InlineData("1992-02-29", "2028-03-07T20:59:59Z", "2029-02-27T21:00:00Z")]
    public async Task A_gift_that_was_seven_days_late_does_not_delay_the_next_one(string birthDate, string late, string next)
    {
        var guest = await GivenGuestBornOn(birthDate);

        await RunAt(late);
        await RunAt(next);

        (await GiftsOf(guest)).ShouldBe(2);
    }

    [Fact]
    public async Task The_gift_has_the_title_and_the_days_of_the_settings_and_is_published()
    {
        var guest = await GivenGuestBornOn("1991-06-15");

        await RunAt("2026-06-15T09:00:00Z");

        var published = await app.Published<GiftIssued>(gift => gift.UserId == guest);
        (published.Title, published.Reason, published.ExpiresAt).ShouldBe(("Напиток на выбор", "birthday", At("2026-06-29T20:59:59Z")));
    }

    [Fact]
    public async Task A_changed_date_of_birth_brings_no_second_gift_within_the_year()
    {
        var guest = await GivenGuestBornOn("1991-12-28");
        await RunAt("2026-12-28T09:00:00Z");
        (await GiftsOf(guest)).ShouldBe(1);

        await app.Update(guest, "Анна Петрова", version: 2, birthDate: new DateOnly(1991, 1, 9));
        await Born(guest, new DateOnly(1991, 1, 9));
        await RunAt("2027-01-09T09:00:00Z");

        (await GiftsOf(guest)).ShouldBe(1);
    }

    [Fact]
    public async Task Guests_who_joined_after_their_birthday_wait_for_the_next_one()
    {
        // The host's clock says 2 March 2026.
        var (before, after) = (await GivenGuestBornOn("1990-03-02"), await GivenGuestBornOn("1990-03-01"));

        await RunAt("2026-03-03T09:00:00Z");

        (await GiftsOf(before)).ShouldBe(1);
        (await GiftsOf(after)).ShouldBe(0);
    }

    [Fact]
    public async Task Erased_guests_and_a_setting_that_is_off_bring_no_gift()
    {
        var (erased, guest) = (await GivenGuestBornOn("1990-08-08"), await GivenGuestBornOn("1990-08-08"));
        await app.Erase(erased);
        await app.Database.Execute("update loyalty.settings set birthday_gift = null", Ct);
        await RunAt("2026-08-08T09:00:00Z");
        (await GiftsOf(guest)).ShouldBe(0);

        await app.Database.Execute("update loyalty.settings set birthday_gift = 'Напиток на выбор'", Ct);
        await RunAt("2026-08-08T10:00:00Z");

        (await GiftsOf(guest)).ShouldBe(1);
        (await GiftsOf(erased)).ShouldBe(0);
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    [Fact]
    public async Task Two_runs_at_once_give_one_gift_to_each()
    {
        var guests = new List<UserId>();
        for (var number = 0; number < 20; number++)
        {
            guests.Add(await GivenGuestBornOn("1990-09-09"));
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAt("2026-09-09T09:00:00Z")));

        foreach (var guest in guests)
        {
            (await GiftsOf(guest)).ShouldBe(1);
        }
    }

    private async Task<UserId> GivenGuestBornOn(string birthDate)
    {
        var (guest, born) = (app.NewUserId(), DateOnly.Parse(birthDate, CultureInfo.InvariantCulture));
        await app.Register(guest, birthDate: born);
        await Born(guest, born);
        return guest;
    }

    private Task Born(UserId guest, DateOnly on) => Eventually.IsTrue(
        () => app.Database.Scalar<bool>("select exists (select from loyalty.accounts where user_id = $1 and birth_date = $2)", Ct, guest.Value, on), Ct);

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    private Task RunAt(string now) => RunAt(At(now));

    private async Task RunAt(DateTimeOffset now)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        await new GiveBirthdayGifts(
            services.GetRequiredService<LoyaltyDb>(), services.GetRequiredService<Outbox>(), services.GetRequiredService<BusinessClock>(),
            new ManualClock(now)).Run(Ct);
    }

    private Task<long> GiftsOf(UserId guest) =>
        app.Database.Scalar<long>("select count(*) from loyalty.gifts where user_id = $1 and reason = 'birthday'", Ct, guest.Value);
}
