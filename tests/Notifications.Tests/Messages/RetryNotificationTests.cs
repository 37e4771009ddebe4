using System.Net;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Notifications.Tests.Messages;

public sealed class RetryNotificationTests(SharedNotificationsApp app)
{
    [Theory]
    [InlineData("failed")]
    [InlineData("uncertain")]
    [InlineData("suppressed")]
    public async Task A_failed_uncertain_or_suppressed_notification_can_be_queued_again(string status)
    {
        var (user, id) = await Given(status);

        (await Retry(id)).Status.ShouldBe(HttpStatusCode.NoContent);

        var queued = (await app.Mine(user)).Single();
        queued.Json("status").ShouldBe("queued");
        (await app.Count($"select count(*) from queue where notification_id = {id} and bots = array['client']")).ShouldBe(1);
        (await app.Count($"select count(*) from audit where action = 'notification.retry' and target = 'notification:{id}' and details ->> 'before' = '{status}'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("queued")]
    [InlineData("sending")]
    [InlineData("sent")]
    public async Task A_queued_or_sent_notification_cannot_be_queued_again(string status)
    {
        var (_, id) = await Given(status);

        (await Retry(id)).ShouldBeProblem(HttpStatusCode.Conflict, "not_retryable");
    }

    [Fact]
    public async Task A_notification_for_an_erased_person_cannot_be_queued_again()
    {
        var (user, id) = await Given("failed");
        await app.Execute($"update contacts set erased = true, full_name = '', city = null where user_id = {user}");

        (await Retry(id)).ShouldBeProblem(HttpStatusCode.Conflict, "not_retryable");
    }

    [Fact]
    public async Task Two_concurrent_retries_queue_a_notification_once()
    {
        var (_, id) = await Given("failed");

        var answers = await Task.WhenAll(Retry(id), Retry(id));

        answers.Select(answer => answer.Status).ShouldBe([HttpStatusCode.NoContent, HttpStatusCode.Conflict], ignoreOrder: true);
        (await app.Count($"select count(*) from queue where notification_id = {id}")).ShouldBe(1);
    }

    [Fact]
    public async Task A_retry_repeated_with_its_key_gets_the_first_answer()
    {
        var (_, id) = await Given("failed");
        var key = Guid.NewGuid().ToString();

        (await Retry(id, key)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Retry(id, key)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Count($"select count(*) from audit where target = 'notification:{id}'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_retry_of_an_unknown_notification_is_not_found_and_guests_are_refused()
    {
        var (user, id) = await Given("failed");

        (await Retry(new NotificationId(999_999_999))).ShouldBeProblem(HttpStatusCode.NotFound, "notification_not_found");
        (await app.Post($"/api/notifications/{id}/retry", app.ClientToken(user))).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        (await app.Post($"/api/notifications/{id}/retry", token: null)).ShouldBeProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private Task<Answer> Retry(NotificationId id, string? key = null) => app.Post($"/api/notifications/{id}/retry", app.StaffToken(3), key);

    private async Task<(UserId User, NotificationId Id)> Given(string status)
    {
        var user = Happened.NewUser();
        await app.Deliver(Happened.Registered(user), Happened.Order(user));
        if (status != "queued")
        {
            await app.Execute($"""
                delete from queue where user_id = {user};
                update notifications set status = '{status}', sent_at = case '{status}' when 'sent' then created_at end where user_id = {user}
                """);
        }

        return (user, new NotificationId(await app.Count($"select id from notifications where user_id = {user}")));
    }
}
