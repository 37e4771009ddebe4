using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>The caller changes what he has told of himself. An e-mail address he proves first: see <c>PUT /api/users/me/email</c>.</summary>
internal static class UpdateMe
{
    /// <summary>New numbers that a person may give in a day: each that is proven is kept as one that had start bonuses.</summary>
    public const int PhonesPerDay = 5;

    /// <summary>What is left out, or null, stays as it is.</summary>
    /// <param name="Username">Name in Telegram, without @.</param>
    /// <param name="BirthDate">From 1900 to the day of the registration.</param>
    /// <param name="Phone">With country code, in any usual spelling.</param>
    /// <param name="PhoneVerified">Whether the number is known to be his own. Believed of a bot only, which has it from Telegram.</param>
    /// <param name="Remove">What is to be known of him no more.</param>
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
        .WithSummary("Changes what the caller has told of himself; what is left out stays")
        .WithExample(new Request(City: "Казань", Language: User.English, Remove: [Removable.BirthDate]), Profile.Example)
        .Refuses(UsersErrors.UserNotFound, UsersErrors.PhoneInvalid, UsersErrors.BirthDateInvalid, PlatformErrors.RateLimited);

    public static async Task<Results<Ok<Profile>, ProblemHttpResult>> Handle(
        Request request, Caller caller, UsersDb db, Announcements announcements, RateLimits limits, IOptions<UsersOptions> options,
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
        // People are born before they register, also those who registered long ago.
        if (request.BirthDate > DateOnly.FromDateTime(user.CreatedAt.UtcDateTime))
        {
            return Problems.For(UsersErrors.BirthDateInvalid);
        }

        user.Tell(
            TypedText.CleanOrNull(request.FullName) ?? user.FullName,
            Removes(request, Removable.Username) ? null : TypedText.CleanOrNull(request.Username) ?? user.Username,
            Removes(request, Removable.City) ? null : TypedText.CleanOrNull(request.City) ?? user.City,
            Removes(request, Removable.BirthDate) ? null : request.BirthDate ?? user.BirthDate,
            request.Language ?? user.Language,
            now);

        if (phone is { } number && user.TellPhone(number, phoneVerified, now))
        {
            await SeenPhones.Keep(db, user, now, ct);
        }

        if (user.Version != before)
        {
            await announcements.Updated(user, ct);
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return TypedResults.Ok(Profile.Of(user, now));
    }

    private static bool Removes(Request request, Removable what) => request.Remove?.Contains(what) ?? false;
}
