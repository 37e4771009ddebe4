using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Platform.Contracts;
using Platform.Messaging;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Web;

namespace Platform.Database.Tests;

public sealed class ServiceDbTests(ShopDatabase database) : IClassFixture<ShopDatabase>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.FromHours(3));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.Empty();
        await database.AsOwner($"""
            create table point_gifts (
                id bigint generated always as identity primary key, user_id bigint not null, telegram_id bigint, points bigint not null, price numeric(12, 2) not null,
                tip numeric(12, 2), given_how text not null, taken_how text, given_at timestamptz not null, on_shelf_since date);
            {PlatformTables.Up(ShopDatabase.Service)}
            """);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Entity_Framework_reads_and_writes_the_platforms_types()
    {
        using var host = Build();
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GiftsDb>();
        var given = new PointGift
        {
            UserId = new UserId(5), TelegramId = new TelegramId(77_000_000_077), Points = new Points(12), Price = new Money(1250.50m),
            GivenHow = Giving.AtTheCounter, GivenAt = Noon,
        };
        db.Add(given);
        db.Add(OutboxMessage.Of(new { }, Noon));
        db.Add(new AuditEntry { At = Noon, Subject = "staff:1", Role = Role.Admin, Action = "gift.give", Target = "user:5" });
        await db.SaveChangesAsync(Ct);

        db.ChangeTracker.Clear();
        var read = await db.Gifts.SingleAsync(gift =>
            gift.UserId == new UserId(5) && gift.GivenHow == Giving.AtTheCounter && gift.GivenAt <= Noon && gift.TakenHow == null, Ct);

        read.Id.ShouldBe(given.Id);
        read.Id.Value.ShouldBeGreaterThan(0);
        (read.TelegramId, read.Points, read.Price, read.Tip, read.TakenHow, read.OnShelfSince)
            .ShouldBe((given.TelegramId, given.Points, given.Price, null, null, null));
        read.GivenAt.ShouldBe(Noon);
        read.GivenAt.Offset.ShouldBe(TimeSpan.Zero);
        (await database.Read<string>("select concat_ws(' ', given_how, price, given_at at time zone 'UTC') from point_gifts"))
            .ShouldBe("at_the_counter 1250.50 2026-01-31 09:00:00");
        (await database.Read<string>("select role from audit")).ShouldBe("admin");
    }

    [Fact]
    public async Task Dapper_reads_and_writes_the_platforms_types()
    {
        using var host = Build();
        await using var connection = await host.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Ct);

        await connection.ExecuteAsync(
            "insert into point_gifts (user_id, telegram_id, points, price, given_how, given_at) values (@User, @Telegram, @Points, @Price, 'by_post', @At)",
            new { User = new UserId(6), Telegram = (TelegramId?)null, Points = new Points(3), Price = new Money(0.10m), At = Noon });
        var read = await connection.QuerySingleAsync<Row>(
            "select user_id, telegram_id, points, price, given_at from point_gifts where user_id = @User", new { User = new UserId(6) });

        read.ShouldBe(new Row(new UserId(6), null, new Points(3), new Money(0.10m), Noon));
    }

    [Fact]
    public void Statements_are_not_retried_automatically()
    {
        using var host = Build();
        using var scope = host.Services.CreateScope();

        scope.ServiceProvider.GetRequiredService<GiftsDb>().Database.CreateExecutionStrategy().RetriesOnFailure.ShouldBeFalse();
    }

    [Fact]
    public async Task The_service_role_can_add_audit_rows_but_not_change_them()
    {
        await database.AsService("insert into audit (at, subject, role, action, target) values ('2026-01-01Z', 'staff:1', 'admin', 'gift.give', 'user:5')");

        foreach (var change in new[] { "update audit set subject = 'staff:2'", "delete from audit", "truncate audit", "drop table audit" })
        {
            (await database.AsService(change).ShouldThrowAsync<PostgresException>()).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Fact]
    public async Task The_health_check_reports_the_state_of_the_database()
    {
        using var host = Build();
        var health = host.Services.GetRequiredService<HealthCheckService>();

        (await Status()).ShouldBe(HealthStatus.Healthy);
        await database.Away(async () => (await Status()).ShouldBe(HealthStatus.Unhealthy));
        (await Status()).ShouldBe(HealthStatus.Healthy);

        async Task<HealthStatus> Status() => (await health.CheckHealthAsync(check => check.Name == "database", Ct)).Status;
    }

    [Fact]
    public void A_process_opens_at_most_sixteen_connections()
    {
        new NpgsqlConnectionStringBuilder(database.Connections.ForPool()).MaxPoolSize.ShouldBe(16);
    }

    private IHost Build()
    {
        var builder = database.Host(TimeProvider.System);
        builder.AddServiceDatabase<GiftsDb>();
        return builder.Build();
    }

    private sealed record Row(UserId UserId, TelegramId? TelegramId, Points Points, Money Price, DateTimeOffset GivenAt);
}

internal sealed class GiftsDb(DbContextOptions<GiftsDb> options) : PlatformDb(options, ShopDatabase.Service)
{
    public DbSet<PointGift> Gifts => Set<PointGift>();
}

internal sealed class PointGift
{
    public OrderId Id { get; private init; }

    public required UserId UserId { get; init; }

    public TelegramId? TelegramId { get; init; }

    public required Points Points { get; init; }

    public required Money Price { get; init; }

    public Money? Tip { get; init; }

    public required Giving GivenHow { get; init; }

    public Giving? TakenHow { get; init; }

    public required DateTimeOffset GivenAt { get; init; }

    public DateOnly? OnShelfSince { get; init; }
}

internal enum Giving
{
    AtTheCounter,
    ByPost,
}
