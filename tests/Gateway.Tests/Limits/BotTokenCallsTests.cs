using System.Net;
using System.Text;

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
    public async Task Whoever_tries_keys_is_stopped_by_his_address()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Users.Answer = context =>
        {
            context.Response.StatusCode = context.Request.Headers["X-Api-Key"] == "right" ? 200 : 401;
            return Task.CompletedTask;
        };

        for (var guess = 0; guess < 10; guess++)
        {
            (await AskFor(gateway, 1000 + guess, $"guess-{guess}", "127.0.0.66")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await AskFor(gateway, 2000, "guess-10", "127.0.0.66")).ShouldBeProblem(HttpStatusCode.TooManyRequests, "rate_limited");
        (await AskFor(gateway, 2000, "right", "127.0.0.7")).Status.ShouldBe(HttpStatusCode.OK);
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

    private static Task<Answer> AskFor(GatewayUnderTest gateway, long telegramId, string key = "the-bots", string? from = null) =>
        gateway.Post("/api/auth/bot", body: new { telegramId }, from: from, headers: ("X-Api-Key", key));
}
