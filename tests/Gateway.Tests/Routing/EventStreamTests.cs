using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using Platform.Testing;

namespace Platform.Gateway.Tests.Routing;

public sealed class EventStreamTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Scaled down: 1 s for 30, and 0.1 s between keep-alives for 4.</summary>
    [Fact]
    public async Task An_idle_event_stream_with_keep_alives_outlives_the_request_timeout()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: [("RequestTimeout", "00:00:01"), ("Gateway:UpstreamTimeout", "00:00:05")]);
        gateway.Notifications.Answer = Quiet(TimeSpan.FromMilliseconds(100), keepAlives: 30);

        var events = await Read(gateway);

        events.ShouldBe([.. Enumerable.Repeat("alive", 30), "progress"]);
    }

    [Fact]
    public async Task An_event_stream_without_keep_alives_is_cut_so_that_its_reader_reconnects()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:UpstreamTimeout", "00:00:00.500"));
        gateway.Notifications.Answer = Quiet(Timeout.InfiniteTimeSpan, keepAlives: 2);

        await Should.ThrowAsync<IOException>(() => Read(gateway).WaitAsync(Eventually.Within, Ct));
    }

    private static RequestDelegate Quiet(TimeSpan between, int keepAlives) => async context =>
    {
        context.Response.ContentType = "text/event-stream";
        using var pause = new PeriodicTimer(between);
        for (var sign = 0; sign < keepAlives; sign++)
        {
            await context.Response.WriteAsync("event: alive\ndata:\n\n");
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await pause.WaitForNextTickAsync(context.RequestAborted);
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
