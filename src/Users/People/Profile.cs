using System.Linq.Expressions;
using Platform.Contracts;
using Platform.Users.Membership;

namespace Platform.Users.People;

/// <summary>A person as he himself, the bot that acts for him and the staff see him.</summary>
/// <param name="Email">By which he signs in without Telegram; null until he has proved one.</param>
/// <param name="Phone">E.164, such as <c>+79991234567</c>.</param>
/// <param name="PhoneVerified">Whether the number is known to be his own.</param>
/// <param name="Language"><c>ru</c> or <c>en</c>.</param>
/// <param name="ReferralCode">His own, for those to whom he recommends the platform.</param>
/// <param name="IsActive">False while he is blocked.</param>
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
        new UserId(5), new TelegramId(1001), "anna@example.com", "Анна Смирнова", "anna_s", "+79991234567", false, "Казань", new DateOnly(1994, 3, 12), User.Russian,
        People.ReferralCode.Example, MembershipView.Example, true,
        new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero));

    /// <summary>As he is at a moment, read without anything that is not shown.</summary>
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

    internal static Profile Of(User user, DateTimeOffset now) => new(
        user.Id, user.TelegramId, user.Email, user.FullName, user.Username, user.Phone, user.PhoneVerifiedAt is not null, user.City, user.BirthDate,
        user.Language, user.ReferralCode, MembershipView.Of(user, now), user.IsActive, user.CreatedAt);
}
