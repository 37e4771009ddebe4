using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.Notifications.Storage;

namespace Platform.Notifications.Delivery;

/// <summary>
/// Deletes the chats of a Telegram account when a person moves to another one: a later erasure only names their current account.
/// </summary>
internal sealed class DeleteFormerChat(NotificationsDb db) : IEventHandler<UserTokensRevoked>
{
    public Task Handle(UserTokensRevoked happened, CancellationToken ct) =>
        happened.FormerTelegramId is { } former ? DeletedChats.Delete(db, former, happened.RevokedAt, ct) : Task.CompletedTask;
}
