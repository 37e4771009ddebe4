using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.People;

/// <summary>Without consent there is no legal ground to store the data, so this is <see cref="EraseMe"/> under the name that the law uses.</summary>
internal static class WithdrawConsent
{
    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(WithdrawConsent))
        .WithSummary("Withdraws the caller's consent, which erases them")
        .WithDescription("This cannot be undone and does the same as DELETE /api/users/me. Only the dates, the version of the text and how consent was withdrawn stay stored.")
        .WithExample(request: null, response: null)
        .Refuses(UsersErrors.UserNotFound);
}
