using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.People;

/// <summary>
/// The caller no longer agrees to his data being kept. There is no other ground to keep it on, so it is the same as
/// <see cref="EraseMe"/>, under the name by which the law knows it.
/// </summary>
internal static class WithdrawConsent
{
    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(WithdrawConsent))
        .WithSummary("Withdraws the caller's consent, and so erases him")
        .WithDescription("It cannot be undone: as DELETE /api/users/me. What stays is when he agreed to which text, and when and through what he withdrew it.")
        .WithExample(request: null, response: null)
        .Refuses(UsersErrors.UserNotFound);
}
