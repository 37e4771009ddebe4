using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.SignIn;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Erases the caller: here at once, elsewhere as soon as the event arrives. Amounts and points stay under a bare user id.</summary>
/// <remarks>A caller who also works here stays a member of the staff: that is the business's record, which an admin ends.</remarks>
internal static class EraseMe
{
    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(EraseMe))
        .WithSummary("Erases the caller's personal data in every service")
        .WithDescription("This cannot be undone, and the caller's points and credits are lost. GET /api/users/me/export returns all stored data first.")
        .WithExample(request: null, response: null)
        .Refuses(UsersErrors.UserNotFound);

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Caller caller, UsersDb db, Outbox outbox, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Join(ct);
        if (caller.UserId is not { } id || await db.LockUser(id, ct) is not { } user)
        {
            return Problems.For(UsersErrors.UserNotFound);
        }

        var now = clock.GetUtcNow();
        var telegramId = user.TelegramId;
        var phones = await SeenPhones.AllProven(db, user, ct);
        var email = user.Email is { } address ? EmailAddress.From(address) : (EmailAddress?)null;
        user.Erase(withdrawnThrough: caller.Actor ?? "api", now);
        outbox.Add(user.ToErasedEvent(telegramId));
        await db.SaveChangesAsync(ct);

        foreach (var phone in phones)
        {
            await ErasedPhones.Record(db, phone, user, ct);
        }

        await SeenPhones.DeleteUnproven(db, user, ct);

        if (email is { } known)
        {
            await EmailCode.DeleteAll(known, db, ct);
            await ErasedUsers.DeleteRecordedAnswers(db, [known.Subject], ct);
        }

        if (telegramId is { } account)
        {
            await DeleteStaffCalls(db, account, ct);
        }

        await TokenFamily.DeleteAll(telegramId, email, db, ct);
        await db.ActivityDays.Where(day => day.UserId == id).ExecuteDeleteAsync(ct);
        await DeleteAcquisition(db, id, ct);
        await RevokedUsers.RevokeErased(db, id, user.Version, ct);
        await ErasedUsers.DeleteRecordedAnswers(db, id, telegramId, ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>They may have registered with a staff token: the recorded response contains their profile.</summary>
    private static async Task DeleteStaffCalls(UsersDb db, TelegramId telegramId, CancellationToken ct)
    {
        var asStaff = await db.Staff.Where(member => member.TelegramId == telegramId).Select(member => member.Id).ToListAsync(ct);
        await ErasedUsers.DeleteRecordedAnswers(db, [.. asStaff.Select(id => $"staff:{id}")], ct);
    }

    /// <summary>A campaign link may have been made for one person, so its parameters go. The referrer stays, as an id.</summary>
    private static async Task DeleteAcquisition(UsersDb db, UserId id, CancellationToken ct)
    {
        await db.AcquisitionChannels
            .Where(came => came.UserId == id && came.Channel == null && came.ReferralUserId == null)
            .ExecuteDeleteAsync(ct);
        await db.AcquisitionChannels
            .Where(came => came.UserId == id)
            .ExecuteUpdateAsync(
                came => came
                    .SetProperty(c => c.UtmSource, (string?)null)
                    .SetProperty(c => c.UtmMedium, (string?)null)
                    .SetProperty(c => c.UtmCampaign, (string?)null)
                    .SetProperty(c => c.UtmContent, (string?)null)
                    .SetProperty(c => c.UtmTerm, (string?)null),
                ct);
    }
}
