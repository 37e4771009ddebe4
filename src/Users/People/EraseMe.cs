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

/// <summary>
/// Erases the caller: here at once, in every other service as soon as it has heard of it. Amounts and points stay, under a number that
/// is nobody's any more.
/// </summary>
/// <remarks>Who works here too stays a member of the staff: that is the business's record, and an admin's to end.</remarks>
internal static class EraseMe
{
    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(EraseMe))
        .WithSummary("Erases the caller: all that names him, in every service")
        .WithDescription("It cannot be undone. What he has of points and credits is lost with it. GET /api/users/me/export gives him all that is kept, before.")
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
        var phones = await SeenPhones.ProvenOf(db, user, ct);
        var email = user.Email is { } address ? EmailAddress.Of(address) : (EmailAddress?)null;
        user.Erase(withdrawnThrough: caller.Actor ?? "api", now);
        outbox.Add(user.Erased(telegramId));
        await db.SaveChangesAsync(ct);

        foreach (var phone in phones)
        {
            await ErasedPhones.Keep(db, phone, user, ct);
        }

        await SeenPhones.ForgetUnproven(db, user, ct);

        if (email is { } known)
        {
            await EmailCode.Forget(known, db, ct);
            await ErasedUsers.ForgetCalls(db, [known.Subject], ct);
        }

        if (telegramId is { } account)
        {
            await ForgetCallsAsStaff(db, account, ct);
        }

        await TokenFamily.DeleteAllOf(telegramId, email, db, ct);
        await db.ActivityDays.Where(day => day.UserId == id).ExecuteDeleteAsync(ct);
        await ForgetHowHeCame(db, id, ct);
        await RevokedUsers.Forget(db, id, user.Version, ct);
        await ErasedUsers.ForgetCalls(db, id, telegramId, ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>He may have registered as a member of the staff: the recorded answer has what he told of himself.</summary>
    private static async Task ForgetCallsAsStaff(UsersDb db, TelegramId telegramId, CancellationToken ct)
    {
        var asStaff = await db.Staff.Where(member => member.TelegramId == telegramId).Select(member => member.Id).ToListAsync(ct);
        await ErasedUsers.ForgetCalls(db, [.. asStaff.Select(id => $"staff:{id}")], ct);
    }

    /// <summary>Links of a campaign may be made for one person. Who recommended the platform to him stays, as numbers.</summary>
    private static async Task ForgetHowHeCame(UsersDb db, UserId id, CancellationToken ct)
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
