using System.Diagnostics;
using System.Text.Json;

namespace Platform.Messaging;

/// <summary>An event that waits to be published: a row of <c>outbox</c>, written in the transaction of the change that it tells of.</summary>
public sealed class OutboxMessage
{
    /// <summary>Also the <c>MessageId</c> on the broker, so that publishing a row twice is seen as one message by every consumer.</summary>
    public required Guid Id { get; init; }

    /// <summary>Full name of the event's record in Contracts.</summary>
    public required string Type { get; init; }

    /// <summary>The event as camelCase JSON.</summary>
    public required string Payload { get; init; }

    /// <summary>W3C trace context of the change, so that one trace shows the request, the broker and the consumer.</summary>
    public string? Traceparent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal static OutboxMessage Of<TEvent>(TEvent happened, DateTimeOffset at) where TEvent : class => new()
    {
        Id = Guid.CreateVersion7(at),
        Type = typeof(TEvent).FullName!,
        Payload = JsonSerializer.Serialize(happened, EventJson.Options),
        Traceparent = Activity.Current?.Id,
        CreatedAt = at,
    };
}
