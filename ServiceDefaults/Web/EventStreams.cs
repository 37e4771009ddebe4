using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Platform.ServiceDefaults.Web;

/// <summary>Adds keep-alive events and a clean end to a stream of server-sent events.</summary>
public static class EventStreams
{
    /// <summary>Type of the keep-alive event. Readers that listen for named events never see it.</summary>
    public const string KeepAliveEvent = "alive";

    /// <summary>Half of the gateway's <c>Gateway:UpstreamTimeout</c> (8 s), and far below the timeouts of other proxies.</summary>
    private static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Starts with an <see cref="KeepAliveEvent"/>, sends another whenever the source has been silent for 4 seconds, and ends when the reader
    /// disconnects or the process stops. Browsers reconnect by themselves, with the last event's id in <c>Last-Event-ID</c>.
    /// </summary>
    /// <param name="events">Must end when its token is cancelled. Give events an id if a reader can resume after them.</param>
    /// <remarks>For <c>TypedResults.ServerSentEvents</c>. A keep-alive event has no data: <c>default</c> of <typeparamref name="T"/>.</remarks>
    public static async IAsyncEnumerable<SseItem<T?>> KeepAlive<T>(
        Func<CancellationToken, IAsyncEnumerable<SseItem<T>>> events,
        IHostApplicationLifetime lifetime,
        [EnumeratorCancellation] CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, ct);
        // The headers are sent with the first event, so send one at once: the reader then knows that it is connected.
        yield return new SseItem<T?>(default, KeepAliveEvent);
        var source = events(ending.Token).GetAsyncEnumerator(ending.Token);
        var next = Task.FromResult(true);
        try
        {
            while (true)
            {
                next = source.MoveNextAsync().AsTask();
                while (!await ArrivesInTime(next))
                {
                    yield return new SseItem<T?>(default, KeepAliveEvent);
                }

                if (!await MoveNextOrEnd(next, ending.Token))
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
            // The reader may have disconnected while the source was producing its next event, and an enumerator cannot be disposed in
            // the middle of one. A fault that came before has been thrown by the loop.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await source.DisposeAsync();
        }
    }

    // System time, not TimeProvider: this is about the timeouts of proxies.
    private static async Task<bool> ArrivesInTime(Task next)
    {
        // Stops the timer, or a fast stream would leave one behind for each event.
        using var arrived = new CancellationTokenSource();
        var first = await Task.WhenAny(next, Task.Delay(AliveEvery, arrived.Token));
        await arrived.CancelAsync();
        return first == next;
    }

    private static async Task<bool> MoveNextOrEnd(Task<bool> next, CancellationToken ending)
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
