using Platform.Testing;

namespace Platform.Notifications.Tests.Delivery;

public sealed class LimitsTests(DeliveryApp app) : IClassFixture<DeliveryApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_replicas_together_keep_to_25_a_second_and_send_nothing_twice()
    {
        await app.Start();
        var guests = await app.GivenGuests(60);
        await app.Sandbox.GivenFault(new { kind = "tooManyRequests", retryAfter = 1, times = 1 });
        var before = (await app.Sandbox.Requests()).Count;

        // Queued while Telegram makes the bot wait, so that all of them are due at once.
        await app.Deliver([.. Enumerable.Range(1, 2).SelectMany(n => guests.Select(guest => Happened.Level(guest.User, version: n)))]);
        await Eventually.IsTrue(async () => await Sent(guests) == 120, Ct, within: TimeSpan.FromSeconds(60));

        var calls = (await app.Sandbox.Requests()).Skip(before).ToList();
        calls.Count(call => call.Status == 200).ShouldBe(120);
        calls.Count.ShouldBe(121);
        // A late turn and one in time may fall into the same second; Telegram's wall is at 30.
        MostIn(TimeSpan.FromSeconds(1), calls).ShouldBeLessThanOrEqualTo(27);
        foreach (var ofOneChat in calls.Where(call => call.Status == 200).GroupBy(call => call.ChatId))
        {
            ofOneChat.Zip(ofOneChat.Skip(1), (one, next) => next.At - one.At).ShouldAllBe(pause => pause >= TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Too_many_makes_the_whole_bot_wait_also_under_a_new_leader()
    {
        var (unlucky, other) = (await app.GivenGuest(), await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "tooManyRequests", chatId = unlucky.TelegramId, retryAfter = 3, times = 1 });
        await app.Deliver(Happened.Order(unlucky.User));
        await Eventually.IsTrue(async () => (await app.CallsFor(unlucky)).Count == 1, Ct);
        await Eventually.IsTrue(async () => await app.Count("select count(*) from senders where next_at > now() + interval '1 second'") == 1, Ct);

        // Whoever leads loses it, and another takes over within the wait.
        await app.Start();
        (await app.Database.Execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%sender-client%' and datname = current_database()", Ct)).ShouldNotBe(0);
        await app.Deliver(Happened.Order(other.User));

        await app.Sees(unlucky, "sent");
        await app.Sees(other, "sent");
        var refusedAt = (await app.CallsFor(unlucky))[0].At;
        ((await app.CallsFor(unlucky))[1].At - refusedAt).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3));
        ((await app.CallsFor(other)).Single().At - refusedAt).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task What_was_paid_is_told_before_news()
    {
        var guests = await app.GivenGuests(5);
        var before = (await app.Sandbox.Requests()).Count;
        await app.Sandbox.GivenFault(new { kind = "tooManyRequests", retryAfter = 2, times = 1 });
        await app.Deliver(Happened.Level(guests[0].User));
        await Eventually.IsTrue(async () => (await app.Sandbox.Requests()).Count == before + 1, Ct);

        await app.Deliver([.. guests.Skip(1).Select(guest => Happened.Level(guest.User))]);
        await app.Deliver([.. guests.Select(guest => Happened.Order(guest.User))]);
        await Eventually.IsTrue(async () => await Sent(guests) == 10, Ct, within: TimeSpan.FromSeconds(30));

        var told = (await app.Sandbox.Requests()).Skip(before + 1).Select(call => call.Body.GetProperty("text").GetString()!.Contains("заказ", StringComparison.Ordinal));
        told.Take(5).ShouldAllBe(isOrder => isOrder);
    }

    private Task<long> Sent(IReadOnlyList<Guest> guests) =>
        app.Count($"select count(*) from notifications where status = 'sent' and user_id = any(array[{string.Join(',', guests.Select(guest => guest.User))}]::bigint[])");

    private static int MostIn(TimeSpan window, IReadOnlyList<BotRequest> calls) =>
        calls.Max(first => calls.Count(call => call.At >= first.At && call.At < first.At + window));
}
