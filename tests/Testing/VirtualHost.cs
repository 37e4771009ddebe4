using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Platform.Testing;

/// <summary>A test class's own virtual host, as <c>[service] migrate</c> declares it. Names are not reused: deleted quorum queues linger.</summary>
/// <remarks>It records all published events for <see cref="Published{TEvent}"/>.</remarks>
public sealed class VirtualHost : IAsyncDisposable
{
    private const string Client = "tests";
    private const string TapQueue = "tests: every event";

    private readonly ConcurrentQueue<PublishedMessage> _published = new();
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private VirtualHost(string name, Uri address, IConnection connection, IChannel channel)
    {
        (Name, Address) = (name, address);
        (_connection, _channel) = (connection, channel);
    }

    public string Name { get; }

    /// <summary>The value for <c>ConnectionStrings:rabbitmq</c>.</summary>
    public Uri Address { get; }

    /// <summary>All events published so far, in the order of arrival.</summary>
    public IReadOnlyCollection<PublishedMessage> Events => _published;

    /// <param name="services">Services whose queues it has: <c>loyalty</c>.</param>
    public static async Task<VirtualHost> Create(params string[] services)
    {
        var template = await Template.For(services);
        var name = $"test_{Guid.NewGuid():N}";
        await Management.PutVirtualHost(name);
        await Management.Import(name, await Management.Export(template.Name));

        var address = await AddressOf(name);
        var connection = await new ConnectionFactory { Uri = address, ClientProvidedName = Client }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        var host = new VirtualHost(name, address, connection, channel);
        await host.Tap();
        return host;
    }

    internal static async Task<Uri> AddressOf(string name) => new((await Servers.Addresses).RabbitMq, name);

    /// <summary>Waits for an event that a service published.</summary>
    public async Task<TEvent> Published<TEvent>(Func<TEvent, bool> matches, CancellationToken ct) where TEvent : class
    {
        var type = typeof(TEvent).FullName!;
        return await Eventually.Get(
            $"{typeof(TEvent).Name} is published",
            () => _published.Where(message => message.Type == type).Select(message => message.Read<TEvent>()).FirstOrDefault(matches),
            () => $"published so far: {string.Join(", ", _published.GroupBy(message => message.Type).Select(group => $"{group.Count()} {group.Key}"))}",
            ct);
    }

    /// <summary>Publishes an event as another service's relay would.</summary>
    /// <param name="messageId">Use the same id twice for a redelivery.</param>
    public async Task Publish<TEvent>(TEvent message, CancellationToken ct, Guid? messageId = null) where TEvent : class
    {
        var type = typeof(TEvent);
        // MassTransit's envelope.
        var envelope = new
        {
            messageId = messageId ?? Guid.CreateVersion7(),
            messageType = new[] { $"urn:message:{type.Namespace}:{type.Name}" },
            message,
        };
        var properties = new BasicProperties
        {
            ContentType = "application/vnd.masstransit+json",
            MessageId = envelope.messageId.ToString(),
            DeliveryMode = DeliveryModes.Persistent,
        };
        await using var channel = await _connection.CreateChannelAsync(new CreateChannelOptions(true, true), ct);
        await channel.BasicPublishAsync(
            $"{type.Namespace}:{type.Name}", "", mandatory: true, properties, JsonSerializer.SerializeToUtf8Bytes(envelope, EventJson.Options), ct);
    }

    /// <summary>The number of messages in a queue that no consumer has received.</summary>
    public async Task<uint> Waiting(string queue, CancellationToken ct)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: ct);
        return (await channel.QueueDeclarePassiveAsync(queue, ct)).MessageCount;
    }

    /// <summary>Its queues, exchanges and bindings, each as JSON.</summary>
    public async Task<IReadOnlyList<string>> Topology() =>
    [
        .. from part in await Management.Export(Name)
           where part.Key is "queues" or "exchanges" or "bindings"
           from item in part.Value!.AsArray()
           let json = $"{part.Key} {item!.ToJsonString()}"
           where !json.Contains(TapQueue, StringComparison.Ordinal)
           orderby json
           select json,
    ];

    public async Task<uint> Consumers(string queue, CancellationToken ct)
    {
        await using var channel = await _connection.CreateChannelAsync(cancellationToken: ct);
        return (await channel.QueueDeclarePassiveAsync(queue, ct)).ConsumerCount;
    }

    /// <summary>The messages in the error queues, each with its exception. They stay in the queues.</summary>
    public async Task<IReadOnlyList<string>> Failures(CancellationToken ct)
    {
        var failures = new List<string>();
        foreach (var queue in (await Management.Queues(Name)).Where(queue => queue.EndsWith("_error", StringComparison.Ordinal)))
        {
            await using var channel = await _connection.CreateChannelAsync(cancellationToken: ct);
            // Unacknowledged messages return to the queue when the channel closes.
            while (await channel.BasicGetAsync(queue, autoAck: false, ct) is { } message)
            {
                failures.Add($"{queue}: {Header(message, "MT-Fault-ExceptionType")}: {Header(message, "MT-Fault-Message")}: {Encoding.UTF8.GetString(message.Body.Span)}");
            }
        }

        return failures;
    }

    /// <summary>Closes the services' connections, as a restart of the broker would.</summary>
    /// <returns>The number of closed connections. A new connection's name reaches the broker's statistics up to half a second late.</returns>
    public Task<int> CutConnections() => Management.CutConnections(Name, Client);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await Management.DeleteVirtualHost(Name);
    }

    private async Task Tap()
    {
        await _channel.QueueDeclareAsync(TapQueue, durable: false, exclusive: true, autoDelete: false);
        foreach (var exchange in (await Management.Exchanges(Name)).Where(exchange => exchange.StartsWith("Platform.Contracts.", StringComparison.Ordinal)))
        {
            await _channel.QueueBindAsync(TapQueue, exchange, "");
        }

        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            var body = JsonNode.Parse(delivery.Body.Span)!;
            _published.Enqueue(new PublishedMessage(
                Guid.Parse(delivery.BasicProperties.MessageId ?? (string)body["messageId"]!),
                delivery.Exchange.Replace(':', '.'),
                body["message"]!.ToJsonString()));
            return Task.CompletedTask;
        };
        await _channel.BasicConsumeAsync(TapQueue, autoAck: true, consumer);
    }

    private static string Header(BasicGetResult message, string name) =>
        message.BasicProperties.Headers is { } headers && headers.TryGetValue(name, out var value) && value is byte[] text
            ? Encoding.UTF8.GetString(text) : "?";
}

/// <param name="Type">Full name of the event's record.</param>
/// <param name="Json">The event without its envelope.</param>
public sealed record PublishedMessage(Guid MessageId, string Type, string Json)
{
    public TEvent Read<TEvent>() where TEvent : class => JsonSerializer.Deserialize<TEvent>(Json, EventJson.Options)!;
}
