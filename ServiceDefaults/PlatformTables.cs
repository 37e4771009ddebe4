using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.ServiceDefaults;

/// <summary>The tables in every service's schema: outbox, inbox, idempotency keys, rate limits, revoked users, audit.</summary>
public static class PlatformTables
{
    public const string VerifySql = """
        select count(*) = 6 from pg_class
        where relnamespace = current_schema()::regnamespace
            and relname in ('outbox', 'inbox', 'idempotency_keys', 'rate_limits', 'revoked_users', 'audit')
        """;

    /// <param name="service">The service's name, which is also its schema's and its role's.</param>
    public static string Up(string service) => $"""
        {MessagingTables.Sql}
        {IdempotencyKeys.Sql}
        {RateLimits.Sql}
        {RevokedUsers.Sql}
        {AuditLog.Sql}
        revoke update, delete, truncate on audit from {service};
        """;

    public static IReadOnlyList<Dropped> Drops { get; } =
    [
        Dropped.Fact("audit"),
        Dropped.Fact("outbox"),
        Dropped.Fact("revoked_users"),
        Dropped.Derived("rate_limits", "they expire within a day"),
        Dropped.Derived("idempotency_keys", "they refer to rows that are dropped too"),
        Dropped.Derived("inbox", "it refers to rows that are dropped too"),
    ];

    public static string Down(string service) => $"""
        {AuditLog.DropSql}
        {RevokedUsers.DropSql}
        {RateLimits.DropSql}
        {IdempotencyKeys.DropSql}
        {MessagingTables.DropSql}
        -- {service} keeps only its migration history.
        """;
}
