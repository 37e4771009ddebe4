using System.Diagnostics;

namespace Platform.Benchmarks.Load;

/// <summary>
/// Clients that each send a request, wait for the whole answer and send the next. Counts only what ends within the measured
/// time, after a warm-up for connections, compilers and caches.
/// </summary>
/// <param name="every">Interval between a client's requests, if answers are faster; null for no pause.</param>
internal sealed class LoadGenerator(int clients, TimeSpan warmUp, TimeSpan measure, TimeSpan? every = null) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        // The gateway starts the traces, as for any outside caller.
        ActivityHeadersPropagator = null,
    });

    /// <param name="next">The next request of the client with this number.</param>
    public async Task<Measurement> Run(Func<int, HttpRequestMessage> next, CancellationToken ct)
    {
        var from = Stopwatch.GetTimestamp() + (long)(warmUp.TotalSeconds * Stopwatch.Frequency);
        var to = from + (long)(measure.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunClient(client, next, from, to, ct), ct)));

        var times = all.SelectMany(client => client.Times).ToArray();
        Array.Sort(times);
        return new Measurement(
            times.Length / measure.TotalSeconds, Measurement.Percentile(times, 0.50), Measurement.Percentile(times, 0.99),
            all.Sum(client => client.Errors), all.Select(client => client.FirstError).FirstOrDefault(error => error is not null));
    }

    public void Dispose() => _http.Dispose();

    private async Task<Client> RunClient(int number, Func<int, HttpRequestMessage> next, long from, long to, CancellationToken ct)
    {
        var client = new Client();
        using var pace = every is { } period ? new PeriodicTimer(period) : null;
        while (true)
        {
            using var request = next(number);
            var sent = Stopwatch.GetTimestamp();
            if (await Send(request, ct) is { } error)
            {
                client.Errors++;
                client.FirstError ??= error;
            }

            var answered = Stopwatch.GetTimestamp();
            if (answered >= to)
            {
                return client;
            }

            if (answered >= from)
            {
                client.Times.Add(Stopwatch.GetElapsedTime(sent, answered).TotalMilliseconds);
            }

            if (pace is not null)
            {
                await pace.WaitForNextTickAsync(ct);
            }
        }
    }

    /// <returns>The error; null on success.</returns>
    private async Task<string?> Send(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            using var response = await _http.SendAsync(request, ct);
            if (!response.IsSuccessStatusCode)
            {
                return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(ct)}";
            }

            await response.Content.CopyToAsync(Stream.Null, ct);
            return null;
        }
        catch (HttpRequestException fault)
        {
            return fault.Message;
        }
    }

    private sealed class Client
    {
        public List<double> Times { get; } = new(capacity: 4096);

        public long Errors { get; set; }

        public string? FirstError { get; set; }
    }
}
