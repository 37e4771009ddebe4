using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Database;
using Platform.Loyalty.Accounts;
using Platform.Loyalty.Gifts;
using Platform.Loyalty.Orders;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Guests;

/// <summary>Finds the guest at the counter: by payment code, member card, the last four digits of the phone, or by id once found.</summary>
internal static class FindGuests
{
    private const int Most = 10;

    private static readonly TimeSpan PhoneWindow = TimeSpan.FromMinutes(1);

    public sealed record Response(IReadOnlyList<Item> Items);

    /// <param name="Name">First name and last initial, such as <c>Анна С.</c>; null while it is unknown.</param>
    /// <param name="Debt">Points owed after a refund.</param>
    /// <param name="Gifts">How many gifts can be redeemed now.</param>
    public sealed record Item(UserId UserId, string? Name, string Level, Points Points, Points Debt, int Gifts);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Finds a guest by payment code, member card or the last four digits of the phone")
        .WithDescription(
            "Send one of `code`, `memberId`, `phoneLast4` and `userId`. A code stays valid. Several guests may have the same four digits: at most ten are "
            + "answered, those who ordered last first. Wrong codes and searches by phone are limited for each member of the staff.")
        .WithExample(request: null, new Response([new(Guest.Example.UserId, Guest.Example.Name, "silver", new Points(120), Points.Zero, Gifts: 1)]))
        .Refuses(
            LoyaltyErrors.CodeUnknown, LoyaltyErrors.CodeExpired, LoyaltyErrors.CodeReplaced, LoyaltyErrors.CodeUsed, LoyaltyErrors.CodeOwn,
            LoyaltyErrors.TooManyWrongCodes, PlatformErrors.RateLimited);

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Caller caller,
        LoyaltyDb db,
        NpgsqlDataSource database,
        RateLimits limits,
        IOptions<LoyaltyOptions> options,
        TimeProvider clock,
        CancellationToken ct,
        [RegularExpression("^[0-9]{6}$", ErrorMessage = "A code is six digits.")] string? code = null,
        [StringLength(CardNumber.LongestTyped), PlainText] string? memberId = null,
        [RegularExpression("^[0-9]{4}$", ErrorMessage = "Send the last four digits.")] string? phoneLast4 = null,
        UserId? userId = null)
    {
        if (caller.StaffId is not { } staffId)
        {
            return Problems.For(PlatformErrors.Forbidden);
        }

        var now = clock.GetUtcNow();
        switch (code, memberId, phoneLast4, userId)
        {
            case ({ } digits, null, null, null):
                var held = await LookUp(digits, staffId, caller.UserId, database, options.Value, now, ct);
                return held.Outcome == CounterOutcome.Live
                    ? TypedResults.Ok(await Find(db, guest => guest.UserId == new UserId(held.UserId), now, ct))
                    : CounterRefusal.Of(held.Outcome, held.RetryAfter);

            case (null, { } card, null, null):
                var number = CardNumber.Read(card);
                return TypedResults.Ok(await Find(db, guest => guest.MemberId == number, now, ct));

            case (null, null, { } last4, null):
                return await limits.Take("guest_searches", caller.Subject, options.Value.PhoneSearchesPerMinute, PhoneWindow, ct) is { } refusal
                    ? refusal
                    : TypedResults.Ok(await Find(db, guest => guest.PhoneLast4 == last4, now, ct));

            case (null, null, null, { } id):
                return TypedResults.Ok(await Find(db, guest => guest.UserId == id, now, ct));

            default:
                const string One = "Send one of code, memberId, phoneLast4 and userId.";
                return Problems.For(PlatformErrors.ValidationFailed, new Dictionary<string, object?>
                {
                    ["errors"] = new Dictionary<string, string[]> { ["code"] = [One], ["memberId"] = [One], ["phoneLast4"] = [One], ["userId"] = [One] },
                });
        }
    }

    private static async Task<Response> Find(LoyaltyDb db, Expression<Func<GuestName, bool>> which, DateTimeOffset now, CancellationToken ct)
    {
        var available = db.Set<Gift>().Where(Gift.IsIn(GiftState.Available, now));
        var guests = await db.Set<GuestName>()
            .Where(which)
            .Where(guest => guest.ErasedAt == null)
            .Join(db.Accounts, guest => guest.UserId, account => account.UserId, (guest, account) => new { guest.FullName, Account = account })
            .OrderByDescending(found => found.Account.LastOrderAt ?? found.Account.OpenedAt)
            .Take(Most)
            .Select(found => new { found.FullName, found.Account, Gifts = available.Count(gift => gift.UserId == found.Account.UserId) })
            .AsNoTracking()
            .ToListAsync(ct);
        return new Response(
        [
            .. guests.Select(found => new Item(
                found.Account.UserId, Guest.Of(found.Account.UserId, found.FullName).Name, found.Account.Level, found.Account.Points, found.Account.Debt,
                found.Gifts)),
        ]);
    }

    private static async Task<Code> LookUp(
        string code, StaffId staffId, UserId? ownUserId, NpgsqlDataSource database, LoyaltyOptions options, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<Code>(new CommandDefinition(
            """
            select outcome::text as outcome_text, user_id, retry_after
            from look_up_code(@staffId, @ownUserId, @code, @now, @wrongCodesLimit, @wrongCodesWindow, @numberRest)
            """,
            new
            {
                staffId = staffId.Value,
                ownUserId = ownUserId?.Value,
                code,
                now,
                wrongCodesLimit = options.WrongCodesPerMinute,
                wrongCodesWindow = LoyaltyOptions.WrongCodesWindow,
                numberRest = options.CodeNumberRest,
            },
            cancellationToken: ct));
    }

    /// <summary>The row of <c>look_up_code</c>; fields that an outcome does not set keep their default.</summary>
    private sealed record Code
    {
        public required string OutcomeText { get; init; }

        public CounterOutcome Outcome => EnumText.Parse<CounterOutcome>(OutcomeText);

        public long UserId { get; init; }

        public int RetryAfter { get; init; }
    }
}
