using Microsoft.EntityFrameworkCore;

namespace Platform.Messaging;

/// <summary>Takes a handler's events. They are published after its transaction commits.</summary>
/// <remarks><see cref="Add"/> only adds a row to the <see cref="DbContext"/>: call it before <c>SaveChangesAsync</c>, or the event is lost.</remarks>
public sealed class Outbox
{
    private readonly DbContext _db;
    private readonly TimeProvider _clock;
    private readonly Events _events;

    internal Outbox(DbContext db, Events events, TimeProvider clock) => (_db, _events, _clock) = (db, events, clock);

    /// <exception cref="InvalidOperationException">The service's module does not list <typeparamref name="TEvent"/> as published.</exception>
    public void Add<TEvent>(TEvent message) where TEvent : class
    {
        _events.ThrowIfNotPublished(typeof(TEvent));
        _db.Add(OutboxMessage.Of(message, _clock.GetUtcNow()));
    }
}
