using System.Reflection;
using Npgsql;

namespace Platform.Database;

/// <summary>What this build's <c>migrate</c> and <c>seed-demo</c> completed here, so that <c>platform ready</c> knows without starting the service.</summary>
/// <remarks>No row, or that of another build, only means that the verb runs again, which it may at any time.</remarks>
internal static class CompletedVerbs
{
    public const string Migrate = "migrate";
    public const string SeedDemo = "seed-demo";

    private static readonly string? Build = Assembly.GetEntryAssembly()?.Location is { Length: > 0 } program ? ProgramBuild.Of(program) : null;

    /// <summary>Before anything is changed: what breaks off half-way is not complete.</summary>
    /// <remarks>The rows alone go: another one that migrates at the moment may be writing its own.</remarks>
    public static async Task Forget(NpgsqlDataSource owner, CancellationToken ct)
    {
        await using var command = owner.CreateCommand("""
            do $forget$
            begin
                if to_regclass('__completed') is not null then
                    delete from __completed;
                end if;
            end $forget$
            """);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Before a rollback, after which the catalog is what it was before the migrations.</summary>
    public static async Task Drop(NpgsqlDataSource owner, CancellationToken ct)
    {
        await using var command = owner.CreateCommand("drop table if exists __completed");
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>After the last step of <c>migrate</c>.</summary>
    /// <param name="also">Further verbs that have nothing to do in this service.</param>
    public static async Task Record(NpgsqlDataSource owner, DateTimeOffset now, IEnumerable<string> also, CancellationToken ct)
    {
        await using (var make = owner.CreateCommand(
            "create table if not exists __completed (verb text primary key, build text not null, at timestamptz not null)"))
        {
            await make.ExecuteNonQueryAsync(ct);
        }

        foreach (var verb in also.Prepend(Migrate))
        {
            await Write(owner, verb, now, ct);
        }
    }

    /// <summary>After the last part of <c>seed-demo</c>, by the serving role.</summary>
    public static async Task RecordDemo(NpgsqlDataSource database, DateTimeOffset now, CancellationToken ct)
    {
        await using var look = database.CreateCommand("select to_regclass('__completed') is not null");
        if (await look.ExecuteScalarAsync(ct) is true)
        {
            await Write(database, SeedDemo, now, ct);
        }
    }

    private static async Task Write(NpgsqlDataSource database, string verb, DateTimeOffset now, CancellationToken ct)
    {
        if (Build is null)
        {
            return;
        }

        await using var command = database.CreateCommand("""
            insert into __completed (verb, build, at) values ($1, $2, $3)
            on conflict (verb) do update set build = excluded.build, at = excluded.at
            """);
        command.Parameters.Add(new() { Value = verb });
        command.Parameters.Add(new() { Value = Build });
        command.Parameters.Add(new() { Value = now.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(ct);
    }
}
