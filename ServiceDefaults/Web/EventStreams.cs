using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Platform.ServiceDefaults.Web;

/// <summary>What every stream of server-sent events needs besides its events: signs of life, and an end.</summary>
public static class EventStreams
{
    /// <summary>The type of the event that says nothing but that the stream lives. Readers who listen to named events never see it.</summary>
    public const string AliveEvent = "alive";

    /// <summary>
    /// Half of what the gateway waits for the next byte (<c>Gateway:UpstreamTimeout</c>, 8 s), and far below what other proxies do.
    /// </summary>
    private static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Begins with an <see cref="AliveEvent"/>, adds one whenever the source has been silent for some seconds, and ends the stream when its reader goes or
    /// the process stops: the reader connects again by itself, with the id of the last event in <c>Last-Event-ID</c>.
    /// </summary>
    /// <param name="events">
    /// Must end when the token that it is given does. Give each event an id when a reader can go on after it.
    /// </param>
    /// <remarks>For <c>TypedResults.ServerSentEvents</c>. The event's data is empty, so it is null where <typeparamref name="T"/> can be.</remarks>
    public static async IAsyncEnumerable<SseItem<T?>> KeepAlive<T>(
        Func<CancellationToken, IAsyncEnumerable<SseItem<T>>> events,
        IHostApplicationLifetime lifetime,
        [EnumeratorCancellation] CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, ct);
        // The headers go out with the first event: till then the reader does not know that he is connected.
        yield return new SseItem<T?>(default, AliveEvent);
        var source = events(ending.Token).GetAsyncEnumerator(ending.Token);
        var next = Task.FromResult(true);
        try
        {
            while (true)
            {
                next = source.MoveNextAsync().AsTask();
                while (!await HasCome(next))
                {
                    yield return new SseItem<T?>(default, AliveEvent);
                }

                if (!await EndsQuietly(next, ending.Token))
                {
                    yield break;
                }

                yield return new SseItem<T?>(source.Current.Data, source.Current.EventType)
                {
                    EventId = source.Current.EventId,
                    ReconnectionInterval = source.Current.ReconnectionInterval,
                };
            }
        }
        finally
        {
            // The reader may have gone at a sign of life, with the source in the middle of its next event: it cannot be disposed of there.
            // How it ends then is nobody's any more; when it failed before, the loop has thrown that.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await source.DisposeAsync();
        }
    }

    // The machine's own time: it is a proxy that would lose patience, not a person of a test.
    private static async Task<bool> HasCome(Task next)
    {
        // A stream of tokens would otherwise leave a timer behind for each of them.
        using var come = new CancellationTokenSource();
        var first = await Task.WhenAny(next, Task.Delay(AliveEvery, come.Token));
        await come.CancelAsync();
        return first == next;
    }

    private static async Task<bool> EndsQuietly(Task<bool> next, CancellationToken ending)
    {
        try
        {
            return await next;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return false;
        }
    }
}
