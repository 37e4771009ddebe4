using System.Net;
using Platform.Contracts;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Storage;

namespace Platform.Loyalty.Tests.Accounts;

public sealed class AccountTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    [Fact]
    public async Task Registration_opens_an_account_at_the_lowest_level_without_points()
    {
        var guest = await app.GivenGuest();

        var account = await app.GetMyAccount(guest);

        account.Status.ShouldBe(HttpStatusCode.OK);
        account.Json("userId").ShouldBe(guest.Value);
        account.Json("points").ShouldBe(0L);
        account.Json("level").ShouldBe("standard");
        account.Json("nextLevel.key").ShouldBe("silver");
        account.Json("nextLevel.pointsLeft").ShouldBe(100L);
    }

    [Fact]
    public async Task An_account_at_the_highest_level_has_no_next_level()
    {
        var account = await app.GetMyAccount(await app.GivenGuest(points: 1500));

        account.Json("level").ShouldBe("platinum");
        account.Json("nextLevel").ShouldBeNull();
    }

    [Fact]
    public async Task A_repeated_registration_event_does_not_open_a_second_account()
    {
        var guest = await app.GivenGuest(points: 30);

        await app.Register(guest);

        (await app.Account(guest)).Points.ShouldBe(new Points(30));
    }

    [Fact]
    public async Task A_guests_account_is_visible_to_the_guest_and_to_staff_but_not_to_other_guests()
    {
        var guest = await app.GivenGuest();

        (await app.GetAccount(guest, asGuest: await app.GivenGuest())).ShouldBeProblem(HttpStatusCode.NotFound, "account_not_found");
        (await app.GetAccount(guest, asGuest: guest)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.GetAccount(guest, asStaff: await app.GivenStaff())).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Waiting_for_an_account_inside_a_transaction_throws()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var scope = app.Services.CreateAsyncScope();
        var (db, opening) = (scope.ServiceProvider.GetRequiredService<LoyaltyDb>(), scope.ServiceProvider.GetRequiredService<AccountOpening>());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        await Should.ThrowAsync<InvalidOperationException>(() => opening.Wait(app.NewUserId(), ct));
    }

    [Fact]
    public async Task Verify_reports_an_edited_balance()
    {
        var guest = await app.GivenGuest(points: 10);

        await using (await app.WithTamperedPoints(guest))
        {
            (await app.Verify()).ShouldNotBe(0);
        }

        (await app.Verify()).ShouldBe(0);
    }

    [Fact]
    public async Task Verify_reports_a_level_that_was_not_reached()
    {
        var guest = await app.GivenGuest(points: 10);
        await SetLevel("gold");
        var differ = await app.RowsThatDiffer();
        await SetLevel("standard");

        differ.ShouldBe(1);
        (await app.RowsThatDiffer()).ShouldBe(0);

        Task SetLevel(string level) => app.Database.Execute(
            "update loyalty.accounts set level = $2 where user_id = $1", TestContext.Current.CancellationToken, guest.Value, level);
    }
}
