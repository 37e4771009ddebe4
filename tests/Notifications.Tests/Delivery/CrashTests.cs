using Platform.Testing;

namespace Platform.Notifications.Tests.Delivery;

/// <summary>Runs the sender as a separate process and kills it at random times.</summary>
public sealed class CrashTests(CrashTests.App app) : IClassFixture<CrashTests.App>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_whose_sender_is_killed_during_the_call_is_uncertain_and_not_resent()
    {
        var guest = await app.GivenGuest();
        await app.Sandbox.GivenFault(new { kind = "hang", chatId = guest.TelegramId, times = 1 });
        await using var sender = await app.StartProcess(Ct, App.Bot);
        await app.Deliver(Happened.Order(guest.User));
        await Eventually.IsTrue(async () => (await app.CallsFor(guest)).Count == 1, Ct);

        await sender.Kill();
        await sender.Restart(Ct);

        (await app.Sees(guest, "uncertain")).Json("error").ShouldBe("The sender was interrupted.");
        await app.Deliver(Happened.Level(guest.User));
        await guest.Chat.Sees("Ваш новый уровень");
        (await app.CallsFor(guest)).Count.ShouldBe(2);
        await sender.Stop(Ct);
    }

    [Fact]
    public async Task A_stopped_sender_finishes_its_calls()
    {
        var guest = await app.GivenGuest();
        await app.Sandbox.GivenFault(new { kind = "delay", chatId = guest.TelegramId, seconds = 1.5, times = 1 });
        await using var sender = await app.StartProcess(Ct, App.Bot);
        await app.Deliver(Happened.Order(guest.User));
        await Eventually.IsTrue(async () => (await app.CallsFor(guest)).Count == 1, Ct);

        (await sender.Stop(Ct)).ShouldBe(0);

        await app.Sees(guest, "sent");
        (await guest.Chat.Count("Спасибо")).ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Killing_senders_at_random_times_loses_nothing_and_sends_nothing_twice(int seed)
    {
        var random = new Random(seed);
        var guests = await app.GivenGuests(20);
        // Makes it likely that a kill hits calls in flight.
        await app.Sandbox.GivenFault(new { kind = "delay", method = "sendMessage", seconds = 0.2 });
        await using var one = await app.StartProcess(Ct, App.Bot);
        await using var other = await app.StartProcess(Ct, App.Bot);

        string[] levels = ["First", "Second", "Third"];
        foreach (var (life, level) in levels.Index())
        {
            var calls = (await app.Sandbox.Requests()).Count + random.Next(1, 12);
            await app.Publish([.. guests.Select(guest => Happened.Level(guest.User, level, version: life))]);
            await Eventually.IsTrue(async () => (await app.Sandbox.Requests()).Count >= calls, Ct);
            await Task.WhenAll(one.Kill(), other.Kill());
            await Task.WhenAll(one.Restart(Ct), other.Restart(Ct));
        }

        var ids = string.Join(',', guests.Select(guest => guest.User));
        await Eventually.IsTrue(
            async () => await app.Count(
                $"select count(*) from notifications where status not in ('queued', 'sending') and user_id = any(array[{ids}]::bigint[])") == 60,
            Ct, within: TimeSpan.FromSeconds(60));
        await app.Sandbox.ClearFaults();
        await Task.WhenAll(one.Stop(Ct), other.Stop(Ct));

        foreach (var guest in guests)
        {
            foreach (var level in levels)
            {
                var arrived = await guest.Chat.Count($"— {level}.");
                var status = (await app.Column(
                    $"select status from notifications where user_id = {guest.User} and parameters ->> 'level' = '{level}'")).Single();
                (status, arrived).ShouldBeOneOf(("sent", 1), ("uncertain", 0), ("uncertain", 1));
            }
        }

        (await app.Count("select count(*) from queue")).ShouldBe(0);
    }

    /// <summary>The fixture's replica handles events but sends nothing, since it has no token.</summary>
    public sealed class App : DeliveryApp
    {
        public static KeyValuePair<string, string> Bot { get; } = new("TELEGRAM_TOKEN_CLIENT", TelegramSandbox.GuestToken);

        protected override IEnumerable<KeyValuePair<string, string>> Settings => base.Settings.Where(setting => setting.Key != Bot.Key);
    }
}
