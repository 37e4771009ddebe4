using Platform.Contracts;
using Platform.Ops.Terminal;

namespace Platform.Ops.Services;

/// <summary>Runs a verb of several services and shows progress.</summary>
internal sealed class ServiceRunner(PlatformSettings settings, Screen screen)
{
    // Each is a process of 100 MB that spends most of its time starting.
    private const int AtOnce = 3;

    /// <summary>For verbs that do not depend on each other: several at once, and one failure stops none of the others.</summary>
    public Task<IReadOnlyList<ServiceOutcome>> RunConcurrently(
        IReadOnlyList<ServiceProgram> services, string[] words, bool asOwner, CancellationToken ct) =>
        Bars.Follow(screen, Names(services), async bars =>
        {
            using var free = new SemaphoreSlim(AtOnce);
            return (IReadOnlyList<ServiceOutcome>)await Task.WhenAll(services.Select(async service =>
            {
                await free.WaitAsync(CancellationToken.None);
                try
                {
                    return await Run(service, words, asOwner, steps: null, bars, ct);
                }
                finally
                {
                    free.Release();
                }
            }));
        });

    /// <summary>For verbs that change something: one after another, stopping at the first failure.</summary>
    /// <param name="stepsOf">How many progress lines of a service begin with <paramref name="step"/>; null if unknown.</param>
    public Task<IReadOnlyList<ServiceOutcome>> RunInOrder(
        IReadOnlyList<ServiceProgram> services, string[] words, bool asOwner, CancellationToken ct, Func<string, int?>? stepsOf = null, string step = "") =>
        Bars.Follow<IReadOnlyList<ServiceOutcome>>(screen, Names(services), async bars =>
        {
            var outcomes = new List<ServiceOutcome>();
            foreach (var service in services)
            {
                outcomes.Add(outcomes.Any(outcome => outcome.Code != ExitCode.Done)
                    ? ServiceOutcome.NotRun(service.Service)
                    : await Run(service, words, asOwner, stepsOf?.Invoke(service.Service), bars, ct, step));
            }

            return outcomes;
        });

    private static List<string> Names(IEnumerable<ServiceProgram> services) => [.. services.Select(service => service.Service)];

    private async Task<ServiceOutcome> Run(
        ServiceProgram service, string[] words, bool asOwner, int? steps, Bars bars, CancellationToken ct, string step = "")
    {
        if (ct.IsCancellationRequested)
        {
            return ServiceOutcome.NotRun(service.Service);
        }

        bars.Begin(service.Service, steps);
        var outcome = await service.Run(
            words, settings.EnvironmentOf(service.Service, asOwner),
            line => bars.Advance(service.Service, line, line.StartsWith(step, StringComparison.Ordinal)), ct);
        bars.End(service.Service, outcome.Name, outcome.Milliseconds);
        return outcome;
    }
}
