using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Tells the other services of a person who has changed: once per change, as he is when it commits.</summary>
internal sealed class Announcements(UsersDb db, Outbox outbox)
{
    /// <param name="user">Locked by the caller, and changed already.</param>
    public async Task Updated(User user, CancellationToken ct) => outbox.Add(user.Updated(await SeenPhones.HadBefore(db, user, ct)));
}
