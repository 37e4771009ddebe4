using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.ServiceDefaults.Features;

/// <summary>Features that an admin switches at run time. Users owns the switches, other services keep a copy. An unknown feature is off.</summary>
public static class FeatureSwitches
{
    /// <summary>For the migration of a service that reads switches.</summary>
    public const string Sql = """
        create table feature_switches (
            feature text primary key constraint ck_feature_switches_feature check (feature ~ '^[a-z_]{1,50}$'),
            is_on boolean not null,
            version bigint not null constraint ck_feature_switches_version check (version > 0),
            changed_at timestamptz not null
        );
        """;

    public const string DropSql = "drop table feature_switches;";

    /// <param name="feature">One of <see cref="Contracts.Users.Features"/>.</param>
    public static async Task<bool> IsOn(DbContext db, string feature, CancellationToken ct) =>
        await db.Database.SqlQuery<bool>($"select is_on as \"Value\" from feature_switches where feature = {feature}").SingleOrDefaultAsync(ct);

    /// <summary>Keeps the service's copy of the switches up to date.</summary>
    public static Events TracksSwitches<TDb>(this Events events) where TDb : DbContext => events.Handles<FeatureSwitched, StoreSwitch<TDb>>();
}

internal sealed class StoreSwitch<TDb>(TDb db) : IEventHandler<FeatureSwitched> where TDb : DbContext
{
    public Task Handle(FeatureSwitched message, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into feature_switches as known (feature, is_on, version, changed_at)
        values ({message.Feature}, {message.IsOn}, {message.Version}, {message.SwitchedAt.ToUniversalTime()})
        on conflict (feature) do update
        set is_on = excluded.is_on, version = excluded.version, changed_at = excluded.changed_at
        where known.version < excluded.version
        """, ct);
}
