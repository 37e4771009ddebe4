using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Features;
using Platform.ServiceDefaults.Web;
using Platform.Users.People;
using Platform.Users.Storage;

namespace Platform.Users.Membership;

/// <summary>The caller's member card, as data and as a picture. The first call issues the card number.</summary>
internal static class GetCard
{
    /// <param name="Type">Now: premium that has ended counts as free.</param>
    /// <param name="Expires">When premium ends or ended; null if they never had it.</param>
    /// <param name="Token">Content of the QR code; null while QR codes are switched off.</param>
    /// <param name="Link">The token as a link that opens the staff's bot; null until that bot is connected.</param>
    /// <param name="RefreshAt">When to refresh the code; it is accepted for one more minute.</param>
    /// <param name="Image">Path of the picture of the QR code.</param>
    public sealed record Response(
        MemberId MemberId, string FullName, MembershipType Type, DateTimeOffset? Expires, string? Token, string? Link,
        DateTimeOffset? RefreshAt, string? Image);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(GetCard))
        .WithSummary("The caller's member card")
        .WithExample(request: null, new Response(
            MemberCard.ExampleId, "Анна Смирнова", MembershipType.Premium, new DateTimeOffset(2026, 2, 15, 9, 30, 0, TimeSpan.Zero),
            "MNT-7KQ2M9X7-29391270-2Jv0bq1vWf0m7XcGJ3o1xQ", "https://t.me/coffee_counter_bot?start=MNT-7KQ2M9X7-29391270-2Jv0bq1vWf0m7XcGJ3o1xQ",
            new DateTimeOffset(2026, 1, 15, 9, 31, 0, TimeSpan.Zero), MemberCard.ImagePath))
        .Refuses(UsersErrors.UserNotFound);

    internal static void DescribePng(RouteHandlerBuilder endpoint) => endpoint
        .WithName("GetCardPng")
        .WithSummary("The QR code of the caller's member card, as PNG")
        .WithExample(request: null, response: null)
        .Refuses(UsersErrors.UserNotFound, PlatformErrors.FeatureOff);

    internal static void DescribeSvg(RouteHandlerBuilder endpoint) => endpoint
        .WithName("GetCardSvg")
        .WithSummary("The QR code of the caller's member card, as SVG")
        .WithExample(request: null, response: null)
        .Refuses(UsersErrors.UserNotFound, PlatformErrors.FeatureOff);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Caller caller, UsersDb db, UserUpdates updates, CardTokens tokens, HttpContext http, TimeProvider clock, CancellationToken ct)
    {
        if (await GetOwner(caller, db, updates, clock, ct) is not { } user)
        {
            return Problems.For(UsersErrors.UserNotFound);
        }

        DisableCaching(http);
        var membership = MembershipView.From(user, clock.GetUtcNow());
        var card = new Response(user.MemberId!.Value, user.FullName, membership.Type, membership.Expires, Token: null, Link: null,
            RefreshAt: null, Image: null);
        if (!await FeatureSwitches.IsOn(db, Features.Qr, ct))
        {
            return TypedResults.Ok(card);
        }

        var (token, refreshAt) = tokens.Issue(card.MemberId);
        return TypedResults.Ok(card with { Token = token, Link = await StaffBot.LinkTo(db, token, ct), RefreshAt = refreshAt, Image = user.QrCodePath });
    }

    public static Task<Results<FileContentHttpResult, ProblemHttpResult>> HandlePng(
        Caller caller, UsersDb db, UserUpdates updates, CardTokens tokens, HttpContext http, TimeProvider clock, CancellationToken ct) =>
        Render(content => TypedResults.Bytes(MemberCard.Png(content), "image/png"), caller, db, updates, tokens, http, clock, ct);

    public static Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleSvg(
        Caller caller, UsersDb db, UserUpdates updates, CardTokens tokens, HttpContext http, TimeProvider clock, CancellationToken ct) =>
        Render(content => TypedResults.Bytes(System.Text.Encoding.UTF8.GetBytes(MemberCard.Svg(content)), "image/svg+xml"), caller, db, updates,
            tokens, http, clock, ct);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Render(
        Func<string, FileContentHttpResult> draw,
        Caller caller, UsersDb db, UserUpdates updates, CardTokens tokens, HttpContext http, TimeProvider clock, CancellationToken ct)
    {
        if (!await FeatureSwitches.IsOn(db, Features.Qr, ct))
        {
            return Problems.For(PlatformErrors.FeatureOff);
        }

        if (await GetOwner(caller, db, updates, clock, ct) is not { } user)
        {
            return Problems.For(UsersErrors.UserNotFound);
        }

        DisableCaching(http);
        var (token, _) = tokens.Issue(user.MemberId!.Value);
        return draw(await StaffBot.LinkTo(db, token, ct) ?? token);
    }

    // A cached QR code would be a stale one.
    private static void DisableCaching(HttpContext http) => http.Response.Headers.CacheControl = "no-store";

    /// <returns>The caller, with a card number; null for staff who are not registered as guests.</returns>
    private static async Task<User?> GetOwner(Caller caller, UsersDb db, UserUpdates updates, TimeProvider clock, CancellationToken ct)
    {
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == caller.UserId, ct);
        if (user is null or { MemberId: not null })
        {
            return user;
        }

        await using var transaction = await db.Join(ct);
        if (await db.LockUser(user.Id, ct) is not { } locked)
        {
            return null;
        }

        if (locked.MemberId is null)
        {
            await MemberIds.Issue(db, locked, clock.GetUtcNow(), ct);
            await updates.Publish(locked, ct);
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return locked;
    }
}
