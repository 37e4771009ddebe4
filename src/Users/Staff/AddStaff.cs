using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Staff;

/// <summary>Adds a member of the staff: they may use the barista bot and the staff's calls from their next token on, registered as a guest or not.</summary>
internal static class AddStaff
{
    /// <param name="Role">Barista by default.</param>
    /// <param name="Broadcast">The right to write to all guests at once; not granted by default.</param>
    public sealed record Request(
        TelegramId TelegramId, [Required, StringLength(255), PlainText] string FullName, StaffRole? Role = null, bool? Broadcast = null);

    /// <param name="StaffId">Identifies them in orders and in the audit; stays the same if they return.</param>
    public sealed record Response(
        StaffId StaffId, TelegramId TelegramId, string FullName, StaffRole Role, bool Broadcast, DateTimeOffset AddedAt);

    private static readonly Response Example = new(
        new StaffId(3), new TelegramId(2002), "Борис Котов", StaffRole.Barista, Broadcast: false,
        new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero));

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(AddStaff))
        .WithSummary("Lets a Telegram user act as staff")
        .WithExample(new Request(Example.TelegramId, Example.FullName), Example)
        .Refuses(UsersErrors.StaffExists);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Request request, Caller caller, UsersDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        var (now, fullName) = (clock.GetUtcNow(), request.FullName.Trim());
        var (role, broadcast) = (request.Role ?? StaffRole.Barista, request.Broadcast ?? false);
        await using var transaction = await db.Join(ct);
        var added = await db.Database.SqlQuery<long>(
            $"""
            insert into staff (telegram_id, full_name, role, staff_role, broadcast, added_at)
            values ({request.TelegramId.Value}, {fullName}, 'staff', {EnumText.Of(role)}, {broadcast}, {now})
            on conflict (telegram_id) do update
                set full_name = excluded.full_name, role = excluded.role, staff_role = excluded.staff_role, broadcast = excluded.broadcast, added_at = excluded.added_at, removed_at = null
                where staff.removed_at is not null
            returning id
            """).ToListAsync(ct);
        if (added is not [var id])
        {
            return Problems.For(UsersErrors.StaffExists);
        }

        audit.Write(db, caller, "staff.add", $"staff:{id}", new { request.TelegramId, role, broadcast });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);

        return TypedResults.Created((string?)null, new Response(new StaffId(id), request.TelegramId, fullName, role, broadcast, now));
    }
}
