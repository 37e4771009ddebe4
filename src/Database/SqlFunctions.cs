using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Platform.Database;

/// <summary>
/// The SQL functions of a service. Each is a <c>.sql</c> file beside the use case that calls it, with its current text only, embedded in the
/// service's assembly and named like the function that it creates. <c>migrate</c> applies those whose text has changed, after the migrations.
/// </summary>
/// <remarks>
/// The previous release keeps serving meanwhile. So a new parameter has a default, and the file drops the old signature first; anything else gets
/// a new name. A function that a table depends on (of a trigger, an index, a check or a generated column) belongs in the migration that creates it.
/// </remarks>
internal sealed class SqlFunctions(IReadOnlyList<SqlFunction> all)
{
    /// <summary>What was applied last: the file's name, and the hash of its text or nothing when it must be applied again.</summary>
    public const string Table = "__functions";

    private const string Record =
        $"insert into {Table} (name, hash) values ($1, $2) on conflict (name) do update set hash = excluded.hash";

    public IReadOnlyList<SqlFunction> All => all;

    public static SqlFunctions In(Assembly assembly) => new(
    [
        .. from name in assembly.GetManifestResourceNames()
           where name.EndsWith(".sql", StringComparison.Ordinal)
           orderby name
           select SqlFunction.Read(assembly, name),
    ]);

    /// <returns>Those whose text is not the one that was applied last, or whose function is missing.</returns>
    public async Task<IReadOnlyList<SqlFunction>> Changed(NpgsqlConnection connection, CancellationToken ct)
    {
        var applied = await Applied(connection, ct);
        return [.. all.Where(function => applied.GetValueOrDefault(function.Name) != function.Hash)];
    }

    /// <summary>Applies those that have changed, in one transaction: no caller meets half of them.</summary>
    /// <param name="schema">Where <paramref name="connection"/> creates what is named without one.</param>
    /// <exception cref="SqlFunctionException">One of them cannot be created; nothing is changed.</exception>
    public async Task<IReadOnlyList<SqlFunction>> Apply(NpgsqlConnection connection, string schema, CancellationToken ct)
    {
        var changed = await Changed(connection, ct);
        if (changed.Count == 0)
        {
            return [];
        }

        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Execute(connection, Prepare(schema), ct);
        foreach (var function in changed)
        {
            try
            {
                await Execute(connection, function.Text, ct);
            }
            catch (PostgresException e) when (e.SqlState is not (PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected))
            {
                throw new SqlFunctionException(function.Name, e.MessageText, e);
            }

            await using var record = new NpgsqlCommand(Record, connection)
            {
                Parameters = { new() { Value = function.Name }, new() { Value = function.Hash } },
            };
            await record.ExecuteNonQueryAsync(ct);
        }

        await Execute(connection, Finish(changed), ct);
        await transaction.CommitAsync(ct);
        return changed;
    }

    /// <summary>What <see cref="Apply"/> would run, as statements of one transaction.</summary>
    public IEnumerable<string> Script(IReadOnlyList<SqlFunction> changed, string schema)
    {
        yield return Prepare(schema);
        foreach (var function in changed)
        {
            yield return $"-- {function.Name}\n{function.Text.Trim()}";
            yield return Record.Replace("$1, $2", $"'{function.Name}', '{function.Hash}'", StringComparison.Ordinal);
        }

        yield return Finish(changed);
    }

    /// <summary>Drops what the files of any release created: for a rollback of everything, or of a type or table in a function's signature.</summary>
    public const string DropSql = $"""
        do $functions$
        declare
            created regprocedure;
        begin
            if to_regclass('{Table}') is not null then
                for created in
                    select oid::regprocedure from pg_proc
                    where pronamespace = current_schema()::regnamespace
                        and proname in (select substring(name from '([^/]+)[.]sql$') from {Table})
                loop
                    execute format('drop routine %s', created);
                end loop;
                drop table {Table};
            end if;
        end $functions$
        """;

    /// <summary>For a rollback to an earlier migration: the next <c>migrate</c>, of this or an earlier release, applies all of its functions.</summary>
    public const string ForgetSql = $"""
        do $functions$
        begin
            if to_regclass('{Table}') is not null then
                update {Table} set hash = '';
            end if;
        end $functions$
        """;

    private static async Task<IReadOnlyDictionary<string, string>> Applied(NpgsqlConnection connection, CancellationToken ct)
    {
        var applied = new Dictionary<string, string>();
        await using var exists = new NpgsqlCommand($"select to_regclass('{Table}') is not null", connection);
        if (await exists.ExecuteScalarAsync(ct) is not true)
        {
            return applied;
        }

        await using var read = new NpgsqlCommand(
            $"""
            select name, hash from {Table}
            where exists (
                select from pg_proc
                where pronamespace = current_schema()::regnamespace and proname = substring(name from '([^/]+)[.]sql$'))
            """, connection);
        await using var rows = await read.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            applied[rows.GetString(0)] = rows.GetString(1);
        }

        return applied;
    }

    // Functions may call each other, so their bodies are checked when all of them exist.
    private static string Prepare(string schema) => $"""
        set local lock_timeout = '500ms';
        set local check_function_bodies = off;
        create table if not exists {Table} (name text primary key, hash text not null);
        {TableGrants.OwnerOnly($"{schema}.{Table}")}
        """;

    // A file that is gone is applied again if it returns. Its function stays until a migration drops it, because the previous release may
    // still call it.
    private string Finish(IReadOnlyList<SqlFunction> changed) => $"""
        set local check_function_bodies = on;
        do $check$
        declare
            file text;
            created record;
        begin
            foreach file in array array[{string.Join(", ", changed.Select(function => $"'{function.Name}'"))}] loop
                if (select count(*) from pg_proc where pronamespace = current_schema()::regnamespace
                    and proname = substring(file from '([^/]+)[.]sql$')) <> 1 then
                    raise exception '%: it must leave exactly one function of its name; a new signature drops the old one', file;
                end if;
            end loop;
            for created in
                select pg_proc.oid, proname, lanname from pg_proc join pg_language on pg_language.oid = prolang
                where pronamespace = current_schema()::regnamespace
                    and proname = any (array[{string.Join(", ", changed.Select(function => $"'{function.Routine}'"))}])
            loop
                begin
                    if created.lanname = 'sql' then
                        perform fmgr_sql_validator(created.oid);
                    elsif created.lanname = 'plpgsql' then
                        perform plpgsql_validator(created.oid);
                    end if;
                exception when others then
                    raise exception '%: %', created.proname, sqlerrm using errcode = sqlstate;
                end;
            end loop;
        end $check$;
        update {Table} set hash = '' where name <> all (array[{string.Join(", ", all.Select(function => $"'{function.Name}'"))}])
        """;

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}

/// <param name="Name">Path of its file in the service's folder: <c>Orders/place_order.sql</c>.</param>
/// <param name="Text">Must be safe to apply again: <c>create or replace function place_order(...)</c>.</param>
/// <param name="Hash">SHA-256 of its text, in hexadecimal digits.</param>
internal sealed record SqlFunction(string Name, string Text, string Hash)
{
    public string Routine => Path.GetFileNameWithoutExtension(Name);

    public static SqlFunction Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return Of(name, reader.ReadToEnd());
    }

    public static SqlFunction Of(string name, string text) =>
        new(name, text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
}

internal sealed class SqlFunctionException(string name, string reason, Exception cause)
    : Exception($"{name} could not be applied: {reason}. No function was changed.", cause);
