using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Loyalty;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Feedback;

internal static class SendIdea
{
    public sealed record Request([Required, StringLength(FeedbackInbox.MaxText, MinimumLength = 1), NotBlank, FeedbackText] string Text);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Sends an idea to the management")
        .WithExample(new Request("Овсяное молоко без доплаты"), FeedbackSent.Example)
        .Refuses(LoyaltyErrors.AccountOpening, LoyaltyErrors.AccountNotFound, LoyaltyErrors.GuestErased, PlatformErrors.RateLimited);

    public static Task<Results<Created<FeedbackSent>, ProblemHttpResult>> Handle(Request request, Caller caller, FeedbackInbox inbox, CancellationToken ct) =>
        inbox.Store(caller, FeedbackKind.Idea, rating: null, request.Text, orderId: null, ct);
}
