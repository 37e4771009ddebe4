using System.Net;
using Platform.Contracts;

namespace Platform.Users.Tests.Activity;

/// <summary>On a separate database, because it counts everyone.</summary>
public sealed class GetMembershipCountsTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Members_are_counted_by_their_membership_now()
    {
        var (lasting, ending, free, erased) = (await app.GivenPerson(), await app.GivenPerson(), await app.GivenPerson(), await app.GivenPerson());
        await Give(lasting.UserId, days: 30);
        await Give(ending.UserId, days: 5);
        await Give(erased.UserId, days: 5);
        await app.Get("/api/users/me/card", free.Token);
        (await app.Delete("/api/users/me", erased.Token)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await Counts()).ShouldBe("""{"free":1,"premium":2,"cards":3,"endedAndNotPutDown":0,"ofUnknownType":0,"withBrokenNumber":0}""");

        // The job that records the end has not run yet.
        await app.Execute($"update users set membership_expires = '{app.Clock.GetUtcNow():O}' where id = {ending.UserId}");
        (await Counts()).ShouldBe("""{"free":2,"premium":1,"cards":3,"endedAndNotPutDown":1,"ofUnknownType":0,"withBrokenNumber":0}""");
    }

    private async Task Give(UserId userId, int days) =>
        (await app.Post($"/api/users/{userId}/membership", new { days, reason = "Opening day" }, await app.Admin())).Status.ShouldBe(HttpStatusCode.OK);

    private async Task<string> Counts() => (await app.Get("/api/users/membership", await app.Admin())).Body;
}
