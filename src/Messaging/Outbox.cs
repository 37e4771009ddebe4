using Microsoft.EntityFrameworkCore;

namespace Platform.Messaging;

/// <summary>Where a handler puts what has happened; it is published once the handler's transaction has committed.</summary>
/// <remarks>
/// <see cref="Add"/> only adds a row to the <see cref="DbContext"/>, so call it before <c>SaveChangesAsync</c>. An event
/// that is added and never saved has not happened.
/// </remarks>
public sealed class Outbox
{
    private readonly DbContext _db;
    private readonly TimeProvider _clock;
    private readonly Events _events;

    internal Outbox(DbContext db, Events events, TimeProvider clock) => (_db, _events, _clock) = (db, events, clock);

    /// <exception cref="InvalidOperationException">The service's module does not list <typeparamref name="TEvent"/> as published.</exception>
    public void Add<TEvent>(TEvent happened) where TEvent : class
    {
        _events.MustPublish(typeof(TEvent));
        _db.Add(OutboxMessage.Of(happened, _clock.GetUtcNow()));
    }
}
