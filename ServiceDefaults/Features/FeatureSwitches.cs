using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Users;
using Platform.Messaging;

namespace Platform.ServiceDefaults.Features;

/// <summary>
/// Which features are on, as an admin switches them at run time. Users owns the switches; every other service that asks keeps a copy of
/// its own, told by <see cref="FeatureSwitched"/>. What was never heard of is off.
/// </summary>
public static class FeatureSwitches
{
    /// <summary>For the migration of a service that asks.</summary>
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

    /// <summary>Has the service learn of each switch.</summary>
    public static Events FollowsSwitches<TDb>(this Events events) where TDb : DbContext => events.Handles<FeatureSwitched, KeepSwitch<TDb>>();
}

internal sealed class KeepSwitch<TDb>(TDb db) : IHandle<FeatureSwitched> where TDb : DbContext
{
    public Task Handle(FeatureSwitched happened, CancellationToken ct) => db.Database.ExecuteSqlAsync($"""
        insert into feature_switches as known (feature, is_on, version, changed_at)
        values ({happened.Feature}, {happened.IsOn}, {happened.Version}, {happened.SwitchedAt.ToUniversalTime()})
        on conflict (feature) do update
        set is_on = excluded.is_on, version = excluded.version, changed_at = excluded.changed_at
        where known.version < excluded.version
        """, ct);
}
