using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class EventStreamTests : IAsyncLifetime
{
    private readonly Channel<SseItem<string>> _happening = Channel.CreateUnbounded<SseItem<string>>();
    private readonly TaskCompletionSource _ended = new();
    private TestDatabase _database = null!;
    private TestService _service = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.Create("users");
        _service = await TestService.Start(_database, app => app.MapGet("/events", (IHostApplicationLifetime lifetime, CancellationToken ct) =>
            TypedResults.ServerSentEvents(EventStreams.KeepAlive(Events, lifetime, ct))).RequireRole(Role.Guest), Ct,
            // Shorter than the streams below last.
            settings: ("RequestTimeout", "00:00:01"));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Events_are_sent_at_once_with_their_ids_and_silence_is_filled_with_keep_alives()
    {
        await using var reader = await Open();
        await _happening.Writer.WriteAsync(new SseItem<string>("first", "token") { EventId = "1" }, Ct);

        (await reader.Next()).ShouldBe(("token", "first", "1"));
        // No event for some seconds.
        (await reader.Next()).Type.ShouldBe(EventStreams.KeepAliveEvent);
        await _happening.Writer.WriteAsync(new SseItem<string>("second", "token") { EventId = "2" }, Ct);
        (await reader.Next()).ShouldBe(("token", "second", "2"));
    }

    [Fact]
    public async Task An_event_stream_ends_with_its_source()
    {
        await using var reader = await Open();
        _happening.Writer.Complete();

        (await reader.HasMore()).ShouldBeFalse();
    }

    [Fact]
    public async Task The_source_is_cancelled_when_the_reader_disconnects()
    {
        await using (var reader = await Open())
        {
            await _happening.Writer.WriteAsync(new SseItem<string>("first", "token"), Ct);
            await reader.Next();
        }

        await _ended.Task.WaitAsync(Eventually.Within, Ct);
    }

    [Fact]
    public async Task A_reader_that_disconnects_during_a_keep_alive_causes_no_error()
    {
        var lifetime = _service.Services.GetRequiredService<IHostApplicationLifetime>();
        var stream = EventStreams.KeepAlive(Events, lifetime, Ct).GetAsyncEnumerator(Ct);
        (await stream.MoveNextAsync()).ShouldBeTrue();
        (await stream.MoveNextAsync()).ShouldBeTrue();
        stream.Current.EventType.ShouldBe(EventStreams.KeepAliveEvent);

        // The source is still waiting for its next event.
        await stream.DisposeAsync();

        await _ended.Task.WaitAsync(Eventually.Within, Ct);
    }

    [Fact]
    public async Task A_stopping_service_ends_its_event_streams()
    {
        await using var reader = await Open();
        await _happening.Writer.WriteAsync(new SseItem<string>("first", "token"), Ct);
        await reader.Next();

        _service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await reader.HasMore()).ShouldBeFalse();
        await _ended.Task.WaitAsync(Eventually.Within, Ct);
    }

    private async IAsyncEnumerable<SseItem<string>> Events([EnumeratorCancellation] CancellationToken ct)
    {
        try
        {
            await foreach (var happened in _happening.Reader.ReadAllAsync(ct))
            {
                yield return happened;
            }
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private async Task<Reader> Open()
    {
        var client = _service.Client(_service.Token(new TokenSubject(Role.Client, new UserId(5))));
        var response = await client.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Ct);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        var reader = new Reader(client, response, SseParser.Create(await response.Content.ReadAsStreamAsync(Ct)).EnumerateAsync(Ct).GetAsyncEnumerator(Ct));
        (await reader.Next()).ShouldBe((EventStreams.KeepAliveEvent, "", null));
        return reader;
    }

    private sealed class Reader(HttpClient client, HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> events) : IAsyncDisposable
    {
        private static readonly TimeSpan Patience = Eventually.Within;

        public async Task<(string Type, string Data, string? Id)> Next()
        {
            (await HasMore()).ShouldBeTrue();
            return (events.Current.EventType, events.Current.Data, events.Current.EventId);
        }

        public Task<bool> HasMore() => events.MoveNextAsync().AsTask().WaitAsync(Patience, Ct);

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            client.Dispose();
            await events.DisposeAsync();
        }
    }
}
