using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using Platform.Testing;

namespace Platform.Gateway.Tests.Routing;

public sealed class EventStreamTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>As it is in earnest, with 1 s for 30, and 0.1 s between the signs of life for 4.</summary>
    [Fact]
    public async Task A_stream_on_which_nothing_happens_lives_on_past_the_time_that_an_answer_may_take_to_begin()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: [("RequestTimeout", "00:00:01"), ("Gateway:UpstreamTimeout", "00:00:05")]);
        gateway.Notifications.Answer = Quiet(TimeSpan.FromMilliseconds(100), signsOfLife: 30);

        var events = await Read(gateway);

        events.ShouldBe([.. Enumerable.Repeat("alive", 30), "progress"]);
    }

    [Fact]
    public async Task A_stream_without_a_sign_of_life_is_ended_so_that_its_reader_connects_again()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:UpstreamTimeout", "00:00:00.500"));
        gateway.Notifications.Answer = Quiet(Timeout.InfiniteTimeSpan, signsOfLife: 2);

        await Should.ThrowAsync<IOException>(() => Read(gateway).WaitAsync(Eventually.Within, Ct));
    }

    private static RequestDelegate Quiet(TimeSpan between, int signsOfLife) => async context =>
    {
        context.Response.ContentType = "text/event-stream";
        for (var sign = 0; sign < signsOfLife; sign++)
        {
            await context.Response.WriteAsync("event: alive\ndata:\n\n");
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(between, context.RequestAborted);
        }

        await context.Response.WriteAsync("event: progress\ndata: 1\n\n");
    };

    private static async Task<IReadOnlyList<string>> Read(GatewayUnderTest gateway)
    {
        using var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.ClientToken(5));
        using var response = await client.GetAsync("/api/notifications/broadcasts/1/progress", HttpCompletionOption.ResponseHeadersRead, Ct);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var events = new List<string>();
        await foreach (var happened in SseParser.Create(await response.Content.ReadAsStreamAsync(Ct)).EnumerateAsync(Ct))
        {
            events.Add(happened.EventType);
        }

        return events;
    }
}
