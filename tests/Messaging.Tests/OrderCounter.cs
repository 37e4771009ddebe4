using MassTransit;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

namespace Platform.Messaging.Tests;

/// <summary>
/// A service with nothing but messages, in the schema and on the queue of users. It writes an audit row for each order and
/// publishes that the guest was blocked.
/// </summary>
public sealed class OrderCounter : IAsyncLifetime
{
    /// <summary>An order of this amount cannot be handled.</summary>
    public static readonly Money Unbearable = new(13.13m);

    private const string Service = "users";

    private TestDatabase _database = null!;
    private WebApplication _app = null!;

    public VirtualHost Broker { get; private set; } = null!;

    public HandledMessages Handled { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        _database = await TestDatabase.Create(Service);
        Broker = await VirtualHost.Create(Service);

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration["ConnectionStrings:database"] = _database.Service(Service);
        builder.Configuration["ConnectionStrings:rabbitmq"] = Broker.Address.ToString();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults(Service, createsKeys: true);
        builder.AddPlatformDatabase<OrderCounterDb>();
        builder.AddServiceMessaging<OrderCounterDb>(static events => events
            .Publishes<UserBlocked>(consumed: true)
            .Handles<OrderPlaced, RecordOrder>());
        builder.Services.AddValidation();
        builder.Services.AddSingleton<IReceiveObserver>(Handled);
        builder.Logging.ClearProviders();

        _app = builder.Build();
        _app.UseServiceDefaults();
        await _app.StartAsync(ct);
        await _app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, ct);
    }

    /// <summary>Adds the event that a guest was blocked, and commits or rolls back.</summary>
    public async Task Block(UserId guest, bool commit, CancellationToken ct)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrderCounterDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        scope.ServiceProvider.GetRequiredService<Outbox>().Add(new UserBlocked { UserId = guest, BlockedAt = TimeProvider.System.GetUtcNow(), Version = 1 });
        await db.SaveChangesAsync(ct);
        await (commit ? transaction.CommitAsync(ct) : transaction.RollbackAsync(ct));
    }

    public async Task Add<TEvent>(TEvent happened) where TEvent : class
    {
        await using var scope = _app.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Outbox>().Add(happened);
    }

    public async Task<long> Recorded(OrderPlaced order, CancellationToken ct) =>
        await _database.Scalar<long>("select count(*) from users.audit where target = $1", ct, $"order:{order.OrderId.Value}");

    public async Task<long> InOutbox(CancellationToken ct) => await _database.Scalar<long>("select count(*) from users.outbox", ct);

    public async Task<bool> InInbox(Guid messageId, CancellationToken ct) =>
        await _database.Scalar<bool>("select exists (select from users.inbox where message_id = $1)", ct, messageId);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Broker.DisposeAsync();
        await _database.DisposeAsync();
    }
}

internal sealed class OrderCounterDb(DbContextOptions<OrderCounterDb> options) : PlatformDb(options, "users");

internal sealed class RecordOrder(OrderCounterDb db, Outbox outbox) : IEventHandler<OrderPlaced>
{
    public async Task Handle(OrderPlaced happened, CancellationToken ct)
    {
        db.Add(new AuditEntry
        {
            At = happened.PlacedAt, Subject = "staff:1", Role = Role.Staff, Action = "order.record", Target = $"order:{happened.OrderId.Value}",
        });
        outbox.Add(new UserBlocked { UserId = happened.UserId, BlockedAt = happened.PlacedAt, Version = 1 });
        await db.SaveChangesAsync(ct);
        if (happened.Amount == OrderCounter.Unbearable)
        {
            throw new InvalidOperationException("An order that cannot be handled.");
        }
    }
}
