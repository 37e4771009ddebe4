using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>The caller changes their profile. An e-mail address needs proof: see <c>PUT /api/users/me/email</c>.</summary>
internal static class UpdateMe
{
    /// <summary>New phone numbers that a person may give per day: each proven one is stored as having had its start bonus.</summary>
    public const int PhonesPerDay = 5;

    /// <summary>Fields left out or null stay unchanged.</summary>
    /// <param name="Username">Name in Telegram, without @.</param>
    /// <param name="BirthDate">From 1900 up to the day of registration.</param>
    /// <param name="Phone">With country code, in any usual spelling.</param>
    /// <param name="PhoneVerified">Whether Telegram confirmed that the number is theirs. Trusted from bots only.</param>
    /// <param name="Remove">Fields to clear.</param>
    public sealed record Request(
        [StringLength(255), PlainText, Lettered] string? FullName = null,
        [StringLength(255), PlainText, NotBlank] string? Username = null,
        [StringLength(100), PlainText, Lettered] string? City = null,
        [BirthDate] DateOnly? BirthDate = null,
        [OneOf(User.Russian, User.English)] string? Language = null,
        [StringLength(32)] string? Phone = null,
        bool PhoneVerified = false,
        [MaxLength(3)] IReadOnlyList<Removable>? Remove = null);

    public enum Removable
    {
        Username,

        City,

        BirthDate,
    }

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(UpdateMe))
        .WithSummary("Changes the caller's profile; fields left out stay unchanged")
        .WithExample(new Request(City: "Казань", Language: User.English, Remove: [Removable.BirthDate]), Profile.Example)
        .Refuses(UsersErrors.UserNotFound, UsersErrors.PhoneInvalid, UsersErrors.BirthDateInvalid, PlatformErrors.RateLimited);

    public static async Task<Results<Ok<Profile>, ProblemHttpResult>> Handle(
        Request request, Caller caller, UsersDb db, UserUpdates updates, RateLimits limits, IOptions<UsersOptions> options,
        TimeProvider clock, CancellationToken ct)
    {
        PhoneNumber? phone = null;
        var phoneVerified = request.PhoneVerified && caller.Actor is not null;
        if (request.Phone is not null)
        {
            if (!CheckAnswers.TryParsePhone(request.Phone, phoneVerified, options.Value, out var parsed))
            {
                return Problems.For(UsersErrors.PhoneInvalid);
            }

            if (await limits.Take("phone_change", caller.Subject, PhonesPerDay, TimeSpan.FromDays(1), ct) is { } tooMany)
            {
                return tooMany;
            }

            phone = parsed;
        }

        await using var transaction = await db.Join(ct);
        if (caller.UserId is not { } id || await db.LockUser(id, ct) is not { } user)
        {
            return Problems.For(UsersErrors.UserNotFound);
        }

        var now = clock.GetUtcNow();
        var before = user.Version;
        // The birth date must be before the registration, even a long-ago one.
        if (request.BirthDate > DateOnly.FromDateTime(user.CreatedAt.UtcDateTime))
        {
            return Problems.For(UsersErrors.BirthDateInvalid);
        }

        user.UpdateProfile(
            TypedText.CleanOrNull(request.FullName) ?? user.FullName,
            Removes(request, Removable.Username) ? null : TypedText.CleanOrNull(request.Username) ?? user.Username,
            Removes(request, Removable.City) ? null : TypedText.CleanOrNull(request.City) ?? user.City,
            Removes(request, Removable.BirthDate) ? null : request.BirthDate ?? user.BirthDate,
            request.Language ?? user.Language,
            now);

        if (phone is { } number && user.SetPhone(number, phoneVerified, now))
        {
            await SeenPhones.Record(db, user, now, ct);
        }

        if (user.Version != before)
        {
            await updates.Publish(user, ct);
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return TypedResults.Ok(Profile.From(user, now));
    }

    private static bool Removes(Request request, Removable what) => request.Remove?.Contains(what) ?? false;
}
