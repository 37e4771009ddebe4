using Npgsql;
using Platform.Testing;

namespace Platform.Tests.Testing;

public sealed class TcpProxyTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private TcpProxy _proxy = null!;
    private string _through = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.Create();
        _proxy = TcpProxy.ToPostgres(_database.Superuser);
        _through = _proxy.Rewrite(_database.Superuser) + ";Pooling=false;Timeout=2;Command Timeout=2;Cancellation Timeout=-1";
        await _database.Execute("create table public.entries (id int)", Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_proxy_passes_large_requests_and_answers_through()
    {
        await using var connection = await Open();

        (await Scalar(connection, "select length(string_agg(i::text, '')) from generate_series(1, 500000) i")).ShouldBe(2_888_895L);
        (await Scalar(connection, $"select length('{new string('x', 3_000_000)}')")).ShouldBe(3_000_000);
        _proxy.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_takes_effect_when_its_reply_is_lost()
    {
        await using var connection = await Open();
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await Execute(connection, "insert into entries values (1)");
        var lost = _proxy.LoseReplyTo("COMMIT");

        await Should.ThrowAsync<NpgsqlException>(() => transaction.CommitAsync(Ct));

        await lost.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        (await _database.Scalar<long>("select count(*) from public.entries", Ct)).ShouldBe(1);
        await using var again = await Open();
        (await Scalar(again, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Cut_resets_open_and_new_connections_until_Restore()
    {
        await using var connection = await Open();

        _proxy.Cut();
        await Should.ThrowAsync<NpgsqlException>(() => Scalar(connection, "select 1"));
        await Should.ThrowAsync<NpgsqlException>(Open);

        _proxy.Restore();
        await using var again = await Open();
        (await Scalar(again, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Hang_keeps_connections_open_and_silent()
    {
        await using var connection = await Open();
        _proxy.Hang();
        var waiting = Scalar(connection, "select 7");

        (await Should.ThrowAsync<NpgsqlException>(Open)).InnerException.ShouldBeOfType<TimeoutException>();
        waiting.IsCompletedSuccessfully.ShouldBeFalse();

        _proxy.Restore();
        await using var again = await Open();
        (await Scalar(again, "select 1")).ShouldBe(1);
        await Should.NotThrowAsync(() => waiting.ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default));
    }

    private async Task<NpgsqlConnection> Open()
    {
        var connection = new NpgsqlConnection(_through);
        await connection.OpenAsync(Ct);
        return connection;
    }

    private static async Task<object?> Scalar(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
