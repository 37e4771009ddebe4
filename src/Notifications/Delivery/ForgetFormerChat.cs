using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.Notifications.Storage;

namespace Platform.Notifications.Delivery;

/// <summary>
/// Forgets the chat of a Telegram account that a person has left for another one: when they are erased, nobody knows any more that it
/// was theirs.
/// </summary>
internal sealed class ForgetFormerChat(NotificationsDb db) : IHandle<UserTokensRevoked>
{
    public Task Handle(UserTokensRevoked happened, CancellationToken ct) =>
        happened.FormerTelegramId is { } former ? ForgottenChats.Forget(db, former, happened.RevokedAt, ct) : Task.CompletedTask;
}
