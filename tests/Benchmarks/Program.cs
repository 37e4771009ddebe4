using System.Runtime.InteropServices;
using Platform.Benchmarks;
using Platform.Benchmarks.Baselines;
using Platform.Benchmarks.Platform;
using Platform.Benchmarks.Report;
using Platform.Benchmarks.Rows;
using Platform.Testing;

// The program also runs as the baseline: a proxy and a backend that do nothing, as separate processes.
switch (args)
{
    case [PlainProxy.Backend, ..]:
        await PlainProxy.RunBackend();
        return 0;
    case [PlainProxy.Proxy, var backend]:
        await PlainProxy.RunProxy(backend);
        return 0;
}

var rows = new Dictionary<string, Func<Bench, Row>>
{
    ["no-op"] = AuthenticatedNoOp.Of,
    ["profile"] = ReadProfile.Of,
    ["balance"] = ReadBalance.Of,
    ["order"] = PlaceOrder.Of,
    ["deduct-gateway"] = DeductThroughGateway.Of,
    ["deduct-direct"] = DeductDirect.Of,
    ["gateway-cost"] = GatewayOwnCost.Of,
    ["event-hop"] = EventHop.Of,
};

if (Settings.Parse(args, rows.Keys, out var error) is not { } settings)
{
    Console.Error.WriteLine($"bench: {error}");
    return 2;
}

using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

try
{
    var folder = Repository.PathOf("artifacts", "bench");
    Console.WriteLine($"Starting the platform with {settings.Users} people");
    await using var bench = await Bench.Start(settings, folder, stop.Token);

    var results = settings.Rows.Select(name => new RowResult(name, rows[name](bench), [])).ToList();
    for (var round = 1; round <= settings.Rounds; round++)
    {
        foreach (var row in results)
        {
            row.Rounds.Add(await row.Row.Run(stop.Token));
            Console.WriteLine($"{round} {row.Name}: {row.Rounds[^1]}");
        }
    }

    var report = new BenchReport(Machine.Describe(), settings, results);
    report.WriteTo(folder);
    Console.WriteLine();
    Console.WriteLine(report.ToMarkdown());
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
