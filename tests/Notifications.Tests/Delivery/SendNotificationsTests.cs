using System.Diagnostics;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Notifications.Tests.Delivery;

public sealed class SendNotificationsTests(DeliveryApp app) : IClassFixture<DeliveryApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_who_has_started_the_bot_gets_one_message_about_an_order()
    {
        var guest = await app.GivenGuest();

        await app.Deliver(Happened.Order(guest.User));

        await guest.Chat.Sees("Спасибо за заказ на 1\u00a0250 ₽! Начислили 12 баллов, на счету 12 баллов.");
        var sent = await app.Sees(guest, "sent");
        sent.Json("attempts").ShouldBe(1L);
        sent.Json("sentAt").ShouldNotBeNull();
        sent.Json("error").ShouldBeNull();
        (await app.CallsFor(guest)).ShouldHaveSingleItem();
        (await app.Count($"select count(*) from queue where user_id = {guest.User}")).ShouldBe(0);
        (await app.Column($"select bot || message_id from notifications where user_id = {guest.User}")).Single().ShouldStartWith("client");
    }

    [Fact]
    public async Task A_message_is_in_the_persons_language_at_the_time_of_sending()
    {
        var guest = await app.GivenRegistered("ru");
        await app.Deliver(Happened.Order(guest.User), Happened.Registered(guest.User, "en", version: 2, telegramId: guest.TelegramId));

        await app.Start(guest);

        await guest.Chat.Sees("Thank you for your order");
    }

    [Fact]
    public async Task Markup_in_names_given_by_the_business_is_escaped()
    {
        var guest = await app.GivenGuest("en");

        await app.Deliver(Happened.Level(guest.User, "Fish & <b>Chips</b>"));

        await guest.Chat.Sees("Congratulations! Your new level is Fish & <b>Chips</b>.");
    }

    [Fact]
    public async Task A_message_is_sent_even_if_the_order_arrives_before_the_start_and_the_registration()
    {
        var (user, person) = (Happened.NewUser(), await app.Sandbox.GivenPerson());
        var chat = person.With(TelegramSandbox.GuestBot);
        await app.Deliver(Happened.Order(user));
        await chat.Says("/start");
        await app.Deliver(Happened.Started(person.Id));

        await app.Deliver(Happened.Registered(user, telegramId: person.Id));

        await chat.Sees("Спасибо за заказ");
    }

    [Fact]
    public async Task A_message_that_no_bot_can_deliver_within_the_grace_time_is_suppressed()
    {
        var guest = await app.GivenRegistered();
        await app.Deliver(Happened.Order(guest.User));

        app.Time.Advance(TimeSpan.FromMinutes(10));

        (await app.Sees(guest, "suppressed")).Json("error").ShouldBe("no_chat");
        await app.Start(guest);
        await app.Deliver(Happened.Level(guest.User));
        await guest.Chat.Sees("Ваш новый уровень");
        (await app.CallsFor(guest)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_guest_who_has_blocked_the_bot_gets_no_messages_until_they_unblock_it()
    {
        var guest = await app.GivenGuest();
        var startedBefore = Happened.Started(guest.TelegramId, app.Time.GetUtcNow());
        await guest.Chat.Blocks();

        await app.Deliver(Happened.Order(guest.User));
        (await app.Sees(guest, "failed")).Json("error").ShouldBe("Forbidden: bot was blocked by the user");

        // An old start event and another message cause no call.
        await app.Deliver(startedBefore, Happened.Level(guest.User, version: 2));
        app.Time.Advance(TimeSpan.FromMinutes(10));
        (await app.Sees(guest, "suppressed")).Json("error").ShouldBe("blocked");
        (await app.CallsFor(guest)).ShouldHaveSingleItem();

        await guest.Chat.Unblocks();
        await app.Deliver(Happened.Started(guest.TelegramId, app.Time.GetUtcNow()), Happened.Level(guest.User, "gold", version: 3));
        await guest.Chat.Sees("«Золото»");
    }

    [Fact]
    public async Task A_message_that_telegram_refuses_fails_with_its_error_text()
    {
        var (user, unknown) = (Happened.NewUser(), new TelegramId(7_999_999_000 + Random.Shared.Next(999)));
        await app.Deliver(Happened.Registered(user, telegramId: unknown), Happened.Started(unknown), Happened.Order(user));

        var failed = await app.Sees(new Guest(user, unknown, null!), "failed");

        failed.Json("error").ShouldBe("Bad Request: chat not found");
        failed.Json("attempts").ShouldBe(1L);
    }

    [Fact]
    public async Task A_message_is_retried_with_growing_pauses_while_telegram_fails()
    {
        var guest = await app.GivenGuest();
        await app.Sandbox.GivenFault(new { kind = "serverError", chatId = guest.TelegramId, times = 2 });

        await app.Deliver(Happened.Order(guest.User));

        await guest.Chat.Sees("Спасибо");
        (await app.Sees(guest, "sent")).Json("attempts").ShouldBe(3L);
        var calls = await app.CallsFor(guest);
        calls.Count.ShouldBe(3);
        (calls[2].At - calls[1].At).ShouldBeGreaterThan(calls[1].At - calls[0].At);
    }

    [Fact]
    public async Task A_message_is_given_up_after_telegram_has_failed_for_a_day()
    {
        var guest = await app.GivenGuest();
        await app.Sandbox.GivenFault(new { kind = "serverError", chatId = guest.TelegramId });
        await app.Deliver(Happened.Order(guest.User));
        await Eventually.IsTrue(async () => (await app.CallsFor(guest)).Count > 0, Ct);

        app.Time.Advance(TimeSpan.FromDays(1));

        (await app.Sees(guest, "failed")).Json("error").ShouldBeOfType<string>().ShouldContain("Internal Server Error");
    }

    [Theory]
    [InlineData("hang", 0)]
    [InlineData("cut", 1)]
    public async Task A_message_without_an_answer_is_uncertain_and_only_resent_on_request(string kind, int arrived)
    {
        var guest = await app.GivenGuest();
        await app.Sandbox.GivenFault(new { kind, chatId = guest.TelegramId, times = 1 });

        await app.Deliver(Happened.Order(guest.User));
        var uncertain = await app.Sees(guest, "uncertain");

        // A later message is sent; the uncertain one stays as it is.
        await app.Deliver(Happened.Level(guest.User));
        await guest.Chat.Sees("Ваш новый уровень");
        (await guest.Chat.Count("Спасибо")).ShouldBe(arrived);
        (await app.CallsFor(guest)).Count.ShouldBe(2);

        (await app.Post($"/api/notifications/{uncertain.Json("id")}/retry", app.StaffToken(3))).Status.ShouldBe(System.Net.HttpStatusCode.NoContent);
        await guest.Chat.Sees("Спасибо", times: arrived + 1);
        (await app.Sees(guest, "sent", "order_placed")).Json("attempts").ShouldBe(2L);
    }

    [Fact]
    public async Task Messages_to_one_guest_are_at_least_a_second_apart()
    {
        var guest = await app.GivenGuest();

        await app.Deliver(Happened.Order(guest.User), Happened.Level(guest.User), Happened.Refund(guest.User));

        await Eventually.IsTrue(async () => (await app.CallsFor(guest)).Count == 3, Ct);
        var calls = await app.CallsFor(guest);
        calls.Zip(calls.Skip(1), (one, next) => next.At - one.At).ShouldAllBe(pause => pause >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Sending_continues_the_trace_of_the_event()
    {
        var spans = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Platform.Notifications",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var guest = await app.GivenGuest();

        await app.Deliver(Happened.Order(guest.User));
        await app.Sees(guest, "sent");

        var traceparent = (await app.Column($"select traceparent from notifications where user_id = {guest.User}")).Single();
        var id = (await app.Count($"select id from notifications where user_id = {guest.User}"));
        var span = await Eventually.Get(
            () => Task.FromResult(spans.SingleOrDefault(span => span.GetTagItem("platform.notification") is long of && of == id)), found =>
                found is not null, Ct);
        span!.OperationName.ShouldBe("send order_placed");
        span.ParentId.ShouldBe(traceparent);
        span.GetTagItem("platform.outcome").ShouldBe("sent");
    }

    [Fact]
    public async Task The_bot_token_appears_in_no_log_and_no_row()
    {
        var (guest, blocked, unlucky) = (await app.GivenGuest(), await app.GivenGuest(), await app.GivenGuest());
        await blocked.Chat.Blocks();
        await app.Sandbox.GivenFault(new { kind = "cut", chatId = unlucky.TelegramId, times = 1 });
        await app.Deliver(Happened.Order(guest.User), Happened.Order(blocked.User), Happened.Order(unlucky.User));
        await app.Sees(guest, "sent");
        await app.Sees(blocked, "failed");
        await app.Sees(unlucky, "uncertain");

        var secret = TelegramSandbox.GuestToken.Split(':')[1];

        app.First.Log.Lines.ShouldNotBeEmpty();
        app.First.Log.Lines.Where(line => line.ToString().Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty();
        (await app.Count($"select count(*) from notifications where error like '%{secret}%'")).ShouldBe(0);
    }
}
