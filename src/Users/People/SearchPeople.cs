using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Users.Membership;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Finds people by name, contacts or card; without a query, lists everyone. Newest first.</summary>
internal static class SearchPeople
{
    /// <param name="Next">Pass it as <c>after</c> to get the next page; null on the last page.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="Phone">E.164, such as <c>+79991234567</c>.</param>
    /// <param name="MemberId">Number of the member card; null until there is one.</param>
    /// <param name="MembershipType">Now: premium that has ended counts as free.</param>
    /// <param name="IsActive">False while they are blocked.</param>
    public sealed record Item(
        UserId Id,
        string FullName,
        string? Username,
        string? Phone,
        MemberId? MemberId,
        MembershipType MembershipType,
        string? City,
        DateTimeOffset RegisteredAt,
        bool IsActive);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(SearchPeople))
        .WithSummary("Finds people by name, username, phone, e-mail or card number, newest first")
        .WithDescription(
            "A query has 2 to 100 characters. A complete phone or card number, in any usual form, finds its owner. Otherwise, or when no one has it, "
            + "each word must occur somewhere in the name, username, phone or e-mail address. "
            + "Type filters by free or premium membership now. Pass `next` from a page as `after` to get the following one.")
        .WithExample(request: null, new Response(
            [new(new UserId(5), "Анна Смирнова", "anna_s", "+79991234567", MemberCard.ExampleId, MembershipType.Premium, "Казань",
                new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), IsActive: true)],
            Next: "1768469400000000-5"));

    public static async Task<Ok<Response>> Handle(
        UsersDb db,
        IOptions<UsersOptions> options,
        TimeProvider clock,
        CancellationToken ct,
        [StringLength(100, MinimumLength = 2), PlainText, RegularExpression(@"^(.|\s*\S.*\S\s*)$", ErrorMessage = "Send two characters or more.")]
        string? query = null,
        // Text, because the framework parses an enum in a query string only as spelled in C#.
        [OneOf("free", "premium")] string? type = null,
        PageCursor? after = null,
        [Range(1, 100)] int limit = 50)
    {
        MembershipType? wanted = type is null ? null : Enum.Parse<MembershipType>(type, ignoreCase: true);
        // A query of invisible characters must not list everyone.
        var people = query is null ? db.Users
            : TypedText.Clean(query).Length == 0 ? db.Users.Where(_ => false)
            : await Matching(db, TypedText.Clean(query), options.Value.PhoneRegion, ct);
        var page = await Page(people, wanted, after, limit + 1, clock.GetUtcNow()).ToListAsync(ct);
        return TypedResults.Ok(new Response(
            [.. page.Take(limit)], page.Count > limit ? new PageCursor(page[limit - 1].RegisteredAt, page[limit - 1].Id.Value).ToString() : null));
    }

    /// <summary>The owner of exactly this phone or card, or else everyone whose data contains the words.</summary>
    private static async Task<IQueryable<User>> Matching(UsersDb db, string query, string region, CancellationToken ct)
    {
        var exactly = PhoneNumber.TryParse(query, region, out var phone) ? WithPhone(db, phone)
            : MemberId.TryParse(query, out var memberId) ? WithCard(db, memberId)
            : null;
        // Eight letters of a name may look like a card number, and the start of a foreign phone like a complete one.
        return exactly is not null && await exactly.AnyAsync(ct) ? exactly : WithWords(db, query);
    }

    internal static IQueryable<User> WithPhone(UsersDb db, PhoneNumber phone) => db.Users.Where(user => user.Phone == phone.E164);

    internal static IQueryable<User> WithCard(UsersDb db, MemberId memberId) => db.Users.Where(user => user.MemberId == memberId);

    /// <summary>Everyone with all words of the query somewhere in their name, username, phone or e-mail address.</summary>
    internal static IQueryable<User> WithWords(UsersDb db, string query) => Words(query).Aggregate(
        db.Users.AsQueryable(),
        (people, word) => people.Where(user => PersonText.Of(user.FullName, user.Username, user.Phone, user.Email).Contains(word)));

    internal static IQueryable<Item> Page(IQueryable<User> people, MembershipType? type, PageCursor? after, int limit, DateTimeOffset now)
    {
        if (type is not null)
        {
            people = type == MembershipType.Premium
                ? people.Where(user => user.MembershipType == MembershipType.Premium && user.MembershipExpires > now)
                : people.Where(user => user.MembershipType != MembershipType.Premium || user.MembershipExpires <= now);
        }

        if (after is { } cursor)
        {
            people = people.Where(user =>
                EF.Functions.LessThan(ValueTuple.Create(user.CreatedAt, user.Id), ValueTuple.Create(cursor.At, new UserId(cursor.Id))));
        }

        return people
            .OrderByDescending(user => user.CreatedAt).ThenByDescending(user => user.Id)
            .Take(limit)
            .Select(user => new Item(
                user.Id,
                user.FullName,
                user.Username,
                user.Phone,
                user.MemberId,
                user.MembershipType == MembershipType.Premium && user.MembershipExpires > now ? MembershipType.Premium : MembershipType.Free,
                user.City,
                user.CreatedAt,
                user.IsActive));
    }

    private static IEnumerable<string> Words(string query) => DigitsOf(query) is { } digits
        ? [digits]
        : query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => DigitsOf(word) ?? PersonText.Fold(WithoutAt(word)));

    // People type usernames with the @, but they are stored without it.
    private static string WithoutAt(string word) => word.TrimStart('@') is { Length: > 0 } name ? name : word;

    /// <summary>Part of a phone as stored: <c>(999) 123-45</c> becomes <c>99912345</c>; null when it is not part of a phone.</summary>
    private static string? DigitsOf(string typed) =>
        typed.Any(char.IsAsciiDigit)
            && typed.All(character => character is (>= '0' and <= '9') or ' ' or '\u00A0' or '+' or '-' or '\u2011' or '\u2013' or '(' or ')' or '.')
            ? string.Concat(typed.Where(char.IsAsciiDigit))
            : null;
}
