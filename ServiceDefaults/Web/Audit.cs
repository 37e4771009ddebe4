using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults.Web;

/// <summary>Records who did what to whom, when and from where: one row for each write by staff or an admin, never changed.</summary>
/// <remarks>Rows outlive the erasure of a person, so they hold no names, and no IP addresses of people who act for themselves.</remarks>
public sealed class Audit(IHttpContextAccessor http, TimeProvider clock, IOptions<JsonOptions> json)
{
    /// <summary>Adds a row. The handler's <c>SaveChangesAsync</c> commits it together with the change.</summary>
    /// <param name="action">Noun and verb, such as <c>user.block</c>.</param>
    /// <param name="target">The person or thing that was changed, in the form of <see cref="Caller.Subject"/>: <c>user:5</c>.</param>
    /// <param name="details">Further details, such as the reason. Never a secret.</param>
    public void Write(DbContext db, Caller caller, string action, string target, object? details = null) => db.Add(new AuditEntry
    {
        At = clock.GetUtcNow(),
        Subject = caller.Subject,
        Role = caller.Role,
        Actor = caller.Actor,
        Action = action,
        Target = target,
        Details = details is null ? null : JsonSerializer.Serialize(details, json.Value.SerializerOptions),
        Address = caller.Role >= Role.Staff ? http.HttpContext?.Connection.RemoteIpAddress?.ToString() : null,
        TraceId = Activity.Current?.TraceId.ToHexString(),
    });
}

public sealed class AuditEntry
{
    public long Id { get; private init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The <see cref="Caller.Subject"/>.</summary>
    public required string Subject { get; init; }

    public required Role Role { get; init; }

    /// <summary>The bot that acted for the caller, by the name of its key.</summary>
    public string? Actor { get; init; }

    public required string Action { get; init; }

    public required string Target { get; init; }

    /// <summary>JSON.</summary>
    public string? Details { get; init; }

    /// <summary>Null for a person who acts for themselves.</summary>
    public string? Address { get; init; }

    public string? TraceId { get; init; }
}

public static class AuditLog
{
    /// <remarks>The service's role may only add and read rows: <see cref="PlatformTables.Up"/> revokes the rest.</remarks>
    public const string Sql = """
        create table audit (
            id bigint generated always as identity primary key,
            at timestamptz not null,
            subject text not null,
            role text not null,
            actor text,
            action text not null constraint ck_audit_action check (action ~ '^[a-z_]+[.][a-z_]+$'),
            target text not null,
            details jsonb,
            address text,
            trace_id text
        );
        create index ix_audit_target on audit (target, at);
        create index ix_audit_at on audit (at);
        """;

    public const string DropSql = "drop table audit;";

    public static void Map(ModelBuilder model) => model.Entity<AuditEntry>(entry =>
    {
        entry.ToTable("audit");
        entry.HasKey(e => e.Id);
        entry.Property(e => e.Id).UseIdentityAlwaysColumn();
        entry.Property(e => e.Details).HasColumnType("jsonb");
    });
}
