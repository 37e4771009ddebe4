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
    public async Task What_was_not_sent_or_perhaps_was_is_put_into_the_queue_again(string status)
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
    public async Task What_waits_or_was_sent_is_not_sent_again(string status)
    {
        var (_, id) = await Given(status);

        (await Retry(id)).ShouldBeProblem(HttpStatusCode.Conflict, "not_retryable");
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_person_who_was_erased()
    {
        var (user, id) = await Given("failed");
        await app.Execute($"update contacts set erased = true, full_name = '', city = null where user_id = {user}");

        (await Retry(id)).ShouldBeProblem(HttpStatusCode.Conflict, "not_retryable");
    }

    [Fact]
    public async Task Twice_at_once_puts_it_into_the_queue_once()
    {
        var (_, id) = await Given("failed");

        var answers = await Task.WhenAll(Retry(id), Retry(id));

        answers.Select(answer => answer.Status).ShouldBe([HttpStatusCode.NoContent, HttpStatusCode.Conflict], ignoreOrder: true);
        (await app.Count($"select count(*) from queue where notification_id = {id}")).ShouldBe(1);
    }

    [Fact]
    public async Task With_a_key_the_repetition_is_answered_as_the_first_time()
    {
        var (_, id) = await Given("failed");
        var key = Guid.NewGuid().ToString();

        (await Retry(id, key)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await Retry(id, key)).Status.ShouldBe(HttpStatusCode.NoContent);

        (await app.Count($"select count(*) from audit where target = 'notification:{id}'")).ShouldBe(1);
    }

    [Fact]
    public async Task One_that_is_not_there_is_not_found_and_guests_are_refused()
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
