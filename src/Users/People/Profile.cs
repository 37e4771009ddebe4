using System.Linq.Expressions;
using Platform.Contracts;
using Platform.Users.Membership;

namespace Platform.Users.People;

/// <summary>A profile as shown to the person, the bot acting for them and the staff.</summary>
/// <param name="Email">Proven address, which they can sign in with; null until there is one.</param>
/// <param name="Phone">E.164, such as <c>+79991234567</c>.</param>
/// <param name="PhoneVerified">Whether the person proved that the number is theirs.</param>
/// <param name="Language"><c>ru</c> or <c>en</c>.</param>
/// <param name="ReferralCode">Their own code, for the people they refer.</param>
/// <param name="IsActive">False while they are blocked.</param>
public sealed record Profile(
    UserId Id,
    TelegramId? TelegramId,
    string? Email,
    string FullName,
    string? Username,
    string? Phone,
    bool PhoneVerified,
    string? City,
    DateOnly? BirthDate,
    string Language,
    string ReferralCode,
    MembershipView Membership,
    bool IsActive,
    DateTimeOffset RegisteredAt)
{
    internal static readonly Profile Example = new(
        new UserId(5), new TelegramId(1001), "anna@example.com", "Анна Смирнова", "anna_s", "+79991234567", false, "Казань",
        new DateOnly(1994, 3, 12), User.Russian,
        People.ReferralCode.Example, MembershipView.Example, true,
        new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero));

    internal static Expression<Func<User, Profile>> At(DateTimeOffset now) => user => new Profile(
        user.Id,
        user.TelegramId,
        user.Email,
        user.FullName,
        user.Username,
        user.Phone,
        user.PhoneVerifiedAt != null,
        user.City,
        user.BirthDate,
        user.Language,
        user.ReferralCode,
        new MembershipView(
            user.MembershipType == MembershipType.Premium && user.MembershipExpires > now ? MembershipType.Premium : MembershipType.Free,
            user.MembershipExpires,
            user.MemberId),
        user.IsActive,
        user.CreatedAt);

    internal static Profile From(User user, DateTimeOffset now) => new(
        user.Id, user.TelegramId, user.Email, user.FullName, user.Username, user.Phone, user.PhoneVerifiedAt is not null, user.City, user.BirthDate,
        user.Language, user.ReferralCode, MembershipView.From(user, now), user.IsActive, user.CreatedAt);
}
