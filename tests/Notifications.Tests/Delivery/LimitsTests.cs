using Platform.Testing;

namespace Platform.Notifications.Tests.Delivery;

public sealed class LimitsTests(DeliveryApp app) : IClassFixture<DeliveryApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_replicas_together_send_at_most_25_messages_a_second_and_none_twice()
    {
        await app.Start();
        var guests = await app.GivenGuests(60);
        await app.RecordTaken();
        var before = (await app.Sandbox.Requests()).Count;

        // Queued while the bot is held, so that all are due at once.
        await Hold();
        await app.Deliver([.. Enumerable.Range(1, 2).SelectMany(n => guests.Select(guest => Happened.Level(guest.User, version: n)))]);
        await Release();
        await Eventually.IsTrue(async () => await Sent(guests) == 120, Ct, within: TimeSpan.FromSeconds(60));

        var calls = (await app.Sandbox.Requests()).Skip(before).ToList();
        calls.Count(call => call.Status == 200).ShouldBe(120);
        calls.Count.ShouldBe(120);
        // A message taken late and a punctual one may fall into the same second.
        MostIn(TimeSpan.FromSeconds(1), [.. (await app.Taken()).Select(at => new DateTimeOffset(at))]).ShouldBeLessThanOrEqualTo(26);
        // On a busy machine calls arrive less evenly than they were begun. Telegram's limit is 30.
        MostIn(TimeSpan.FromSeconds(1), [.. calls.Select(call => call.At)]).ShouldBeLessThanOrEqualTo(30);
        foreach (var ofOneChat in calls.Where(call => call.Status == 200).GroupBy(call => call.ChatId))
        {
            ofOneChat.Zip(ofOneChat.Skip(1), (one, next) => next.At - one.At).ShouldAllBe(pause => pause >= TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_429_for_one_chat_delays_only_that_chat()
    {
        var (unlucky, other) = (await app.GivenGuest(), await app.GivenGuest());
        await app.Sandbox.GivenFault(new { kind = "tooManyRequests", chatId = unlucky.TelegramId, retryAfter = 5, times = 1 });
        await app.Deliver(Happened.Order(unlucky.User));
        await Eventually.IsTrue(async () => (await app.CallsFor(unlucky)).Count == 1, Ct);
        await app.Sees(unlucky, "queued");

        await app.Deliver(Happened.Order(other.User), Happened.Level(unlucky.User));

        await app.Sees(other, "sent");
        await Eventually.IsTrue(async () => (await app.CallsFor(unlucky)).Count == 3, Ct);
        var refusedAt = (await app.CallsFor(unlucky))[0].At;
        ((await app.CallsFor(other)).Single().At - refusedAt).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        ((await app.CallsFor(unlucky))[1].At - refusedAt).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5), "nothing else goes to that chat meanwhile");
    }

    [Fact]
    public async Task A_429_for_a_second_chat_delays_the_whole_bot_even_under_a_new_leader()
    {
        var (unlucky, second, other) = (await app.GivenGuest(), await app.GivenGuest(), await app.GivenGuest());
        foreach (var refused in new[] { unlucky, second })
        {
            await app.Sandbox.GivenFault(new { kind = "tooManyRequests", chatId = refused.TelegramId, retryAfter = 4, times = 1 });
        }

        await app.Deliver(Happened.Order(unlucky.User), Happened.Order(second.User));
        await Eventually.IsTrue(async () => await app.Count("select count(*) from senders where next_at > now() + interval '1 second'") == 1, Ct);

        // The leader loses its lock, and another replica takes over during the wait.
        await app.Start();
        (await app.Database.Execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%sender-client%' and datname = current_database()", Ct)).ShouldNotBe(0);
        await app.Deliver(Happened.Order(other.User));

        await app.Sees(unlucky, "sent");
        await app.Sees(second, "sent");
        await app.Sees(other, "sent");
        var refusedAt = new[] { (await app.CallsFor(unlucky))[0].At, (await app.CallsFor(second))[0].At }.Max();
        ((await app.CallsFor(other)).Single().At - refusedAt).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Transactional_messages_are_sent_before_personal_ones()
    {
        var guests = await app.GivenGuests(5);
        var before = (await app.Sandbox.Requests()).Count;
        await Hold();

        await app.Deliver([.. guests.Select(guest => Happened.Level(guest.User))]);
        await app.Deliver([.. guests.Select(guest => Happened.Order(guest.User))]);
        await Release();
        await Eventually.IsTrue(async () => await Sent(guests) == 10, Ct, within: TimeSpan.FromSeconds(30));

        var sent = (await app.Sandbox.Requests()).Skip(before)
            .Select(call => call.Body.GetProperty("text").GetString()!.Contains("заказ", StringComparison.Ordinal));
        sent.Take(5).ShouldAllBe(isOrder => isOrder);
    }

    /// <summary>The bot sends nothing until it is released.</summary>
    private Task Hold() => app.Execute("update senders set next_at = now() + interval '1 hour'");

    private Task Release() => app.Execute("update senders set next_at = '-infinity'");

    private Task<long> Sent(IReadOnlyList<Guest> guests) =>
        app.Count($"select count(*) from notifications where status = 'sent' and user_id = any(array[{string.Join(',', guests.Select(guest => guest.User))}]::bigint[])");

    private static int MostIn(TimeSpan window, IReadOnlyList<DateTimeOffset> instants) =>
        instants.Max(first => instants.Count(at => at >= first && at < first + window));
}
