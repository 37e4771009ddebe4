using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.ServiceDefaults.Web;

/// <summary>What ServiceDefaults itself keeps of people, in every service's schema.</summary>
public static class ErasedUsers
{
    /// <summary>
    /// Has the service refuse the tokens of people who were erased, and forget what it has recorded of their calls. What it
    /// keeps of them itself is its own to erase: it handles <see cref="UserErased"/> too.
    /// </summary>
    public static Events ForgetsErasedUsers<TDb>(this Events events) where TDb : DbContext => events.Handles<UserErased, ForgetCalls<TDb>>();

    /// <summary>
    /// Deletes recorded answers, which may repeat what a person told about themselves. Rows of <see cref="RateLimits"/> name no one and
    /// stay until they expire.
    /// </summary>
    public static Task ForgetCalls(DbContext db, UserId user, TelegramId? telegram, CancellationToken ct)
    {
        string[] subjects = telegram is { } known ? [$"user:{user}", $"telegram:{known}"] : [$"user:{user}"];
        return ForgetCalls(db, subjects, ct);
    }

    /// <param name="subjects">As <see cref="Caller.Subject"/> had him, before he registered or changed what he is known by.</param>
    /// <inheritdoc cref="ForgetCalls(DbContext, UserId, TelegramId?, CancellationToken)"/>
    public static Task ForgetCalls(DbContext db, string[] subjects, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"delete from idempotency_keys where subject = any ({subjects})", ct);
}

internal sealed class ForgetCalls<TDb>(TDb db) : IHandle<UserErased> where TDb : DbContext
{
    public async Task Handle(UserErased happened, CancellationToken ct)
    {
        await RevokedUsers.Forget(db, happened.UserId, happened.Version, ct);
        await ErasedUsers.ForgetCalls(db, happened.UserId, happened.TelegramId, ct);
    }
}
