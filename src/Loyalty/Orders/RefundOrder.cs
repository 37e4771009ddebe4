using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Contracts.Users;
using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Time;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Orders;

/// <summary>
/// Refunds an order, in whole or in part. It takes back the points that the order earned and returns those that it spent, in the same share
/// as the money. All of it, or nothing, in one call of <c>refund_order.sql</c>. Points that the guest no longer has become a debt.
/// </summary>
internal static class RefundOrder
{
    /// <param name="Amount">Roubles to refund, out of what was paid after points.</param>
    /// <param name="Whole">True, in place of an amount, to refund all that is left.</param>
    public sealed record Request([Range(typeof(Money), "0.01", "1000000")] Money? Amount = null, bool? Whole = null) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Amount is null != Whole is true)
            {
                yield return new ValidationResult("Send either the amount to give back, or whole: true.", [nameof(Amount), nameof(Whole)]);
            }
        }
    }

    /// <param name="Refunded">Roubles that this refund returns.</param>
    /// <param name="RefundedTotal">Refunded for this order so far, including this refund.</param>
    /// <param name="PointsTakenBack">Points that the order earned, taken back by this refund.</param>
    /// <param name="PointsReturned">Points that paid a part of the order, returned by this refund.</param>
    /// <param name="PointsCorrected">Points that later orders earned by a level that the guest no longer has, taken back by this refund.</param>
    /// <param name="Balance">The guest's points after this refund.</param>
    /// <param name="Debt">Points that the guest owes after this refund; the next points they earn pay them first.</param>
    /// <param name="Level">The guest's level after this refund.</param>
    public sealed record Response(
        OrderId OrderId,
        Money Refunded,
        Money RefundedTotal,
        Points PointsTakenBack,
        Points PointsReturned,
        Points PointsCorrected,
        Points Balance,
        Points Debt,
        string Level);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Refunds an order, in whole or in part")
        .WithExample(
            new Request(new Money(625)),
            new Response(new OrderId(17), new Money(625), new Money(625), new Points(6), Points.Zero, Points.Zero, new Points(6), Points.Zero, "standard"))
        .Refuses(
            LoyaltyErrors.OrderNotFound, LoyaltyErrors.OrderRefunded, LoyaltyErrors.GuestErased, LoyaltyErrors.UndoWindowOver, LoyaltyErrors.RefundTooLarge,
            LoyaltyErrors.GiftOwn)
        .AcceptsIdempotencyKey();

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        OrderId id,
        Request request,
        Caller caller,
        IdempotencyKey key,
        HttpContext http,
        NpgsqlDataSource database,
        OutboxSignal outbox,
        IOptions<LoyaltyOptions> options,
        BusinessClock wall,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        var refund = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            """
            select outcome::text as outcome_text, amount, refunded_total, points_taken_back, points_returned, points_corrected, balance,
                debt, level_after, left_to_refund
            from refund_order(
                @orderId, @staffId, @amount, @undoWindow, @idempotencyKey, @requestHash, @now,
                @subject, @role, @actor, @address, @eventId, @traceparent, @anySince, @ownUserId)
            """,
            new
            {
                orderId = id.Value,
                staffId = staffId.Value,
                amount = request.Amount?.Roubles,
                undoWindow = caller.StaffRole >= StaffRole.Owner ? (TimeSpan?)null : options.Value.UndoWindow,
                anySince = caller.StaffRole >= StaffRole.Manager ? wall.At(wall.Local(now).Date.AtMidnight()) : (DateTimeOffset?)null,
                ownUserId = caller.UserId?.Value,
                idempotencyKey = key.Value,
                requestHash = key.HashOf(new { id, request = new { request.Amount } }),
                now,
                subject = caller.Subject,
                role = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{caller.Role}"),
                actor = caller.Actor,
                address = http.Connection.RemoteIpAddress?.ToString(),
                eventId = Guid.CreateVersion7(now),
                traceparent = Activity.Current?.Id,
            },
            cancellationToken: ct));

        switch (refund.Outcome)
        {
            case RefundOutcome.Refunded:
                outbox.Committed();
                return Refunded(id, refund);
            case RefundOutcome.Repeated:
                return Refunded(id, refund);
            case RefundOutcome.IdempotencyKeyReused:
                return Problems.For(PlatformErrors.IdempotencyKeyReused);
            case RefundOutcome.OrderNotFound:
                return Problems.For(LoyaltyErrors.OrderNotFound);
            case RefundOutcome.OrderRefunded:
                return Problems.For(LoyaltyErrors.OrderRefunded);
            case RefundOutcome.GuestErased:
                return Problems.For(LoyaltyErrors.GuestErased);
            case RefundOutcome.UndoWindowOver:
                return Problems.For(LoyaltyErrors.UndoWindowOver);
            case RefundOutcome.AccountOwn:
                return Problems.For(LoyaltyErrors.GiftOwn);
            case RefundOutcome.RefundTooLarge:
                return Problems.For(LoyaltyErrors.RefundTooLarge, new Dictionary<string, object?> { ["left"] = new Money(refund.LeftToRefund) });
            default:
                throw new UnreachableException($"refund_order answered {refund.Outcome}.");
        }
    }

    private static Ok<Response> Refunded(OrderId id, Row refund) => TypedResults.Ok(new Response(
        id,
        new Money(refund.Amount),
        new Money(refund.RefundedTotal),
        new Points(refund.PointsTakenBack),
        new Points(refund.PointsReturned),
        new Points(refund.PointsCorrected),
        new Points(refund.Balance),
        new Points(refund.Debt),
        refund.LevelAfter!));

    /// <summary>The row that <c>refund_order</c> returns; fields that an outcome does not set keep their default.</summary>
    private sealed record Row
    {
        public required string OutcomeText { get; init; }

        public RefundOutcome Outcome => EnumText.Parse<RefundOutcome>(OutcomeText);

        public decimal Amount { get; init; }

        public decimal RefundedTotal { get; init; }

        public long PointsTakenBack { get; init; }

        public long PointsReturned { get; init; }

        public long PointsCorrected { get; init; }

        public long Balance { get; init; }

        public long Debt { get; init; }

        public string? LevelAfter { get; init; }

        public decimal LeftToRefund { get; init; }
    }
}
