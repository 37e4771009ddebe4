using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.Users.Membership;
using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>Finds people by what an admin knows of them; without a query, everybody. The newest first.</summary>
internal static class SearchPeople
{
    /// <param name="Next">Send it as <c>after</c> to get the next page; null on the last.</param>
    public sealed record Response(IReadOnlyList<Item> Items, string? Next);

    /// <param name="Phone">E.164, such as <c>+79991234567</c>.</param>
    /// <param name="MemberId">The number of his card; null until he has one.</param>
    /// <param name="MembershipType">At this moment: premium that is over is none.</param>
    /// <param name="IsActive">False while he is blocked.</param>
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
        .WithSummary("Finds people by name, username, phone, e-mail or the number of the card, the newest first")
        .WithDescription(
            "A query of 2 to 100 characters. A whole phone, in any spelling, or the number of a card, as people type it, finds whoever has it. Anything "
            + "else, and what nobody has, is looked for word by word: each word is somewhere in the name, the username, the phone or the e-mail address. "
            + "With type, those who are free or premium members at this moment. Pass `next` from a page as `after` to get the following one.")
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
        // As text: the framework reads an enum from a query only as it is spelled in C#.
        [OneOf("free", "premium")] string? type = null,
        PageCursor? after = null,
        [Range(1, 100)] int limit = 50)
    {
        MembershipType? wanted = type is null ? null : Enum.Parse<MembershipType>(type, ignoreCase: true);
        // Signs that nobody sees are no query for everybody.
        var people = query is null ? db.Users
            : TypedText.Clean(query).Length == 0 ? db.Users.Where(_ => false)
            : await Matching(db, TypedText.Clean(query), options.Value.PhoneRegion, ct);
        var page = await Page(people, wanted, after, limit + 1, clock.GetUtcNow()).ToListAsync(ct);
        return TypedResults.Ok(new Response(
            [.. page.Take(limit)], page.Count > limit ? new PageCursor(page[limit - 1].RegisteredAt, page[limit - 1].Id.Value).ToString() : null));
    }

    /// <summary>Whoever has exactly this phone or card, or else whoever is called something like it.</summary>
    private static async Task<IQueryable<User>> Matching(UsersDb db, string query, string region, CancellationToken ct)
    {
        var exactly = PhoneNumber.TryParse(query, region, out var phone) ? WithPhone(db, phone)
            : MemberId.TryParse(query, out var memberId) ? WithCard(db, memberId)
            : null;
        // Eight letters of a name may look like the number of a card, and the beginning of a foreign phone like a whole one.
        return exactly is not null && await exactly.AnyAsync(ct) ? exactly : Mentioning(db, query);
    }

    internal static IQueryable<User> WithPhone(UsersDb db, PhoneNumber phone) => db.Users.Where(user => user.Phone == phone.E164);

    internal static IQueryable<User> WithCard(UsersDb db, MemberId memberId) => db.Users.Where(user => user.MemberId == memberId);

    /// <summary>Whoever has all words of the query somewhere in his name, his username, his phone or his e-mail address.</summary>
    internal static IQueryable<User> Mentioning(UsersDb db, string query) => Words(query).Aggregate(
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

    // Usernames are typed with it, and kept without.
    private static string WithoutAt(string word) => word.TrimStart('@') is { Length: > 0 } name ? name : word;

    /// <summary>Part of a phone as it is kept: <c>(999) 123-45</c> is <c>99912345</c>; null for what is no part of a phone.</summary>
    private static string? DigitsOf(string typed) =>
        typed.Any(char.IsAsciiDigit) && typed.All(character => character is (>= '0' and <= '9') or ' ' or '\u00A0' or '+' or '-' or '\u2011' or '\u2013' or '(' or ')' or '.')
            ? string.Concat(typed.Where(char.IsAsciiDigit))
            : null;
}
