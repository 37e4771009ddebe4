using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Adjustments;

/// <summary>
/// Adds points to an account by hand, or takes them. Only owners take points; all others give no more in a day than the settings allow.
/// </summary>
internal static class AdjustPoints
{
    /// <param name="Points">Added to the account; negative to take them.</param>
    /// <param name="Reason">The guest reads it as the reason of the change.</param>
    public sealed record Request(
        [Range(typeof(Points), "-1000000", "1000000")] Points Points,
        [Required, StringLength(200), NotBlank, PlainText] string Reason) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Points == Points.Zero)
            {
                yield return new ValidationResult("Send the points to add, or a negative number to take them.", [nameof(Points)]);
            }
        }
    }

    /// <param name="Balance">The guest's points after this.</param>
    /// <param name="Debt">Points that the guest still owes; points that are added pay them first.</param>
    public sealed record Response(PointEntryId EntryId, Points Balance, Points Debt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Adds points to a guest's account by hand, or takes them")
        .WithDescription("Baristas and shift managers only add points, up to the daily limit in the settings. Owners add and take any number.")
        .WithExample(
            new Request(new Points(50), "Долго ждали заказ"),
            new Response(new PointEntryId(311), new Points(62), Points.Zero))
        .Refuses(
            LoyaltyErrors.AccountNotFound, LoyaltyErrors.AccountOwn, LoyaltyErrors.GuestErased, LoyaltyErrors.NotEnoughPoints,
            LoyaltyErrors.ManualLimitReached)
        .AcceptsIdempotencyKey();

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        UserId userId,
        Request request,
        Caller caller,
        IdempotencyKey key,
        HttpContext http,
        NpgsqlDataSource database,
        OutboxSignal outbox,
        BusinessClock wall,
        TimeProvider clock,
        CancellationToken ct)
    {
        var isOwner = caller.StaffRole >= StaffRole.Owner;
        if (caller.StaffId is not { } staffId || (request.Points < Points.Zero && !isOwner))
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        var (now, reason) = (clock.GetUtcNow(), request.Reason.Trim());
        await using var connection = await database.OpenConnectionAsync(ct);
        var adjusted = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            """
            select outcome::text as outcome_text, entry_id, balance, debt, points_left
            from adjust_points(
                @userId, @staffId, @ownUserId, @points, @reason, @limited, @dayStart, @idempotencyKey, @requestHash, @now,
                @subject, @role, @actor, @address, @traceId, @eventId, @traceparent)
            """,
            new
            {
                userId = userId.Value,
                staffId = staffId.Value,
                ownUserId = caller.UserId?.Value,
                points = request.Points.Value,
                reason,
                limited = !isOwner,
                dayStart = wall.At(LocalDate.FromDateOnly(wall.DayOf(now)).AtMidnight()),
                idempotencyKey = key.Value,
                requestHash = key.HashOf(new { userId, request.Points, reason }),
                now,
                subject = caller.Subject,
                role = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{caller.Role}"),
                actor = caller.Actor,
                address = http.Connection.RemoteIpAddress?.ToString(),
                traceId = Activity.Current?.TraceId.ToHexString(),
                eventId = Guid.CreateVersion7(now),
                traceparent = Activity.Current?.Id,
            },
            cancellationToken: ct));

        switch (adjusted.Outcome)
        {
            case AdjustmentOutcome.Adjusted:
                outbox.Committed();
                return Adjusted(adjusted);
            case AdjustmentOutcome.Repeated:
                return Adjusted(adjusted);
            case AdjustmentOutcome.IdempotencyKeyReused:
                return Problems.For(PlatformErrors.IdempotencyKeyReused);
            case AdjustmentOutcome.AccountOwn:
                return Problems.For(LoyaltyErrors.AccountOwn);
            case AdjustmentOutcome.AccountNotFound:
                return Problems.For(LoyaltyErrors.AccountNotFound);
            case AdjustmentOutcome.GuestErased:
                return Problems.For(LoyaltyErrors.GuestErased);
            case AdjustmentOutcome.NotEnoughPoints:
                return Problems.For(LoyaltyErrors.NotEnoughPoints);
            case AdjustmentOutcome.ManualLimitReached:
                return Problems.For(LoyaltyErrors.ManualLimitReached, new Dictionary<string, object?> { ["pointsLeft"] = new Points(adjusted.PointsLeft) });
            default:
                throw new UnreachableException($"adjust_points answered {adjusted.Outcome}.");
        }
    }

    private static Ok<Response> Adjusted(Row adjusted) => TypedResults.Ok(new Response(
        new PointEntryId(adjusted.EntryId), new Points(adjusted.Balance), new Points(adjusted.Debt)));

    /// <summary>The row that <c>adjust_points</c> returns; fields that an outcome does not set keep their default.</summary>
    private sealed record Row
    {
        public required string OutcomeText { get; init; }

        public AdjustmentOutcome Outcome => EnumText.Parse<AdjustmentOutcome>(OutcomeText);

        public long EntryId { get; init; }

        public long Balance { get; init; }

        public long Debt { get; init; }

        public long PointsLeft { get; init; }
    }
}
