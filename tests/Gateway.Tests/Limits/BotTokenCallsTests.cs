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
    public async Task Bot_tokens_are_limited_per_person()
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
        // A stranger's key does not use up the bot's calls.
        (await AskFor(gateway, 1001, key: "another")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Wrong_bot_keys_are_limited_per_network()
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
    public async Task A_right_bot_key_is_accepted_despite_many_wrong_ones_from_its_address()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.Answer = OnlyTheRightKey;
        for (var guess = 0; guess < 30; guess++)
        {
            await AskFor(gateway, 1000 + guess, $"guess-{guess}");
        }

        // The first call is compared; after that the key is known.
        (await AskFor(gateway, 2000, "right")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskFor(gateway, 2001, "right")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskFor(gateway, 2002, "guess-30")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task A_known_bot_key_does_not_wait_for_wrong_ones_to_be_compared()
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
        await Eventually.IsTrue(
            () => Task.FromResult(gateway.Users.Calls.Count(call => call.Headers["X-Api-Key"].StartsWith("flood", StringComparison.Ordinal)) == 4),
            TestContext.Current.CancellationToken);

        (await AskFor(gateway, 2000, "right")).Status.ShouldBe(HttpStatusCode.OK);

        compared.SetResult();
        (await Task.WhenAll(flood)).ShouldAllBe(answer => answer.Status == HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_bot_key_that_is_no_longer_accepted_counts_as_wrong()
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
    public async Task The_body_of_a_bot_token_call_arrives_unchanged()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.Answer = async context => await context.Response.WriteAsync(await new StreamReader(context.Request.Body).ReadToEndAsync());

        var padded = $$"""{"telegramId":1,"padding":"{{new string('x', 100_000)}}"}""";
        foreach (var body in new[] { """{"telegramId": 77, "x": "й"}""", "no json", "[1]", "", padded })
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
