using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using NodaTime;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Loyalty.Guests;
using Platform.Loyalty.Orders;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Gifts;

/// <summary>A gift that a member of staff gives by hand, in one call of <c>issue_gift.sql</c>.</summary>
internal static class IssueGift
{
    /// <summary>The guest: exactly one of <paramref name="UserId"/>, <paramref name="MemberId"/> and <paramref name="Code"/>.</summary>
    /// <param name="MemberId">Number of the member card.</param>
    /// <param name="Code">The guest's payment code, which stays valid.</param>
    /// <param name="Title">What the guest gets.</param>
    /// <param name="Reason">One of <c>birthday</c>, <c>level</c>, <c>manual</c>, <c>campaign</c> and <c>referral</c>, or a note for the list of
    /// gifts; the gift is then <c>manual</c>, as without a reason.</param>
    /// <param name="ValidDays">Days until it expires, counted from today; it does not expire by default.</param>
    public sealed record Request(
        UserId? UserId,
        [StringLength(CardNumber.LongestTyped), PlainText] string? MemberId,
        [RegularExpression("^[0-9]{6}$", ErrorMessage = "A code is six digits.")] string? Code,
        [Required, StringLength(Gift.LongestTitle), PlainText, NotBlank] string Title,
        [StringLength(Gift.LongestNote), PlainText, NotBlank] string? Reason,
        [Range(1, 3660)] int? ValidDays) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (((object?[])[UserId, MemberId, Code]).Count(given => given is not null) != 1)
            {
                yield return new ValidationResult("Send one of userId, memberId and code.", [nameof(UserId), nameof(MemberId), nameof(Code)]);
            }
        }
    }

    /// <param name="Name">First name and last initial.</param>
    /// <param name="ExpiresAt">Null for a gift without an end.</param>
    public sealed record Response(GiftId GiftId, UserId UserId, string? Name, string Title, GiftReason Reason, DateTimeOffset? ExpiresAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Gives a guest a gift")
        .WithDescription("The guest is found by id, member card or payment code. A barista gives as many gifts a day as the settings allow.")
        .WithExample(
            new Request(new UserId(5), MemberId: null, Code: null, "Капучино", "Долго ждали заказ", ValidDays: 14),
            new Response(
                new GiftId(31), new UserId(5), Guest.Example.Name, "Капучино", GiftReason.Manual,
                new DateTimeOffset(2026, 1, 29, 20, 59, 59, TimeSpan.Zero)))
        .Refuses(
            LoyaltyErrors.GuestNotFound, LoyaltyErrors.GiftOwn, LoyaltyErrors.ManualLimitReached, LoyaltyErrors.CodeUnknown, LoyaltyErrors.CodeExpired,
            LoyaltyErrors.CodeReplaced, LoyaltyErrors.CodeUsed, LoyaltyErrors.CodeOwn, LoyaltyErrors.TooManyWrongCodes)
        .AcceptsIdempotencyKey();

    public static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Request request,
        Caller caller,
        IdempotencyKey key,
        HttpContext http,
        NpgsqlDataSource database,
        OutboxSignal outbox,
        BusinessClock wall,
        IOptions<LoyaltyOptions> options,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        var now = clock.GetUtcNow();
        var reason = CategoryOf(request.Reason);
        await using var connection = await database.OpenConnectionAsync(ct);
        var issued = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            """
            select given.outcome::text as outcome_text, given.code_refusal::text as code_refusal_text, given.gift_id, given.user_id,
                guest_names.full_name, given.title, given.reason as reason_text, given.expires_at, given.retry_after
            from issue_gift(
                @staffId, @ownUserId, @userId, @memberId, @code, @title, @reason, @note, @expiresAt, @dayStart, @isLimited,
                @idempotencyKey, @requestHash, @now, @wrongCodesLimit, @wrongCodesWindow, @numberRest,
                @subject, @role, @actor, @address, @eventId, @traceparent) given
                left join guest_names using (user_id)
            """,
            new
            {
                staffId = staffId.Value,
                ownUserId = caller.UserId?.Value,
                userId = request.UserId?.Value,
                memberId = CardNumber.Read(request.MemberId),
                code = request.Code,
                title = request.Title,
                reason = EnumText.Of(reason ?? GiftReason.Manual),
                note = reason is null ? request.Reason : null,
                expiresAt = request.ValidDays is { } days ? GiftIssue.ValidUntil(wall, now, days) : (DateTimeOffset?)null,
                dayStart = wall.At(LocalDate.FromDateOnly(wall.DayOf(now)).AtMidnight()),
                isLimited = !(caller.StaffRole >= StaffRole.Manager),
                idempotencyKey = key.Value,
                requestHash = key.HashOf(request),
                now,
                wrongCodesLimit = options.Value.WrongCodesPerMinute,
                wrongCodesWindow = LoyaltyOptions.WrongCodesWindow,
                numberRest = options.Value.CodeNumberRest,
                subject = caller.Subject,
                role = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{caller.Role}"),
                actor = caller.Actor,
                address = http.Connection.RemoteIpAddress?.ToString(),
                eventId = Guid.CreateVersion7(now),
                traceparent = Activity.Current?.Id,
            },
            cancellationToken: ct));

        switch (issued.Outcome)
        {
            case GiftOutcome.Issued:
                outbox.Committed();
                return Issued(issued);
            case GiftOutcome.Repeated:
                return Issued(issued);
            case GiftOutcome.IdempotencyKeyReused:
                return Problems.For(PlatformErrors.IdempotencyKeyReused);
            case GiftOutcome.CodeRefused:
                return CounterRefusal.Of(EnumText.Parse<CounterOutcome>(issued.CodeRefusalText!), issued.RetryAfter);
            case GiftOutcome.GuestNotFound:
                return Problems.For(LoyaltyErrors.GuestNotFound);
            case GiftOutcome.GiftOwn:
                return Problems.For(LoyaltyErrors.GiftOwn);
            case GiftOutcome.ManualLimitReached:
                return Problems.For(LoyaltyErrors.ManualLimitReached);
            default:
                throw new UnreachableException($"issue_gift answered {issued.Outcome}.");
        }
    }

    /// <returns>Null for a note. Only points buy a reward.</returns>
    private static GiftReason? CategoryOf(string? reason) => reason?.ToLowerInvariant() switch
    {
        "birthday" => GiftReason.Birthday,
        "level" => GiftReason.Level,
        "manual" => GiftReason.Manual,
        "campaign" => GiftReason.Campaign,
        "referral" => GiftReason.Referral,
        _ => null,
    };

    private static Created<Response> Issued(Row gift) => TypedResults.Created((string?)null, new Response(
        new GiftId(gift.GiftId), new UserId(gift.UserId), Guest.Of(new UserId(gift.UserId), gift.FullName).Name, gift.Title!,
        EnumText.Parse<GiftReason>(gift.ReasonText!), gift.ExpiresAt));

    /// <summary>The row that <c>issue_gift</c> returns; fields that an outcome does not set keep their default.</summary>
    private sealed record Row
    {
        public required string OutcomeText { get; init; }

        public GiftOutcome Outcome => EnumText.Parse<GiftOutcome>(OutcomeText);

        public string? CodeRefusalText { get; init; }

        public long GiftId { get; init; }

        public long UserId { get; init; }

        public string? FullName { get; init; }

        public string? Title { get; init; }

        public string? ReasonText { get; init; }

        public DateTimeOffset? ExpiresAt { get; init; }

        public int RetryAfter { get; init; }
    }
}
