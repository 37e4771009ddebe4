using System.Diagnostics;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Platform.Database;

namespace Platform.Messaging;

/// <summary>Consumes a message and runs its handler once, however often the message is delivered.</summary>
internal sealed partial class InboxConsumer<TDb, TEvent, THandler>(
    IServiceScopeFactory scopes, ServiceName service, TimeProvider clock, ILogger<InboxConsumer<TDb, TEvent, THandler>> log) : IConsumer<TEvent>
    where TDb : DbContext
    where TEvent : class
    where THandler : class, IEventHandler<TEvent>
{
    public async Task Consume(ConsumeContext<TEvent> context)
    {
        NameSpans();
        var messageId = context.MessageId ?? throw new InvalidOperationException("The message has no id, so a redelivery could not be detected.");
        await TransientFaults.RetryForever.ExecuteAsync(
            async ct => await HandleOnce(messageId, context.Message, ct), context.CancellationToken);
    }

    // MassTransit names spans after the queue, which receives all of the service's events.
    private void NameSpans()
    {
        if (Activity.Current is { Source.Name: "MassTransit" } processing)
        {
            processing.DisplayName = $"{service.Value}: {typeof(TEvent).Name}";
            if (processing.Parent is { Source.Name: "MassTransit" } receiving)
            {
                receiving.DisplayName = $"{service.Value} receives {typeof(TEvent).Name}";
            }
        }
    }

    private async Task HandleOnce(Guid messageId, TEvent message, CancellationToken ct)
    {
        // A new scope for each attempt: a failed DbContext still tracks the failed changes.
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        var added = await db.Database.ExecuteSqlAsync(
            $"insert into inbox (message_id, consumer, received_at) values ({messageId}, {typeof(THandler).Name}, {clock.GetUtcNow()}) on conflict do nothing", ct);
        if (added == 0)
        {
            LogRepeated(typeof(TEvent).Name, messageId, typeof(THandler).Name);
            return;
        }

        await scope.ServiceProvider.GetRequiredService<THandler>().Handle(message, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Handler} has already handled {Event} {MessageId}. Ignored.")]
    private partial void LogRepeated(string @event, Guid messageId, string handler);
}
