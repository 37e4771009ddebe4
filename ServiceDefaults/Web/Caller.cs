using System.Globalization;
using System.Reflection;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Platform.Contracts;
using Platform.Contracts.Users;

namespace Platform.ServiceDefaults.Web;

/// <summary>The caller, from the access token. Add it to a handler's parameters to get it.</summary>
/// <remarks>The handler checks whose objects the caller may see; their role is checked before. Anonymous endpoints take <c>Caller?</c>.</remarks>
public sealed record Caller : IBindableFromHttpContext<Caller>
{
    public required Role Role { get; init; }

    /// <summary>Null for a guest, and for staff who are not registered themselves.</summary>
    public UserId? UserId { get; init; }

    public TelegramId? TelegramId { get; init; }

    /// <summary>Null unless the role is <see cref="Role.Staff"/> or higher.</summary>
    public StaffId? StaffId { get; init; }

    /// <summary>Null unless <see cref="StaffId"/> is set. Admins count as owners.</summary>
    public StaffRole? StaffRole { get; init; }

    /// <summary>The right to write to all guests at once. Admins have it; others are granted it.</summary>
    public bool MayBroadcast { get; init; }

    /// <summary>The bot or service that acts for the person, by the name of its key; null for a direct call.</summary>
    public string? Actor { get; init; }

    /// <summary>The address of a guest who signed in by e-mail and has not registered yet; null for all others.</summary>
    public string? Email { get; init; }

    /// <summary>The person is blocked: see <see cref="Authorization.AllowBlocked"/>.</summary>
    public bool OwnDataOnly { get; init; }

    /// <summary>
    /// A stable text that identifies the caller, for audit, rate limits and idempotency: the first that applies of
    /// <c>staff:3</c>, <c>user:5</c>, <c>telegram:77</c>, <c>email:9f86…</c> and <c>service:letters</c>.
    /// </summary>
    public string Subject =>
        StaffId is { } staff ? $"staff:{staff}"
        : UserId is { } user ? $"user:{user}"
        : TelegramId is { } telegram ? $"telegram:{telegram}"
        : Email is not null ? SubjectOf(Email)
        : $"service:{Actor}";

    /// <summary>When the token was issued, to the millisecond.</summary>
    internal DateTimeOffset TokenIssuedAt { get; init; }

    internal long? PersonVersion { get; init; }

    internal long? StaffVersion { get; init; }

    /// <returns>Null when the request carries no valid token.</returns>
    public static Caller? Of(HttpContext context)
    {
        var user = context.User;
        return user.Identity is { IsAuthenticated: true } && Enum.TryParse<Role>(user.FindFirstValue(Claims.Role), out var role)
            ? new Caller
            {
                Role = role,
                UserId = Id<UserId>(user, Claims.User),
                TelegramId = Id<TelegramId>(user, Claims.Telegram),
                StaffId = Id<StaffId>(user, Claims.Staff),
                StaffRole = StaffRoleOf(user, role),
                MayBroadcast = role >= Role.Admin || user.HasClaim(claim => claim.Type == Claims.Broadcast),
                Actor = user.FindFirstValue(Claims.Actor),
                Email = user.FindFirstValue(Claims.Email),
                OwnDataOnly = user.HasClaim(claim => claim.Type == Claims.OwnDataOnly),
                TokenIssuedAt = DateTimeOffset.FromUnixTimeMilliseconds(
                    long.Parse(user.FindFirstValue(Claims.IssuedAt) ?? "0", CultureInfo.InvariantCulture)),
                PersonVersion = Version(user, Claims.PersonVersion),
                StaffVersion = Version(user, Claims.StaffVersion),
            }
            : null;
    }

    /// <summary>The <see cref="Subject"/> of a guest known by address alone: 12 bytes of its SHA-256, enough to rule out collisions.</summary>
    public static string SubjectOf(string email) =>
        $"email:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email.ToLowerInvariant())).AsSpan(0, 12))}";

    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(Of(context));

    private static TId? Id<TId>(ClaimsPrincipal user, string claim) where TId : struct, ITypedId<TId> =>
        TId.TryParse(user.FindFirstValue(claim), CultureInfo.InvariantCulture, out var id) ? id : null;

    private static StaffRole? StaffRoleOf(ClaimsPrincipal user, Role role) =>
        user.FindFirstValue(Claims.Staff) is null ? null
        : role >= Role.Admin ? Contracts.Users.StaffRole.Owner
        : Enum.TryParse<StaffRole>(user.FindFirstValue(Claims.StaffRole), out var staffRole) ? staffRole
        : Contracts.Users.StaffRole.Barista;

    private static long? Version(ClaimsPrincipal user, string claim) =>
        long.TryParse(user.FindFirstValue(claim), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    /// <summary>The claims of an access token. Services use <see cref="Caller"/> instead.</summary>
    internal static class Claims
    {
        public const string Role = "role";
        public const string User = "user";
        public const string Telegram = "telegram";
        public const string Staff = "staff";
        public const string StaffRole = "staff_role";
        public const string Broadcast = "broadcast";
        public const string Actor = "actor";
        public const string Email = "email";
        public const string OwnDataOnly = "own_data_only";
        public const string IssuedAt = "iat";
        public const string PersonVersion = "person_version";
        public const string StaffVersion = "staff_version";
    }
}
