using System.Runtime.InteropServices;

namespace Platform.Benchmarks.Platform;

/// <summary>Where a run took place, without which absolute figures mean nothing.</summary>
internal sealed record Machine(string Processor, int Cores, double MemoryGiB, string System, string Framework, DateTimeOffset At)
{
    public static Machine Describe() => new(
        ValueOf("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Pow(2, 30), 1),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        DateTimeOffset.UtcNow);

    private static string? ValueOf(string file, string key) => File.Exists(file)
        ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
        : null;
}
