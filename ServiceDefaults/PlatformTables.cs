using Platform.Database;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;

namespace Platform.ServiceDefaults;

/// <summary>
/// The tables that ServiceDefaults itself writes to, in every service's schema: outbox, inbox, idempotency keys, rate
/// limits, revoked users, audit. Each service's first migration makes them.
/// </summary>
public static class PlatformTables
{
    /// <summary>For <see cref="SqlMigration"/>'s verification.</summary>
    public const string VerifySql = """
        select count(*) = 6 from pg_class
        where relnamespace = current_schema()::regnamespace
            and relname in ('outbox', 'inbox', 'idempotency_keys', 'rate_limits', 'revoked_users', 'audit')
        """;

    /// <param name="service">Name of the service, of its schema and of its role.</param>
    public static string Up(string service) => $"""
        {MessagingTables.Sql}
        {IdempotencyKeys.Sql}
        {RateLimits.Sql}
        {RevokedUsers.Sql}
        {AuditLog.Sql}
        revoke update, delete, truncate on audit from {service};
        """;

    /// <summary>What <see cref="Down"/> drops.</summary>
    public static IReadOnlyList<Dropped> Drops { get; } =
    [
        Dropped.Fact("audit"),
        Dropped.Fact("outbox"),
        Dropped.Fact("revoked_users"),
        Dropped.Derived("rate_limits", "they count minutes and hours"),
        Dropped.Derived("idempotency_keys", "they are about rows that are gone too"),
        Dropped.Derived("inbox", "it is about rows that are gone too"),
    ];

    /// <inheritdoc cref="Up"/>
    public static string Down(string service) => $"""
        {AuditLog.DropSql}
        {RevokedUsers.DropSql}
        {RateLimits.DropSql}
        {IdempotencyKeys.DropSql}
        {MessagingTables.DropSql}
        -- {service} is left with its history of migrations.
        """;
}
