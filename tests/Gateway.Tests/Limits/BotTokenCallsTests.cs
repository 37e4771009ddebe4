using System.Net;
using System.Text;
using Platform.Testing;

namespace Platform.Gateway.Tests.Limits;

public sealed class BotTokenCallsTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    [Fact]
    public async Task A_bot_gets_tokens_for_any_number_of_people_from_one_address()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);

        for (var person = 1; person <= 150; person++)
        {
            (await AskFor(gateway, person)).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task One_person_is_asked_for_so_many_times_and_another_still_is()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:Limits:BotTokens", "3"));

        for (var call = 0; call < 3; call++)
        {
            (await AskFor(gateway, 1001)).Status.ShouldBe(HttpStatusCode.OK);
        }

        var refused = await AskFor(gateway, 1001);
        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.RetryAfter.ShouldBeInRange(1, 60);
        (await AskFor(gateway, 1002)).Status.ShouldBe(HttpStatusCode.OK);
        // A stranger's key uses up nothing of the bot's.
        (await AskFor(gateway, 1001, key: "another")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_tries_keys_is_stopped_by_network()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.Answer = OnlyTheRightKey;

        for (var guess = 0; guess < 10; guess++)
        {
            (await AskFor(gateway, 1000 + guess, $"guess-{guess}", "127.0.0.66")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        var refused = await AskFor(gateway, 2000, "guess-10", "127.0.0.66");
        refused.ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.RetryAfter.ShouldBeInRange(1, 60);
        (await AskFor(gateway, 2000, "guess-11", "127.0.0.7")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_right_key_is_taken_however_many_wrong_ones_came_from_the_same_address()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.Answer = OnlyTheRightKey;
        for (var guess = 0; guess < 30; guess++)
        {
            await AskFor(gateway, 1000 + guess, $"guess-{guess}");
        }

        // The first time it is compared, and then it is known.
        (await AskFor(gateway, 2000, "right")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskFor(gateway, 2001, "right")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskFor(gateway, 2002, "guess-30")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task A_known_key_does_not_wait_behind_wrong_ones_that_are_being_compared()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        var compared = new TaskCompletionSource();
        gateway.Users.Answer = OnlyTheRightKey;
        (await AskFor(gateway, 1000, "right")).Status.ShouldBe(HttpStatusCode.OK);
        for (var guess = 0; guess < 10; guess++)
        {
            await AskFor(gateway, 1000 + guess, $"guess-{guess}");
        }

        gateway.Users.Answer = async context =>
        {
            if (context.Request.Headers["X-Api-Key"] != "right")
            {
                await compared.Task;
            }

            await OnlyTheRightKey(context);
        };
        var flood = Enumerable.Range(0, 20).Select(guess => AskFor(gateway, 3000 + guess, $"flood-{guess}")).ToArray();
        await Eventually.IsTrue(() => Task.FromResult(gateway.Users.Calls.Count(call => call.Headers["X-Api-Key"].StartsWith("flood", StringComparison.Ordinal)) == 4), TestContext.Current.CancellationToken);

        (await AskFor(gateway, 2000, "right")).Status.ShouldBe(HttpStatusCode.OK);

        compared.SetResult();
        (await Task.WhenAll(flood)).ShouldAllBe(answer => answer.Status == HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_key_that_is_taken_no_more_counts_as_wrong()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:Limits:WrongBotKeys", "2"));
        gateway.Users.Answer = OnlyTheRightKey;
        (await AskFor(gateway, 1, "right")).Status.ShouldBe(HttpStatusCode.OK);
        gateway.Users.Answer = context =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        };

        (await AskFor(gateway, 2, "right")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskFor(gateway, 3, "right")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskFor(gateway, 4, "right")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task The_body_that_was_looked_into_arrives_whole()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.Answer = async context => await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync());

        foreach (var body in new[] { """{"telegramId": 77, "x": "й"}""", "no json", "[1]", "", $$"""{"telegramId":1,"padding":"{{new string('x', 100_000)}}"}""" })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            (await gateway.Send(HttpMethod.Post, "/api/auth/bot", null, content)).Text.ShouldBe(body);
        }
    }

    private static Task OnlyTheRightKey(HttpContext context)
    {
        var isRight = context.Request.Headers["X-Api-Key"] == "right";
        context.Response.StatusCode = isRight ? 200 : 401;
        return context.Response.WriteAsync(isRight ? "{}" : """{"code":"wrong_api_key"}""");
    }

    private static Task<Answer> AskFor(GatewayUnderTest gateway, long telegramId, string key = "the-bots", string? from = null) =>
        gateway.Post("/api/auth/bot", body: new { telegramId }, from: from, headers: ("X-Api-Key", key));
}
