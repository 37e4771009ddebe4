using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Platform.Testing;

/// <summary>
/// Waits for what another process or a background task does. The only place in the tests where time passes by waiting: it
/// looks again at short intervals, and what it saw last is in the failure.
/// </summary>
public static class Eventually
{
    /// <summary>Long, since a machine of two cores that runs everything may be slow; nobody waits for it when all is well.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until <paramref name="read"/> gives a value that satisfies <paramref name="until"/>.</summary>
    public static async Task<T> Get<T>(
        Func<Task<T>> read,
        Func<T, bool> until,
        CancellationToken ct,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(until))] string condition = "")
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            T last;
            Exception? fault = null;
            try
            {
                last = await read();
                if (until(last))
                {
                    return last;
                }
            }
            // Refused while a server comes back, say: the last fault is told when time is up.
            catch (Exception e) when (!ct.IsCancellationRequested && Stopwatch.GetElapsedTime(started) < (within ?? Within))
            {
                (last, fault) = (default!, e);
            }

            if (Stopwatch.GetElapsedTime(started) >= (within ?? Within))
            {
                throw new TimeoutException(
                    $"Not so within {(within ?? Within).TotalSeconds.ToString(CultureInfo.InvariantCulture)} s: {condition}. Last seen: {fault?.ToString() ?? Show(last)}");
            }

            await Task.Delay(Every, ct);
        }
    }

    /// <summary>Waits until <paramref name="holds"/>.</summary>
    public static Task IsTrue(
        Func<Task<bool>> holds, CancellationToken ct, TimeSpan? within = null, [CallerArgumentExpression(nameof(holds))] string condition = "") =>
        Get(holds, value => value, ct, within, condition);

    /// <summary>Waits until <paramref name="assertions"/> pass; their last failure is the test's.</summary>
    public static async Task Passes(Func<Task> assertions, CancellationToken ct, TimeSpan? within = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await assertions();
                return;
            }
            catch (Exception) when (!ct.IsCancellationRequested && Stopwatch.GetElapsedTime(started) < (within ?? Within))
            {
                await Task.Delay(Every, ct);
            }
        }
    }

    /// <param name="seen">Says what there is instead, for the failure.</param>
    internal static async Task<T> Get<T>(string what, Func<T?> find, Func<string> seen, CancellationToken ct) where T : class
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (find() is { } found)
            {
                return found;
            }

            if (Stopwatch.GetElapsedTime(started) >= Within)
            {
                throw new TimeoutException($"Not so within {Within.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s: {what}; {seen()}");
            }

            await Task.Delay(Every, ct);
        }
    }

    private static string Show<T>(T value) => value switch
    {
        null => "null",
        System.Collections.IEnumerable many and not string => $"[{string.Join(", ", many.Cast<object?>())}]",
        _ => value.ToString() ?? "",
    };
}
