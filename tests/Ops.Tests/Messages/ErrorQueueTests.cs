using System.Text;
using Platform.Testing;
using RabbitMQ.Client;

namespace Platform.Ops.Tests.Messages;

/// <summary>Messages in the error queues, without a running service.</summary>
public sealed class ErrorQueueTests : IAsyncLifetime
{
    private VirtualHost _broker = null!;
    private IConnection _connection = null!;
    private IChannel _channel = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private KeyValuePair<string, string>[] Settings => [new("ConnectionStrings__rabbitmq", _broker.Address.ToString())];

    public async ValueTask InitializeAsync()
    {
        _broker = await VirtualHost.Create();
        _connection = await new ConnectionFactory { Uri = _broker.Address }.CreateConnectionAsync(Ct);
        _channel = await _connection.CreateChannelAsync(new CreateChannelOptions(true, true), Ct);
        await Declare("loyalty_error");
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Only_chosen_messages_are_requeued_and_the_others_keep_their_order()
    {
        await Declare("loyalty");
        var ids = await GivenFailed(5);

        var requeued = await Run("messages", "requeue", ids[3].ToString(), ids[1].ToString());

        requeued.ExitCode.ShouldBe(0, requeued.ToString());
        (await Drain("loyalty")).Select(message => message.Id).ShouldBe([ids[1], ids[3]]);
        (await Drain("loyalty_error")).Select(message => message.Id).ShouldBe([ids[0], ids[2], ids[4]]);
    }

    [Fact]
    public async Task A_requeued_message_has_its_original_headers_and_none_of_the_failure()
    {
        await Declare("loyalty");
        await GivenFailed(1);

        await Run("messages", "requeue", "--all");

        var message = (await Drain("loyalty")).Single();
        message.Body.ShouldContain("urn:message:Platform.Contracts.Loyalty:OrderPlaced");
        message.Headers.Keys.ShouldContain("traceparent", "the trace continues");
        message.Headers.Keys.ShouldNotContain(name => name.StartsWith("MT-", StringComparison.Ordinal));
        message.Properties.ContentType.ShouldBe("application/vnd.masstransit+json");
        message.Properties.Persistent.ShouldBeTrue();
    }

    [Fact]
    public async Task A_message_stays_in_the_error_queue_when_its_service_queue_is_missing()
    {
        var ids = await GivenFailed(2);

        var requeued = await Run("messages", "requeue", "--all");

        requeued.ExitCode.ShouldBe(1, requeued.ToString());
        requeued.Errors.ShouldContain("There is no queue 'loyalty'");
        (await Drain("loyalty_error")).Select(message => message.Id).ShouldBe(ids);
    }

    [Fact]
    public async Task An_unknown_message_id_is_reported()
    {
        await Declare("loyalty");
        await GivenFailed(1);
        var unknown = Guid.CreateVersion7();

        var requeued = await Run("messages", "requeue", unknown.ToString(), "--json");
        var shown = await Run("messages", "show", unknown.ToString(), "--json");

        requeued.ExitCode.ShouldBe(1, requeued.ToString());
        requeued.Json.GetProperty("unknown")[0].GetGuid().ShouldBe(unknown);
        shown.ExitCode.ShouldBe(1, shown.ToString());
        (await Run("messages", "show", "7")).Errors.ShouldContain("'7' is not a message id.");
        (await Run("messages", "requeue")).ExitCode.ShouldBe(2, "neither ids nor --all");
        (await Run("messages", "requeue", "--all", unknown.ToString())).ExitCode.ShouldBe(2, "both ids and --all");
        (await Drain("loyalty_error")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Listing_messages_many_times_never_makes_the_broker_drop_one()
    {
        var ids = await GivenFailed(2);

        for (var look = 0; look < 15; look++)
        {
            (await Run("messages", "list")).ExitCode.ShouldBe(0);
        }

        // RabbitMQ 4 drops a message at the twentieth delivery.
        var messages = await Drain("loyalty_error");
        messages.Select(message => message.Id).ShouldBe(ids, ignoreOrder: true);
        messages.ShouldAllBe(message => message.Deliveries <= 11);
        messages.ShouldAllBe(message => message.Headers.ContainsKey("MT-Fault-Message"));
    }

    [Fact]
    public async Task A_list_stops_at_the_limit_and_says_how_many_there_are()
    {
        var ids = await GivenFailed(5);

        var listed = await Run("messages", "list", "--limit", "3", "--json");

        listed.Json.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("id").GetGuid()).ShouldBe(ids.Take(3));
        listed.Json.GetProperty("counts").GetProperty("loyalty").GetInt64().ShouldBe(5);
        listed.Errors.ShouldContain("3 of 5");
    }

    [Fact]
    public async Task A_requeue_that_is_killed_midway_loses_no_message()
    {
        await Declare("loyalty");
        var ids = await GivenFailed(3_000);

        using (var requeue = PlatformCommand.Start(Settings, "messages", "requeue", "--all"))
        {
            await Eventually.IsTrue(() => Task.FromResult(requeue.Errors.Length > 5_000), Ct);
            await requeue.Kill();
        }

        // The broker requeues what the killed process had not acknowledged.
        await Eventually.IsTrue(async () => await _broker.Waiting("loyalty", Ct) + await _broker.Waiting("loyalty_error", Ct) >= ids.Count, Ct);
        var moved = await Drain("loyalty");
        var left = await Drain("loyalty_error");
        moved.Count.ShouldBeGreaterThan(0);
        left.Count.ShouldBeGreaterThan(0, "it was killed midway");
        moved.Concat(left).Select(message => message.Id).Distinct().ShouldBe(ids, ignoreOrder: true);
    }

    private Task<CommandOutcome> Run(params string[] arguments) => PlatformCommand.Run(Settings, arguments);

    private async Task Declare(string queue) => await _channel.QueueDeclareAsync(
        queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Ct);

    /// <returns>The ids, oldest first.</returns>
    private async Task<IReadOnlyList<Guid>> GivenFailed(int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var chunk in ids.Chunk(100))
        {
            var sent = new List<Task>();
            foreach (var id in chunk)
            {
                var body = $$$"""
                    {"messageId": "{{{id}}}", "messageType": ["urn:message:Platform.Contracts.Loyalty:OrderPlaced"], "message": {"order": 1}}
                    """;
                sent.Add(_channel.BasicPublishAsync(
                    "", "loyalty_error", mandatory: true, PropertiesOf(id), Encoding.UTF8.GetBytes(body), Ct).AsTask());
            }

            await Task.WhenAll(sent);
        }

        return ids;
    }

    private static BasicProperties PropertiesOf(Guid id) => new()
    {
        MessageId = id.ToString(),
        ContentType = "application/vnd.masstransit+json",
        Persistent = true,
        Headers = new Dictionary<string, object?>
        {
            ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            ["MT-Reason"] = "fault",
            ["MT-Fault-ExceptionType"] = "System.InvalidOperationException",
            ["MT-Fault-Message"] = "the till [2] is shut",
            ["MT-Fault-Timestamp"] = "2026-03-02T09:30:00.0000000Z",
            ["MT-Host-MachineName"] = "till-1",
        },
    };

    /// <summary>Removes all messages from a queue and returns them in order.</summary>
    private async Task<IReadOnlyList<Message>> Drain(string queue)
    {
        var messages = new List<Message>();
        while (await _channel.BasicGetAsync(queue, autoAck: true, Ct) is { } message)
        {
            messages.Add(new Message(message.BasicProperties, Encoding.UTF8.GetString(message.Body.Span)));
        }

        return messages;
    }

    private sealed record Message(IReadOnlyBasicProperties Properties, string Body)
    {
        public Guid Id => Guid.Parse(Properties.MessageId!);

        /// <summary>How often it was delivered without being acknowledged.</summary>
        public long Deliveries => Properties.Headers!.TryGetValue("x-delivery-count", out var count) ? Convert.ToInt64(count, null) : 0;

        public IReadOnlyDictionary<string, object?> Headers => Properties.Headers!.Where(header => header.Key != "x-delivery-count").ToDictionary();
    }
}
