using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Feedback;

internal static class SendReview
{
    /// <param name="OrderId">One of the caller's orders. Rating it again replaces the review.</param>
    public sealed record Request(
        [Range(1, 10)] int Rating,
        [StringLength(FeedbackInbox.MaxText, MinimumLength = 1), NotBlank, FeedbackText] string? Text = null,
        OrderId? OrderId = null);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Rates the business, or one of the caller's orders, from 1 to 10")
        .WithExample(new Request(9, "Кофе отличный, но музыка громкая", new OrderId(17)), FeedbackSent.Example)
        .Refuses(
            LoyaltyErrors.AccountOpening, LoyaltyErrors.AccountNotFound, LoyaltyErrors.GuestErased, LoyaltyErrors.OrderNotFound, PlatformErrors.RateLimited);

    public static Task<Results<Created<FeedbackSent>, ProblemHttpResult>> Handle(Request request, Caller caller, FeedbackInbox inbox, CancellationToken ct) =>
        inbox.Store(caller, FeedbackKind.Review, request.Rating, request.Text, request.OrderId, ct);
}
