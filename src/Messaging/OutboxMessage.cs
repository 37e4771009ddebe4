using System.Diagnostics;
using System.Text.Json;

namespace Platform.Messaging;

/// <summary>A row of <c>outbox</c>: an event to publish, written in the same transaction as the change that it reports.</summary>
public sealed class OutboxMessage
{
    /// <summary>Also the <c>MessageId</c> on the broker, so that consumers ignore a row that is published twice.</summary>
    public required Guid Id { get; init; }

    /// <summary>Full name of the event's record in Contracts.</summary>
    public required string Type { get; init; }

    /// <summary>The event as camelCase JSON.</summary>
    public required string Payload { get; init; }

    /// <summary>W3C trace context of the request, so that its trace includes the broker and the consumer.</summary>
    public string? Traceparent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal static OutboxMessage Of<TEvent>(TEvent message, DateTimeOffset at) where TEvent : class => new()
    {
        Id = Guid.CreateVersion7(at),
        Type = typeof(TEvent).FullName!,
        Payload = JsonSerializer.Serialize(message, EventJson.Options),
        Traceparent = Activity.Current?.Id,
        CreatedAt = at,
    };
}
