using System.Text;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;
using RabbitMQ.Client;

namespace Platform.EndToEnd.Tests;

/// <summary>A queue that an earlier version declared with other arguments, which the broker never changes.</summary>
public sealed class QueueUpgradeTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private VirtualHost _broker = null!;
    private IConnection _connection = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.Create("loyalty");
        _broker = await VirtualHost.Create();
        _connection = await new ConnectionFactory { Uri = _broker.Address }.CreateConnectionAsync(Ct);
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: Ct);
        await channel.ExchangeDeclareAsync("loyalty", ExchangeType.Fanout, durable: true, cancellationToken: Ct);
        await channel.QueueDeclareAsync(
            "loyalty", durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Ct);
        await channel.QueueBindAsync("loyalty", "loyalty", "", cancellationToken: Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Migrate_replaces_an_older_queue_and_keeps_its_messages()
    {
        for (var id = 1; id <= 5; id++)
        {
            await GivenWaiting(new UserId(id));
        }

        var first = await Migrate();
        var again = await Migrate();

        first.ExitCode.ShouldBe(0, first.Output);
        again.ExitCode.ShouldBe(0, again.Output);
        (await _database.Scalar<long>("select count(*) from loyalty.accounts", Ct)).ShouldBe(0, "no consumer runs yet");
        await HasWaiting(5);
        await using var loyalty = await ServiceProcess.Start("loyalty", _database, _broker, Ct);
        await Eventually.Get(() => _database.Scalar<long>("select count(*) from loyalty.accounts", Ct), accounts => accounts == 5, Ct);
        await loyalty.Stop(Ct);
    }

    [Fact]
    public async Task Migrate_refuses_to_replace_a_queue_that_is_being_consumed()
    {
        await GivenWaiting(new UserId(1));
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: Ct);
        await channel.BasicQosAsync(0, 1, global: false, Ct);
        await channel.BasicConsumeAsync("loyalty", autoAck: false, new RabbitMQ.Client.Events.AsyncEventingBasicConsumer(channel), Ct);

        var refused = await Migrate();
        await channel.CloseAsync(Ct);
        await HasWaiting(1);
        var migrated = await Migrate();

        refused.ExitCode.ShouldBe(4, refused.Output);
        refused.Output.ShouldContain("Stop the service 'loyalty' and run migrate again");
        migrated.ExitCode.ShouldBe(0, migrated.Output);
        await HasWaiting(1);
    }

    [Fact]
    public async Task Two_concurrent_migrations_of_a_queue_both_succeed()
    {
        await GivenWaiting(new UserId(1));

        var both = await Task.WhenAll(Migrate(), Migrate());

        both.ShouldAllBe(outcome => outcome.ExitCode == 0);
        await HasWaiting(1);
    }

    private async Task GivenWaiting(UserId person)
    {
        await using var channel = await _connection.CreateChannelAsync(new CreateChannelOptions(true, true), Ct);
        var id = Guid.CreateVersion7();
        var body = $$"""
            {"messageId": "{{id}}", "messageType": ["urn:message:{{typeof(UserRegistered).Namespace}}:UserRegistered"], "message": {"userId": {{person}},
             "fullName": "Анна Петрова", "language": "ru", "phoneVerified": true, "phoneSeenBefore": false, "registeredAt": "2026-03-01T12:00:00Z", "version": 1} }
            """;
        var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", MessageId = id.ToString(), Persistent = true };
        await channel.BasicPublishAsync("loyalty", "", mandatory: true, properties, Encoding.UTF8.GetBytes(body), Ct);
    }

    // A quorum queue updates its count with a delay.
    private Task<uint> HasWaiting(uint messages) => Eventually.Get(() => _broker.Waiting("loyalty", Ct), waiting => waiting == messages, Ct);

    private Task<ProcessOutcome> Migrate() => ServiceProcess.Run(
        Repository.Program("Loyalty"), ["migrate"],
        [
            new("ConnectionStrings:owner", _database.Owner("loyalty")), new("ConnectionStrings:database", _database.Service("loyalty")),
            new("ConnectionStrings:rabbitmq", _broker.Address.ToString()),
        ],
        TimeSpan.FromMinutes(1));
}
