using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Staff;

/// <summary>
/// Changes what a member of the staff may do. Every service refuses tokens with the old rights at once; their next ones carry the new
/// rights, so no one has to sign in again.
/// </summary>
internal static class ChangeStaffRights
{
    /// <param name="Role">Left as it is when null.</param>
    /// <param name="Broadcast">The right to write to all guests at once. Left as it is when null.</param>
    public sealed record Request(StaffRole? Role = null, bool? Broadcast = null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(ChangeStaffRights))
        .WithSummary("Changes the role or the rights of a member of the staff")
        .WithExample(new Request(StaffRole.Manager), ListStaff.Example)
        .Refuses(UsersErrors.StaffNotFound);

    public static async Task<Results<Ok<ListStaff.Item>, ProblemHttpResult>> Handle(
        TelegramId telegramId, Request request, Caller caller, UsersDb db, Outbox outbox, Audit audit, CancellationToken ct)
    {
        await using var transaction = await db.Join(ct);
        if (await db.LockStaff(telegramId, ct) is not { } member)
        {
            return Problems.For(UsersErrors.StaffNotFound);
        }

        var before = new { role = member.StaffRole, broadcast = member.Broadcast };
        if (member.ChangeRights(request.Role ?? member.StaffRole, request.Broadcast ?? member.Broadcast))
        {
            audit.Write(
                db, caller, "staff.change_rights", $"staff:{member.Id}",
                new { telegramId, before, after = new { role = member.StaffRole, broadcast = member.Broadcast } });
            await RevokedUsers.RevokeStaff(db, member.Id, member.Version, ct);
            outbox.Add(new StaffTokensRevoked { StaffId = member.Id, Version = member.Version });
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return TypedResults.Ok(new ListStaff.Item(member.Id, telegramId, member.FullName, member.StaffRole, member.Broadcast, member.AddedAt));
    }
}
