using System.Diagnostics;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Platform.Database;

namespace Platform.Messaging;

/// <summary>Takes a message off the service's queue and runs its handler once, whatever the number of deliveries.</summary>
internal sealed partial class InboxConsumer<TDb, TEvent, THandler>(
    IServiceScopeFactory scopes, ServiceName service, TimeProvider clock, ILogger<InboxConsumer<TDb, TEvent, THandler>> log) : IConsumer<TEvent>
    where TDb : DbContext
    where TEvent : class
    where THandler : class, IHandle<TEvent>
{
    public async Task Consume(ConsumeContext<TEvent> context)
    {
        NameSpans();
        var messageId = context.MessageId ?? throw new InvalidOperationException("A message without an id cannot be told from its repetition.");
        await TransientFaults.RetriedWithoutEnd.ExecuteAsync(
            async ct => await HandleOnce(messageId, context.Message, ct), context.CancellationToken);
    }

    // MassTransit names them by the queue alone, which takes all of the service's events.
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

    private async Task HandleOnce(Guid messageId, TEvent happened, CancellationToken ct)
    {
        // A scope for each try: a DbContext that failed keeps what it failed on.
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        var remembered = await db.Database.ExecuteSqlAsync(
            $"insert into inbox (message_id, consumer, received_at) values ({messageId}, {typeof(THandler).Name}, {clock.GetUtcNow()}) on conflict do nothing", ct);
        if (remembered == 0)
        {
            LogRepeated(typeof(TEvent).Name, messageId, typeof(THandler).Name);
            return;
        }

        await scope.ServiceProvider.GetRequiredService<THandler>().Handle(happened, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Event} {MessageId} was handled by {Handler} before; ignored.")]
    private partial void LogRepeated(string @event, Guid messageId, string handler);
}
