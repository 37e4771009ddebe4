using System.Diagnostics;
using Npgsql;

namespace Platform.Database.Tests.Jobs;

/// <summary>
/// A process that holds an advisory lock on a connection like a leader's. It can be killed, and it sends no signs of life, like a frozen one.
/// </summary>
internal sealed class HoldingProcess : IDisposable
{
    private readonly Process _psql;

    public HoldingProcess(ShopDatabase database, string key)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.Connections.ForLeader("psql"));
        _psql = Process.Start(new ProcessStartInfo("psql",
            ["--no-psqlrc", "--tuples-only", "--host", settings.Host!, "--port", $"{settings.Port}", settings.Database!])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["PGUSER"] = settings.Username, ["PGPASSWORD"] = settings.Password, ["PGOPTIONS"] = settings.Options },
        })!;
        _psql.StandardInput.WriteLine($"select 'taken' from pg_advisory_lock(hashtextextended('{key}', 0));");
        _psql.StandardInput.Flush();
    }

    public async Task Holds(CancellationToken ct) => (await _psql.StandardOutput.ReadLineAsync(ct))!.Trim().ShouldBe("taken");

    public void Kill() => _psql.Kill();

    public void Dispose()
    {
        if (!_psql.HasExited)
        {
            _psql.Kill();
        }

        _psql.Dispose();
    }
}
