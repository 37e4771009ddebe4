using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Users.Activity;
using Platform.Users.SignIn;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Everything that this service stores about the caller. The gateway combines it with the exports of the other services.</summary>
internal static class ExportMyData
{
    /// <param name="Profile">Null for staff who are not registered as guests: only their staff record is stored.</param>
    /// <param name="Phones">Every phone number that they have or had, stored to prevent second start bonuses.</param>
    /// <param name="Acquisition">How they found the platform; null when not given.</param>
    /// <param name="Activity">What they did on which days, oldest first.</param>
    /// <param name="Premium">Each period of premium that they were given, oldest first.</param>
    /// <param name="SignIns">By bots, from the Mini App and by e-mail, newest first; deleted after 30 days.</param>
    public sealed record Response(
        Profile? Profile, GivenConsent? Consent, IReadOnlyList<string> Phones, CameBy? Acquisition, IReadOnlyList<ActiveDay> Activity,
        IReadOnlyList<PremiumPeriod> Premium, IReadOnlyList<SignedIn> SignIns);

    /// <param name="By">Who gave it, as identified then.</param>
    /// <param name="Text">Version of the text that they were shown.</param>
    /// <param name="Through">The bot, or <c>api</c>.</param>
    public sealed record GivenConsent(string By, DateTimeOffset At, string Text, string Through);

    public sealed record CameBy(string? Channel, UserId? ReferredBy, Utm? Utm);

    /// <param name="Spent">Roubles paid for orders, less refunds made on this day.</param>
    public sealed record ActiveDay(DateOnly Day, ActivityKind Kind, int Count, Money Spent);

    /// <param name="PaymentId">The payment for it; null for a gift.</param>
    public sealed record PremiumPeriod(DateTimeOffset From, DateTimeOffset Until, PaymentId? PaymentId);

    public sealed record SignedIn(DateTimeOffset At, DateTimeOffset? RevokedAt);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(ExportMyData))
        .WithSummary("Everything that this service stores about the caller")
        .WithExample(request: null, new Response(
            Profile.Example, new GivenConsent("telegram:1001", At, "2026-11", "client-bot"), ["+79991234567"],
            new CameBy("instagram", new UserId(3), Utm.Example),
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
            .Select(channel => new CameBy(channel.Channel, channel.ReferralUserId, Utm.From(channel)))
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
        var signIns = await TokenFamily.FindSignIns(user, db)
            .OrderByDescending(family => family.CreatedAt)
            .Select(family => new SignedIn(family.CreatedAt, family.RevokedAt))
            .ToListAsync(ct);
        var consent = user is { ConsentPersonalData: true, ConsentBy: { } by, ConsentAt: { } at, ConsentText: { } text, ConsentThrough: { } through }
            ? new GivenConsent(by, at, text, through)
            : null;
        return TypedResults.Ok(new Response(
            Profile.From(user, clock.GetUtcNow()), consent, await SeenPhones.All(db, user, ct), acquisition, activity, premium, signIns));
    }
}
