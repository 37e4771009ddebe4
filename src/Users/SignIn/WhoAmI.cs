using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;

namespace Platform.Users.SignIn;

/// <summary>Who the caller is according to their token; nothing is looked up.</summary>
internal static class WhoAmI
{
    /// <param name="UserId">Null when the caller is not registered.</param>
    /// <param name="StaffId">Null when the caller is not staff, or their bot may not act for staff.</param>
    /// <param name="StaffRole">What the caller may do as staff; admins are owners. Null when <paramref name="StaffId"/> is.</param>
    /// <param name="Broadcast">Whether the caller may write to all guests at once.</param>
    /// <param name="Actor">Name of the bot that acts for the caller, if any.</param>
    /// <param name="Email">Address of a guest who proved it and may register with it; null for everyone else.</param>
    public sealed record Response(
        Role Role, UserId? UserId, TelegramId? TelegramId, StaffId? StaffId, StaffRole? StaffRole, bool Broadcast, string? Actor, string? Email);

    private static readonly Response Example = new(
        Role.Client, new UserId(5), new TelegramId(1001), null, null, Broadcast: false, ApplyAccountSettings.ClientBot, null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(WhoAmI))
        .WithSummary("Who the access token says the caller is")
        .WithExample(request: null, Example);

    public static Ok<Response> Handle(Caller caller) =>
        TypedResults.Ok(new Response(
            caller.Role, caller.UserId, caller.TelegramId, caller.StaffId, caller.StaffRole, caller.MayBroadcast, caller.Actor, caller.Email));
}
