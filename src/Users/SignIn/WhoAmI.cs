using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.SignIn;

/// <summary>Who the caller is, by his token alone: nothing is looked up.</summary>
internal static class WhoAmI
{
    /// <param name="UserId">Null for whoever is not registered.</param>
    /// <param name="StaffId">Null for whoever is not of the staff, or whose bot may not act for the staff.</param>
    /// <param name="Actor">Name of the bot that acts for him, if one does.</param>
    /// <param name="Email">Of a guest who signed in by it and may register with it; null for everybody else.</param>
    public sealed record Response(Role Role, UserId? UserId, TelegramId? TelegramId, StaffId? StaffId, string? Actor, string? Email);

    private static readonly Response Example = new(Role.Client, new UserId(5), new TelegramId(1001), null, AccountsFromSettings.ClientBot, null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(WhoAmI))
        .WithSummary("Who the access token says the caller is")
        .WithExample(request: null, Example);

    public static Ok<Response> Handle(Caller caller) =>
        TypedResults.Ok(new Response(caller.Role, caller.UserId, caller.TelegramId, caller.StaffId, caller.Actor, caller.Email));
}
