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

/// <summary>A person becomes known to the platform, with his consent and a proof of who he is: the guest token.</summary>
internal static class Register
{
    /// <param name="Phone">With country code, in any usual spelling.</param>
    /// <param name="ConsentPersonalData">Nothing is stored unless this is true.</param>
    /// <param name="TelegramId">May be left out: the token says who registers.</param>
    /// <param name="Email">May be left out too. One that the token does not prove is refused.</param>
    /// <param name="Username">Name in Telegram, without @.</param>
    /// <param name="BirthDate">In the past, from 1900 on.</param>
    /// <param name="Language"><c>ru</c>, which is the default, or <c>en</c>.</param>
    /// <param name="ConsentText">Version of the consent text that he was shown; the current one when left out.</param>
    /// <param name="PhoneVerified">Whether the number is known to be his own. Believed of a bot only, which has it from Telegram.</param>
    /// <param name="Channel">How they came, such as <c>instagram</c>; in any case, as links are typed in any.</param>
    /// <param name="ReferralCode">Of the person who recommended the platform to him. One that is nobody's, or his own, is passed over.</param>
    /// <param name="Utm">What the link that he came by says of the campaign.</param>
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
        [RegularExpression("^[A-Za-z0-9_-]{1,64}$", ErrorMessage = "A channel is 1 to 64 of a-z, 0-9, _ and -."), NotBlank] string? Channel = null,
        [StringLength(64), PlainText] string? ReferralCode = null,
        Utm? Utm = null);

    private static readonly Request Example = new(
        "Анна Смирнова", "+7 (999) 123-45-67", ConsentPersonalData: true, Username: "anna_s", City: "Казань", BirthDate: new DateOnly(1994, 3, 12),
        ConsentText: "2026-11", PhoneVerified: true, Channel: "instagram", ReferralCode: People.ReferralCode.Example,
        Utm: Utm.Example);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(Register))
        .WithSummary("Registers the person that the token proves, with his consent")
        .WithExample(Example, Profile.Example)
        .Refuses(
            UsersErrors.ProofRequired, UsersErrors.ConsentRequired, UsersErrors.ConsentOutdated, UsersErrors.PhoneInvalid, UsersErrors.UserExists,
            UsersErrors.EmailTaken, PlatformErrors.RateLimited);

    /// <summary>Comes before the handler, so that a call over the limit holds no connection, and before idempotency, so that repetitions count too.</summary>
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
        var email = caller.Email is { } proved ? EmailAddress.Of(proved) : (EmailAddress?)null;
        if ((caller.TelegramId is null && email is null)
            || (request.TelegramId ?? caller.TelegramId) != caller.TelegramId
            || (request.Email is { } typed && EmailAddress.Of(typed) != email))
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
        if (await Registered(caller.TelegramId, email, db, ct) is { } refusal)
        {
            return Problems.For(refusal);
        }

        var user = User.Register(
            caller.TelegramId,
            email,
            new Particulars(
                TypedText.Clean(request.FullName), phone, phoneVerified,
                TypedText.CleanOrNull(request.Username), TypedText.CleanOrNull(request.City), request.BirthDate, request.Language ?? User.Russian),
            new Consent(caller.Subject, clock.GetUtcNow(), consentText, caller.Actor ?? "api"));
        await Save(db, user, ct);

        outbox.Add(user.Registered(phoneSeenBefore: await SeenPhones.Keep(db, user, user.CreatedAt, ct)));
        await KeepHowHeCame(request, user, phone, db, outbox, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);

        return TypedResults.Created(user.TelegramId is { } telegramId ? $"/api/users/by-telegram/{telegramId}" : "/api/users/me", Profile.Of(user, user.CreatedAt));
    }

    /// <summary>Keeps anybody else from registering as the same person until the transaction ends.</summary>
    /// <returns>Null when nobody has so far.</returns>
    private static async Task<ErrorCode?> Registered(TelegramId? telegramId, EmailAddress? email, UsersDb db, CancellationToken ct)
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

    /// <summary>Gives him his id and his referral code, which is drawn anew when somebody has it.</summary>
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
            // Only this row is taken back: EF Core saves within a transaction behind a savepoint.
            catch (DbUpdateException clash) when (clash.InnerException is PostgresException { ConstraintName: People.ReferralCode.UniqueIndex })
            {
            }
        }
    }

    private static async Task KeepHowHeCame(Request request, User user, PhoneNumber phone, UsersDb db, Outbox outbox, CancellationToken ct)
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
