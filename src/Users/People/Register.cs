using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.Mail;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Registers a person, with their consent and the guest token that proves who they are.</summary>
internal static class Register
{
    /// <param name="Phone">With country code, in any usual spelling.</param>
    /// <param name="ConsentPersonalData">Nothing is stored unless this is true.</param>
    /// <param name="TelegramId">Optional: the token already says who registers.</param>
    /// <param name="Email">Optional. Refused when it is not the address that the token proves.</param>
    /// <param name="Username">Name in Telegram, without @.</param>
    /// <param name="BirthDate">In the past, from 1900 on.</param>
    /// <param name="Language"><c>ru</c>, which is the default, or <c>en</c>.</param>
    /// <param name="ConsentText">Version of the consent text that they were shown; the current one when left out.</param>
    /// <param name="PhoneVerified">Whether Telegram confirmed that the number is theirs. Trusted from bots only.</param>
    /// <param name="Channel">How they found the platform, such as <c>instagram</c>. Case does not matter.</param>
    /// <param name="ReferralCode">Code of the person who referred them. An unknown code or their own is ignored.</param>
    /// <param name="Utm">Campaign parameters of the link they followed.</param>
    public sealed record Request(
        [Required, StringLength(255), PlainText, Lettered] string FullName,
        [Required, StringLength(32)] string Phone,
        bool ConsentPersonalData = false,
        TelegramId? TelegramId = null,
        [StringLength(EmailAddress.MaxLength), Mailbox] string? Email = null,
        [StringLength(255), PlainText, NotBlank] string? Username = null,
        [StringLength(100), PlainText, Lettered] string? City = null,
        [BirthDate] DateOnly? BirthDate = null,
        [OneOf(User.Russian, User.English)] string? Language = null,
        [StringLength(50), PlainText] string? ConsentText = null,
        bool PhoneVerified = false,
        [RegularExpression("^[A-Za-z0-9_-]{1,64}$", ErrorMessage = "A channel is 1 to 64 characters of a-z, 0-9, _ and -."), NotBlank] string? Channel = null,
        [StringLength(64), PlainText] string? ReferralCode = null,
        Utm? Utm = null);

    private static readonly Request Example = new(
        "Анна Смирнова", "+7 (999) 123-45-67", ConsentPersonalData: true, Username: "anna_s", City: "Казань", BirthDate: new DateOnly(1994, 3, 12),
        ConsentText: "2026-11", PhoneVerified: true, Channel: "instagram", ReferralCode: People.ReferralCode.Example,
        Utm: Utm.Example);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(Register))
        .WithSummary("Registers the person that the token identifies, with their consent")
        .WithExample(Example, Profile.Example)
        .Refuses(
            UsersErrors.ProofRequired, UsersErrors.ConsentRequired, UsersErrors.ConsentOutdated, UsersErrors.PhoneInvalid, UsersErrors.UserExists,
            UsersErrors.EmailTaken, PlatformErrors.RateLimited);

    /// <summary>Runs before the handler, so that a refused call holds no connection, and before idempotency, so that retries count too.</summary>
    public static async ValueTask<object?> LimitRate(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var caller = Caller.Of(http)!;
        var person = caller.TelegramId is { } telegramId ? $"telegram:{telegramId}" : caller.Subject;
        var permits = http.RequestServices.GetRequiredService<IOptions<UsersOptions>>().Value.RegistrationsPerMinute;
        var limits = http.RequestServices.GetRequiredService<RateLimits>();
        var refusal = await limits.Take("registration", person, permits, TimeSpan.FromMinutes(1), http.RequestAborted);
        return refusal ?? await next(context);
    }

    public static async Task<Results<Created<Profile>, ProblemHttpResult>> Handle(
        Request request, Caller caller, UsersDb db, Outbox outbox, IOptions<UsersOptions> options, TimeProvider clock, CancellationToken ct)
    {
        var email = caller.Email is { } proven ? EmailAddress.From(proven) : (EmailAddress?)null;
        if ((caller.TelegramId is null && email is null)
            || (request.TelegramId ?? caller.TelegramId) != caller.TelegramId
            || (request.Email is { } typed && EmailAddress.From(typed) != email))
        {
            return Problems.For(UsersErrors.ProofRequired);
        }

        if (!request.ConsentPersonalData)
        {
            return Problems.For(UsersErrors.ConsentRequired);
        }

        var consentText = options.Value.ConsentText;
        if ((request.ConsentText ?? consentText) != consentText)
        {
            return Problems.For(UsersErrors.ConsentOutdated);
        }

        var phoneVerified = request.PhoneVerified && caller.Actor is not null;
        if (!CheckAnswers.TryParsePhone(request.Phone, phoneVerified, options.Value, out var phone))
        {
            return Problems.For(UsersErrors.PhoneInvalid);
        }

        await using var transaction = await db.Join(ct);
        if (await FindConflict(caller.TelegramId, email, db, ct) is { } refusal)
        {
            return Problems.For(refusal);
        }

        var user = User.Register(
            caller.TelegramId,
            email,
            new ProfileDetails(
                TypedText.Clean(request.FullName), phone, phoneVerified,
                TypedText.CleanOrNull(request.Username), TypedText.CleanOrNull(request.City), request.BirthDate, request.Language ?? User.Russian),
            new Consent(caller.Subject, clock.GetUtcNow(), consentText, caller.Actor ?? "api"));
        await Save(db, user, ct);

        outbox.Add(user.ToRegisteredEvent(phoneSeenBefore: await SeenPhones.Record(db, user, user.CreatedAt, ct)));
        await RecordAcquisition(request, user, phone, db, outbox, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);

        return TypedResults.Created(user.TelegramId is { } telegramId ? $"/api/users/by-telegram/{telegramId}" : "/api/users/me",
            Profile.From(user, user.CreatedAt));
    }

    /// <summary>Locks the Telegram id and the address against other registrations until the transaction ends.</summary>
    /// <returns>The refusal when one of them is already registered.</returns>
    private static async Task<ErrorCode?> FindConflict(TelegramId? telegramId, EmailAddress? email, UsersDb db, CancellationToken ct)
    {
        if (telegramId is { } account)
        {
            await db.LockRegistration(account, ct);
            if (await db.Users.AnyAsync(registered => registered.TelegramId == account, ct))
            {
                return UsersErrors.UserExists;
            }
        }

        if (email is { } address)
        {
            await db.LockRegistration(address, ct);
            if (await db.UsersWith(address).AnyAsync(ct))
            {
                return UsersErrors.EmailTaken;
            }
        }

        return null;
    }

    /// <summary>Assigns the id and the referral code; tries again when the code is taken.</summary>
    private static async Task Save(UsersDb db, User user, CancellationToken ct)
    {
        db.Users.Add(user);
        while (true)
        {
            try
            {
                await db.SaveChangesAsync(ct);
                return;
            }
            // EF Core saves within a transaction behind a savepoint, so only this insert is rolled back.
            catch (DbUpdateException clash) when (clash.InnerException is PostgresException { ConstraintName: People.ReferralCode.UniqueIndex })
            {
            }
        }
    }

    private static async Task RecordAcquisition(Request request, User user, PhoneNumber phone, UsersDb db, Outbox outbox, CancellationToken ct)
    {
        var referrer = await People.ReferralCode.FindReferrer(db, request.ReferralCode, phone, ct);
        if (request.Channel is null && referrer is null && request.Utm is null or { IsEmpty: true })
        {
            return;
        }

        db.Add(new AcquisitionChannel
        {
            UserId = user.Id,
            Channel = request.Channel?.ToLowerInvariant(),
            ReferralUserId = referrer,
            UtmSource = TypedText.CleanOrNull(request.Utm?.Source),
            UtmMedium = TypedText.CleanOrNull(request.Utm?.Medium),
            UtmCampaign = TypedText.CleanOrNull(request.Utm?.Campaign),
            UtmContent = TypedText.CleanOrNull(request.Utm?.Content),
            UtmTerm = TypedText.CleanOrNull(request.Utm?.Term),
            CreatedAt = user.CreatedAt,
        });
        if (referrer is { } referrerId)
        {
            outbox.Add(new UserReferred { UserId = user.Id, ReferrerId = referrerId, ReferredAt = user.CreatedAt });
        }
    }
}
