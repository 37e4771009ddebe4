using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Users.Activity;
using Platform.Users.SignIn;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Everything that this service holds of the caller. The gateway gathers it with what the others hold.</summary>
internal static class ExportMyData
{
    /// <param name="Profile">Null for staff who are no guests themselves: of them nothing is held but that they work here.</param>
    /// <param name="Phones">Every number that he has or had, by which nobody gets a second start bonus.</param>
    /// <param name="Acquisition">How he came; null when he did not say.</param>
    /// <param name="Activity">On which days he did what, the first first.</param>
    /// <param name="Premium">Each stretch of premium that he was given, the first first.</param>
    /// <param name="SignIns">By bots, from the Mini App and by e-mail, the last first; those of more than 30 days ago are forgotten.</param>
    public sealed record Response(
        Profile? Profile, GivenConsent? Consent, IReadOnlyList<string> Phones, CameBy? Acquisition, IReadOnlyList<ActiveDay> Activity,
        IReadOnlyList<PremiumPeriod> Premium, IReadOnlyList<SignedIn> SignIns);

    /// <param name="By">Who gave it, as he was known then.</param>
    /// <param name="Text">Version of the text that he was shown.</param>
    /// <param name="Through">The bot, or <c>api</c>.</param>
    public sealed record GivenConsent(string By, DateTimeOffset At, string Text, string Through);

    public sealed record CameBy(string? Channel, UserId? ReferredBy, Utm? Utm);

    /// <param name="Count">How often.</param>
    /// <param name="Spent">Roubles paid for orders, less what was given back on this day.</param>
    public sealed record ActiveDay(DateOnly Day, ActivityKind Kind, int Count, Money Spent);

    /// <param name="PaymentId">What he paid for it with; null for what was given to him.</param>
    public sealed record PremiumPeriod(DateTimeOffset From, DateTimeOffset Until, PaymentId? PaymentId);

    public sealed record SignedIn(DateTimeOffset At, DateTimeOffset? RevokedAt);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(ExportMyData))
        .WithSummary("Everything that is stored here of the caller")
        .WithExample(request: null, new Response(
            Profile.Example, new GivenConsent("telegram:1001", At, "2026-11", "client-bot"), ["+79991234567"], new CameBy("instagram", new UserId(3), Utm.Example),
            [new(new DateOnly(2026, 1, 15), ActivityKind.Order, Count: 1, new Money(350))],
            [new(At, At.AddMonths(1), new PaymentId(12))], [new(At, RevokedAt: null)]));

    private static readonly DateTimeOffset At = new(2026, 1, 15, 9, 30, 0, TimeSpan.Zero);

    public static async Task<Ok<Response>> Handle(Caller caller, UsersDb db, TimeProvider clock, CancellationToken ct)
    {
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == caller.UserId, ct) is not { } user)
        {
            return TypedResults.Ok(new Response(null, null, [], null, [], [], []));
        }

        var acquisition = await db.AcquisitionChannels
            .Where(channel => channel.UserId == user.Id)
            .Select(channel => new CameBy(channel.Channel, channel.ReferralUserId, Utm.Of(channel)))
            .SingleOrDefaultAsync(ct);
        var activity = await db.ActivityDays
            .Where(day => day.UserId == user.Id)
            .OrderBy(day => day.Day).ThenBy(day => day.Kind)
            .Select(day => new ActiveDay(day.Day, day.Kind, day.Count, day.Spent))
            .ToListAsync(ct);
        var premium = await db.MembershipPeriods
            .Where(period => period.UserId == user.Id)
            .OrderBy(period => period.Id)
            .Select(period => new PremiumPeriod(period.ValidFrom, period.ValidUntil, period.PaymentId))
            .ToListAsync(ct);
        var signIns = await TokenFamily.SignInsOf(user, db)
            .OrderByDescending(family => family.CreatedAt)
            .Select(family => new SignedIn(family.CreatedAt, family.RevokedAt))
            .ToListAsync(ct);
        var consent = user is { ConsentPersonalData: true, ConsentBy: { } by, ConsentAt: { } at, ConsentText: { } text, ConsentThrough: { } through }
            ? new GivenConsent(by, at, text, through)
            : null;
        return TypedResults.Ok(new Response(
            Profile.Of(user, clock.GetUtcNow()), consent, await SeenPhones.Of(db, user, ct), acquisition, activity, premium, signIns));
    }
}
