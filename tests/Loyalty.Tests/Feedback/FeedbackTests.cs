using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Testing;

namespace Platform.Loyalty.Tests.Feedback;

public sealed class FeedbackTests(SharedLoyaltyApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_review_reaches_the_management_with_its_rating_and_the_shop_of_the_order()
    {
        var (guest, shop) = (await app.GivenGuest(), $"shop-{Guid.NewGuid():N}");
        var order = await GivenOrder(guest, shop);

        var sent = await Send(guest, "review", new { rating = 6, text = " Долго ждали.\nИ музыка громкая ", orderId = order });

        sent.Status.ShouldBe(HttpStatusCode.Created, sent.Body);
        var item = (await List($"?userId={guest}")).ShouldHaveSingleItem();
        ((string?)item["kind"], (int)item["rating"]!, (string?)item["text"], (string?)item["shopId"], (long)item["orderId"]!)
            .ShouldBe(("review", 6, "Долго ждали.\nИ музыка громкая", shop, order));
        ((long)item["user"]!["userId"]!, (string?)item["user"]!["name"]).ShouldBe((guest.Value, "Анна П."));
        item["replies"]!.AsArray().ShouldBeEmpty();
        var received = await app.Published<FeedbackReceived>(received => received.UserId == guest);
        (received.FeedbackId.Value, received.Kind, received.Rating).ShouldBe(((long)sent.Json("feedbackId")!, "review", 6));
    }

    [Fact]
    public async Task Feedback_without_an_order_is_about_the_shop_of_the_last_order_of_the_day()
    {
        var (guest, shop) = (await app.GivenGuest(), $"shop-{Guid.NewGuid():N}");
        await Send(guest, "idea", new { text = "Овсяное молоко" });
        await GivenOrder(guest, shop);

        await Send(guest, "message", new { text = "Забыл зонт" });

        (await List($"?userId={guest}")).Select(item => (string?)item["shopId"]).ShouldBe([shop, null]);
        await app.Database.Execute("update loyalty.orders set placed_at = placed_at - interval '25 hours' where user_id = $1", Ct, guest.Value);
        await Send(guest, "message", new { text = "Нашёл" });
        ((string?)(await List($"?userId={guest}"))[0]["shopId"]).ShouldBeNull();
    }

    [Fact]
    public async Task Rating_an_order_again_replaces_the_review_and_publishes_nothing_new()
    {
        var guest = await app.GivenGuest();
        var order = await GivenOrder(guest, "main-street");
        var first = await Send(guest, "review", new { rating = 1, text = "Ошибся кнопкой", orderId = order });

        var again = await Send(guest, "review", new { rating = 10, orderId = order });

        again.Json("feedbackId").ShouldBe(first.Json("feedbackId"));
        var item = (await List($"?userId={guest}")).ShouldHaveSingleItem();
        ((int)item["rating"]!, (string?)item["text"]).ShouldBe((10, null));
        (await app.Published<FeedbackReceived>(received => received.UserId == guest)).Rating.ShouldBe(1);
        (await app.Database.Scalar<long>(
            "select count(*) from loyalty.outbox where payload ->> 'userId' = $1 and type like '%FeedbackReceived'", Ct, $"{guest}")).ShouldBe(0);
    }

    [Fact]
    public async Task Ten_concurrent_reviews_of_an_order_leave_one()
    {
        var guest = await app.GivenGuest();
        var order = await GivenOrder(guest, "main-street");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Send(guest, "review", new { rating = i + 1, orderId = order })));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Created);
        answers.Select(answer => answer.Json("feedbackId")).Distinct().ShouldHaveSingleItem();
        (await List($"?userId={guest}")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_order_of_another_guest_cannot_be_rated()
    {
        var order = await GivenOrder(await app.GivenGuest(), "main-street");

        (await Send(await app.GivenGuest(), "review", new { rating = 1, orderId = order })).ShouldBeProblem(HttpStatusCode.NotFound, "order_not_found");
    }

    [Theory]
    [InlineData("review", """{"rating":0}""")]
    [InlineData("review", """{"rating":11}""")]
    [InlineData("review", """{"text":"без оценки"}""")]
    [InlineData("review", """{"rating":5,"text":" "}""")]
    [InlineData("idea", """{"text":""}""")]
    [InlineData("idea", """{"text":" \n "}""")]
    [InlineData("message", """{"text":"a\u0001b"}""")]
    [InlineData("message", """{}""")]
    public async Task Feedback_without_a_rating_or_a_readable_text_is_400(string kind, string body)
    {
        var answer = await app.Post(app.Client(await app.GivenGuest()), $"/api/loyalty/feedback/{kind}", JsonNode.Parse(body));

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task A_text_is_limited_to_4000_characters()
    {
        var guest = await app.GivenGuest();

        (await Send(guest, "idea", new { text = new string('я', 4001) })).ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        (await Send(guest, "idea", new { text = new string('я', 4000) })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_eleventh_message_within_an_hour_is_refused()
    {
        var guest = await app.GivenGuest();
        var kinds = new[] { "idea", "message" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Send(guest, kinds[i % 2], new { text = $"Мысль {i}" })));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(10);
        answers.Where(answer => answer.Status != HttpStatusCode.Created).ShouldAllBe(answer => answer.RetryAfter > 0);
        (await Send(guest, "idea", new { text = "Ещё" })).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        (await List($"?userId={guest}")).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Filters_find_unanswered_feedback_low_ratings_and_one_shop()
    {
        var (guest, shop) = (await app.GivenGuest(), $"shop-{Guid.NewGuid():N}");
        var low = await Id(Send(guest, "review", new { rating = 3, orderId = await GivenOrder(guest, shop) }));
        var high = await Id(Send(guest, "review", new { rating = 9, orderId = await GivenOrder(guest, "other") }));
        var idea = await Id(Send(guest, "idea", new { text = "Овсяное молоко" }));
        await Reply(low, "Простите, исправимся");

        (await Ids($"?userId={guest}&kind=review")).ShouldBe([high, low]);
        (await Ids($"?userId={guest}&unanswered=true")).ShouldBe([idea, high]);
        (await Ids($"?userId={guest}&unanswered=false")).ShouldBe([low]);
        (await Ids($"?userId={guest}&below=9")).ShouldBe([low]);
        (await Ids($"?userId={guest}&below=10")).ShouldBe([high, low]);
        (await Ids($"?shopId={shop}")).ShouldBe([low]);
        (await Ids($"?userId={guest}&from=2000-01-01&to=2000-12-31")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_hold_everything_once_and_the_file_holds_it_all()
    {
        var guest = await app.GivenGuest();
        var sent = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            sent.Add(await Id(Send(guest, "idea", new { text = i == 0 ? "=1+1" : $"Мысль {i}" })));
        }

        var (paged, next) = (new List<long>(), "");
        do
        {
            var page = await app.Call(app.Manager(), $"/api/loyalty/feedback?userId={guest}&limit=2{next}");
            paged.AddRange(Items(page).Select(item => (long)item["feedbackId"]!));
            next = page.Json("next") is { } last ? $"&after={last}" : "";
        }
        while (next != "");

        paged.ShouldBe(sent.AsEnumerable().Reverse());
        var file = await app.Call(app.Manager(), $"/api/loyalty/feedback?userId={guest}&limit=2&format=csv");
        file.Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(6);
        file.Body.ShouldContain("'=1+1");
    }

    [Fact]
    public async Task A_reply_is_published_with_the_beginning_of_what_the_guest_wrote_and_shown_to_them()
    {
        var guest = await app.GivenGuest();
        var id = await Id(Send(guest, "message", new { text = string.Concat(Enumerable.Repeat("👩‍🍳", 300)) }));
        var manager = await app.GivenStaff();

        var replied = await app.Post(app.Manager(manager), $"/api/loyalty/feedback/{id}/reply", new { text = " Зонт у нас.\nЗаходите! " });

        replied.Status.ShouldBe(HttpStatusCode.Created, replied.Body);
        var published = await app.Published<ManagementReplied>(reply => reply.UserId == guest);
        (published.ReplyId.Value, published.FeedbackId.Value, published.Text).ShouldBe(((long)replied.Json("replyId")!, id, "Зонт у нас.\nЗаходите!"));
        published.InReplyTo.ShouldBe($"{string.Concat(Enumerable.Repeat("👩‍🍳", 200))}…");
        var mine = Items(await app.Call(app.Client(guest), "/api/loyalty/feedback/mine")).ShouldHaveSingleItem();
        ((string?)mine["replies"]![0]!["text"]).ShouldBe("Зонт у нас.\nЗаходите!");
        mine["replies"]![0]!.AsObject().ContainsKey("staffId").ShouldBeFalse();
        var seen = (await List($"?userId={guest}")).ShouldHaveSingleItem();
        ((long)seen["replies"]![0]!["staffId"]!).ShouldBe(manager.Value);
        (await app.Database.Column<string>("select action || coalesce(details::text, '') from loyalty.audit where target = $1", Ct, $"feedback:{id}"))
            .ShouldHaveSingleItem().ShouldNotContain("Зонт");
    }

    [Fact]
    public async Task Only_managers_read_feedback_and_reply()
    {
        var guest = await app.GivenGuest();
        var id = await Id(Send(guest, "idea", new { text = "Овсяное молоко" }));

        foreach (var caller in new[] { app.Staff(await app.GivenStaff()), app.Client(guest) })
        {
            (await app.Call(caller, "/api/loyalty/feedback")).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
            (await app.Post(caller, $"/api/loyalty/feedback/{id}/reply", new { text = "Спасибо" })).ShouldBeProblem(HttpStatusCode.Forbidden, "forbidden");
        }

        (await app.Post(app.Manager(), $"/api/loyalty/feedback/{long.MaxValue}/reply", new { text = "Спасибо" }))
            .ShouldBeProblem(HttpStatusCode.NotFound, "feedback_not_found");
    }

    [Fact]
    public async Task A_guest_sees_their_own_feedback_only()
    {
        var (guest, other) = (await app.GivenGuest(), await app.GivenGuest());
        await Send(other, "idea", new { text = "Чужое" });
        await Send(guest, "idea", new { text = "Своё" });

        Items(await app.Call(app.Client(guest), "/api/loyalty/feedback/mine")).Select(item => (string?)item["text"]).ShouldBe(["Своё"]);
    }

    [Fact]
    public async Task The_export_contains_the_guests_feedback_with_the_replies()
    {
        var guest = await app.GivenGuest();
        await Reply(await Id(Send(guest, "review", new { rating = 8, text = "Хорошо" })), "Спасибо");

        var export = JsonNode.Parse((await app.Call(app.Client(guest), "/api/loyalty/export")).Body)!["feedback"]!.AsArray().ShouldHaveSingleItem()!;

        ((string?)export["text"], (int)export["rating"]!, (string?)export["replies"]![0]!["text"]).ShouldBe(("Хорошо", 8, "Спасибо"));
    }

    [Fact]
    public async Task An_erasure_removes_texts_and_replies_and_keeps_the_rating()
    {
        var guest = await app.GivenGuest();
        var id = await Id(Send(guest, "review", new { rating = 2, text = "Меня зовут Анна, верните деньги" }));
        await Reply(id, "Анна, вернули");

        await app.Erase(guest);

        var item = (await List($"?userId={guest}")).ShouldHaveSingleItem();
        ((int)item["rating"]!, (string?)item["text"], (string?)item["replies"]![0]!["text"], (string?)item["user"]!["name"]).ShouldBe((2, null, null, null));
        (await app.Post(app.Manager(), $"/api/loyalty/feedback/{id}/reply", new { text = "Анна?" })).ShouldBeProblem(HttpStatusCode.Conflict, "guest_erased");
        (await app.RowsThatDiffer()).ShouldBe(0);
    }

    private async Task<long> GivenOrder(UserId guest, string shopId)
    {
        var order = await app.PlaceOrder(await app.GivenStaff(), new { code = await app.GivenCode(guest), amount = 200, shopId });
        order.Status.ShouldBe(HttpStatusCode.Created, order.Body);
        return (long)order.Json("orderId")!;
    }

    private Task<Answer> Send(UserId guest, string kind, object body) => app.Post(app.Client(guest), $"/api/loyalty/feedback/{kind}", body);

    private async Task Reply(long id, string text) =>
        (await app.Post(app.Manager(), $"/api/loyalty/feedback/{id}/reply", new { text })).Status.ShouldBe(HttpStatusCode.Created);

    private static async Task<long> Id(Task<Answer> sent)
    {
        var answer = await sent;
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body);
        return (long)answer.Json("feedbackId")!;
    }

    private async Task<IReadOnlyList<JsonNode>> List(string query) => Items(await app.Call(app.Manager(), $"/api/loyalty/feedback{query}"));

    private async Task<IEnumerable<long>> Ids(string query) => (await List(query)).Select(item => (long)item["feedbackId"]!);

    private static IReadOnlyList<JsonNode> Items(Answer page)
    {
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        return [.. JsonNode.Parse(page.Body)!["items"]!.AsArray().Select(item => item!)];
    }
}
