using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.ServiceDefaults.Web;

/// <summary>Deletes what <see cref="PlatformTables"/> hold about erased people.</summary>
public static class ErasedUsers
{
    /// <summary>Refuses erased people's tokens and deletes their recorded answers. The service's own data needs a handler of its own.</summary>
    public static Events PurgesErasedUsers<TDb>(this Events events) where TDb : DbContext => events.Handles<UserErased, PurgeErasedUser<TDb>>();

    /// <summary>Recorded answers may repeat what people told about themselves. Rows of <see cref="RateLimits"/> name no one and expire.</summary>
    public static Task DeleteRecordedAnswers(DbContext db, UserId user, TelegramId? telegram, CancellationToken ct)
    {
        string[] subjects = telegram is { } known ? [$"user:{user}", $"telegram:{known}"] : [$"user:{user}"];
        return DeleteRecordedAnswers(db, subjects, ct);
    }

    /// <param name="subjects">Every <see cref="Caller.Subject"/> that the person has had.</param>
    public static Task DeleteRecordedAnswers(DbContext db, string[] subjects, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"delete from idempotency_keys where subject = any ({subjects})", ct);
}

internal sealed class PurgeErasedUser<TDb>(TDb db) : IEventHandler<UserErased> where TDb : DbContext
{
    public async Task Handle(UserErased message, CancellationToken ct)
    {
        await RevokedUsers.RevokeErased(db, message.UserId, message.Version, ct);
        await ErasedUsers.DeleteRecordedAnswers(db, message.UserId, message.TelegramId, ct);
    }
}
