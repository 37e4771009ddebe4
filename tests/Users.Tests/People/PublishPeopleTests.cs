using Platform.Contracts.Users;
using Platform.Users.People;

namespace Platform.Users.Tests.People;

public sealed class PublishPeopleTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Resync_publishes_the_current_state_of_everyone()
    {
        var phone = UsersApp.NewPhone();
        var first = await app.GivenVerifiedPerson(phone);
        var second = await app.GivenVerifiedPerson(phone);
        await app.Block(second.UserId);
        await app.Execute($"insert into acquisition_channels (user_id, referral_user_id, created_at) select {second.UserId}, id, created_at from users where id = {first.UserId}");
        var before = await TellOfEverybody(expected: 2);

        await using (var scope = app.Services.CreateAsyncScope())
        {
            (await PublishPeople.Run(scope.ServiceProvider, TestContext.Current.CancellationToken)).ShouldBe(2);
        }

        var after = (await TellOfEverybody(expected: 4)).Skip(before.Count).ToList();
        after.Select(published => (published.UserId, published.PhoneSeenBefore, published.Version))
            .ShouldBe([(first.UserId, false, 1), (second.UserId, true, 2)], ignoreOrder: true);
        (await app.Published<UserBlocked>(blocked => blocked.UserId == second.UserId)).Version.ShouldBe(2);
        (await app.Published<UserReferred>(referred => referred.UserId == second.UserId)).ReferrerId.ShouldBe(first.UserId);
    }

    private Task<List<UserRegistered>> TellOfEverybody(int expected) => Testing.Eventually.Get(
        () => Task.FromResult(app.Broker.Events
            .Where(message => message.Type == typeof(UserRegistered).FullName)
            .Select(message => message.Read<UserRegistered>())
            .ToList()),
        published => published.Count == expected,
        TestContext.Current.CancellationToken);
}
