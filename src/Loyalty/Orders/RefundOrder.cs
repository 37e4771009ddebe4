using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Orders;

/// <summary>
/// Gives an order back, in whole or in part. The points that it earned go and those that it spent return, as much of them as of the
/// money, all in one round trip to <c>refund_order</c> and all or nothing. Points that are gone already become a debt.
/// </summary>
internal static class RefundOrder
{
    /// <param name="Amount">Roubles to give back, of what was paid after points.</param>
    /// <param name="Whole">True, instead of an amount, for all that is left.</param>
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

    /// <param name="Refunded">Roubles that this refund gives back.</param>
    /// <param name="RefundedTotal">Given back for this order so far, this refund included.</param>
    /// <param name="PointsTakenBack">Points that the order had earned and that went with this refund.</param>
    /// <param name="PointsReturned">Points that had paid a part of the order and came back with this refund.</param>
    /// <param name="PointsCorrected">Points that later orders had earned by a level that the guest holds no longer, and that went with this refund.</param>
    /// <param name="Balance">The guest's points after this refund.</param>
    /// <param name="Debt">Points that the guest owes after this refund; their next points pay them first.</param>
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
        .WithSummary("Gives an order back, in whole or in part, with its points")
        .WithExample(
            new Request(new Money(625)),
            new Response(new OrderId(17), new Money(625), new Money(625), new Points(6), Points.Zero, Points.Zero, new Points(6), Points.Zero, "standard"))
        .Refuses(
            LoyaltyErrors.OrderNotFound, LoyaltyErrors.OrderRefunded, LoyaltyErrors.GuestErased, LoyaltyErrors.UndoWindowOver, LoyaltyErrors.RefundTooLarge)
        .AcceptsIdempotencyKey();

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        OrderId id,
        Request request,
        Caller caller,
        [FromHeader(Name = Idempotency.Header)] string? idempotencyKey,
        HttpContext http,
        NpgsqlDataSource database,
        OutboxSignal outbox,
        IOptions<LoyaltyOptions> options,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        if (idempotencyKey is not null && !Idempotency.IsKey(idempotencyKey))
        {
            return Problems.For(PlatformErrors.IdempotencyKeyInvalid);
        }

        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        var outcome = await connection.QuerySingleAsync<Outcome>(new CommandDefinition(
            """
            select result, refunded, refunded_total, points_taken_back, points_returned, points_corrected, balance, debt, level_after, left_to_refund
            from refund_order(
                @orderId, @staffId, @amount, @undoWindow, @idempotencyKey, @requestHash, @now,
                @subject, @role, @actor, @address, @eventId, @traceparent)
            """,
            new
            {
                orderId = id.Value,
                staffId = staffId.Value,
                amount = request.Amount?.Roubles,
                undoWindow = caller.Role == Role.Admin ? (TimeSpan?)null : options.Value.UndoWindow,
                idempotencyKey,
                requestHash = RequestHash.Of(new { id, request = new { request.Amount } }),
                now,
                subject = caller.Subject,
                role = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{caller.Role}"),
                actor = caller.Actor,
                address = http.Connection.RemoteIpAddress?.ToString(),
                eventId = Guid.CreateVersion7(now),
                traceparent = Activity.Current?.Id,
            },
            cancellationToken: ct));

        switch (outcome.Result)
        {
            case "refunded":
                outbox.Committed();
                return Refunded(id, outcome);
            case "repeated":
                return Refunded(id, outcome);
            case "idempotency_key_reused":
                return Problems.For(PlatformErrors.IdempotencyKeyReused);
            case "order_not_found":
                return Problems.For(LoyaltyErrors.OrderNotFound);
            case "order_refunded":
                return Problems.For(LoyaltyErrors.OrderRefunded);
            case "guest_erased":
                return Problems.For(LoyaltyErrors.GuestErased);
            case "undo_window_over":
                return Problems.For(LoyaltyErrors.UndoWindowOver);
            case "refund_too_large":
                return Problems.For(LoyaltyErrors.RefundTooLarge, new Dictionary<string, object?> { ["left"] = new Money(outcome.LeftToRefund) });
            default:
                throw new UnreachableException($"refund_order answered '{outcome.Result}'.");
        }
    }

    private static Ok<Response> Refunded(OrderId id, Outcome refund) => TypedResults.Ok(new Response(
        id,
        new Money(refund.Refunded),
        new Money(refund.RefundedTotal),
        new Points(refund.PointsTakenBack),
        new Points(refund.PointsReturned),
        new Points(refund.PointsCorrected),
        new Points(refund.Balance),
        new Points(refund.Debt),
        refund.LevelAfter!));

    /// <summary>The row that <c>refund_order</c> returns; what a result does not fill stays at its default.</summary>
    private sealed record Outcome
    {
        public required string Result { get; init; }

        public decimal Refunded { get; init; }

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
