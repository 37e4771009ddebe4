using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Platform.Testing;

/// <summary>The only place where tests wait. It checks at short intervals, and a failure shows the last value.</summary>
public static class Eventually
{
    /// <summary>Long, since a machine with two cores may be slow. Passing tests do not wait for it.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

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
            // Faults are expected, for example while a server restarts. A timeout reports the last one.
            catch (Exception e) when (!ct.IsCancellationRequested && Stopwatch.GetElapsedTime(started) < (within ?? Within))
            {
                (last, fault) = (default!, e);
            }

            if (Stopwatch.GetElapsedTime(started) >= (within ?? Within))
            {
                throw new TimeoutException(
                    $"Not true within {(within ?? Within).TotalSeconds.ToString(CultureInfo.InvariantCulture)} s: {condition}. Last seen: {fault?.ToString() ?? Show(last)}");
            }

            await Task.Delay(Every, ct);
        }
    }

    public static Task IsTrue(
        Func<Task<bool>> holds, CancellationToken ct, TimeSpan? within = null, [CallerArgumentExpression(nameof(holds))] string condition = "") =>
        Get(holds, value => value, ct, within, condition);

    /// <summary>Waits until <paramref name="assertions"/> pass. On a timeout the last failure is thrown.</summary>
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

    /// <param name="seen">Describes the actual state, for the failure.</param>
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
                throw new TimeoutException($"Not true within {Within.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s: {what}; {seen()}");
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
