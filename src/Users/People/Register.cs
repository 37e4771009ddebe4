using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>A person becomes known to the platform, with his consent and a proof of who he is: the guest token.</summary>
internal static class Register
{
    /// <param name="Phone">With country code, in any usual spelling.</param>
    /// <param name="ConsentPersonalData">Nothing is stored unless this is true.</param>
    /// <param name="TelegramId">May be left out: the token says who registers.</param>
    /// <param name="Username">Name in Telegram, without @.</param>
    /// <param name="BirthDate">In the past, from 1900 on.</param>
    /// <param name="Language"><c>ru</c>, which is the default, or <c>en</c>.</param>
    public sealed record Request(
        [Required, StringLength(255), PlainText] string FullName,
        [Required, StringLength(32)] string Phone,
        bool ConsentPersonalData = false,
        TelegramId? TelegramId = null,
        [StringLength(255), PlainText, NotBlank] string? Username = null,
        [StringLength(100), PlainText, NotBlank] string? City = null,
        [BirthDate] DateOnly? BirthDate = null,
        [AllowedValues(null, User.Russian, User.English)] string? Language = null);

    private static readonly Request Example = new(
        "Анна Смирнова", "+7 (999) 123-45-67", ConsentPersonalData: true, Username: "anna_s", City: "Казань", BirthDate: new DateOnly(1994, 3, 12));

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(Register))
        .WithSummary("Registers the person that the token proves, with his consent")
        .WithExample(Example, Profile.Example)
        .Refuses(
            UsersErrors.ProofRequired, UsersErrors.ConsentRequired, UsersErrors.PhoneInvalid, UsersErrors.UserExists, PlatformErrors.RateLimited);

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
        if (caller.TelegramId is not { } telegramId || (request.TelegramId ?? telegramId) != telegramId)
        {
            return Problems.For(UsersErrors.ProofRequired);
        }

        if (!request.ConsentPersonalData)
        {
            return Problems.For(UsersErrors.ConsentRequired);
        }

        if (!PhoneNumber.TryParse(request.Phone, out var phone))
        {
            return Problems.For(UsersErrors.PhoneInvalid);
        }

        await using var transaction = await db.Join(ct);
        // One registration of a Telegram account at a time; the unique index would say the same as an error.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('users.register', {telegramId.Value}))", ct);
        if (await db.Users.AnyAsync(registered => registered.TelegramId == telegramId, ct))
        {
            return Problems.For(UsersErrors.UserExists);
        }

        var user = User.Register(
            telegramId,
            new Particulars(request.FullName.Trim(), phone, request.Username?.Trim(), request.City?.Trim(), request.BirthDate, request.Language ?? User.Russian),
            new Consent(caller.Subject, clock.GetUtcNow(), options.Value.ConsentText, caller.Actor ?? "api"));
        db.Users.Add(user);
        await db.SaveChangesAsync(ct);   // gives him his id

        outbox.Add(user.Registered(phoneSeenBefore: await SeenBefore(db, phone, user, ct)));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);

        return TypedResults.Created($"/api/users/by-telegram/{telegramId}", Profile.Of(user));
    }

    // Of two people registering with one number at once the second waits here for the first, and is told of him if he commits.
    private static async Task<bool> SeenBefore(UsersDb db, PhoneNumber phone, User user, CancellationToken ct)
    {
        var remembered = await db.Database.ExecuteSqlAsync(
            $"insert into seen_phones (phone, user_id, seen_at) values ({phone.E164}, {user.Id.Value}, {user.CreatedAt}) on conflict (phone) do nothing", ct);
        return remembered == 0;
    }
}
