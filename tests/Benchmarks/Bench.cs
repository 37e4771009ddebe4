using Platform.Benchmarks.Baselines;
using Platform.Benchmarks.Load;
using Platform.Benchmarks.Platform;

namespace Platform.Benchmarks;

/// <summary>What the rows measure with: the platform, its callers, the load, and the baseline.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private Bench(Settings settings, MeasuredPlatform platform, PlainProxy plain, Population people)
    {
        (Settings, Platform, Plain, People) = (settings, platform, plain, people);
        Load = new LoadGenerator(settings.Clients, settings.WarmUp, settings.Measure);
        Idle = new LoadGenerator(1, settings.WarmUp, settings.Measure, every: TimeSpan.FromMilliseconds(5));
    }

    public Settings Settings { get; }

    public MeasuredPlatform Platform { get; }

    public PlainProxy Plain { get; }

    public Population People { get; }

    public LoadGenerator Load { get; }

    /// <summary>One client with pauses in which everything becomes idle again: measures a single request.</summary>
    public LoadGenerator Idle { get; }

    public static async Task<Bench> Start(Settings settings, string folder, CancellationToken ct)
    {
        var platform = await MeasuredPlatform.Start(folder, ct);
        try
        {
            var plain = await PlainProxy.Start(platform.Processes, ct);
            var people = await Population.Create(platform, settings, ct);
            return new Bench(settings, platform, plain, people);
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Load.Dispose();
        Idle.Dispose();
        await Platform.DisposeAsync();
    }
}
