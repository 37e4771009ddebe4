using Platform.Messaging;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Publishes a person's new state to the other services, once per change.</summary>
internal sealed class UserUpdates(UsersDb db, Outbox outbox)
{
    /// <param name="user">Already locked and changed by the caller.</param>
    public async Task Publish(User user, CancellationToken ct) => outbox.Add(user.ToUpdatedEvent(await SeenPhones.WasProvenByAnother(db, user, ct)));
}
