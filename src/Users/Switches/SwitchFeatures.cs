using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Messaging;
using Platform.ServiceDefaults.Web;
using Platform.Users.Storage;

namespace Platform.Users.Switches;

internal static class SwitchFeatures
{
    public sealed record Request(bool? Payments = null, bool? Qr = null, bool? AdminLimits = null);

    internal static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithName(nameof(SwitchFeatures))
        .WithSummary("Switches features on and off; those left out stay unchanged")
        .WithExample(new Request(Qr: true), Switches.Example);

    public static async Task<Ok<Switches>> Handle(
        Request request, Caller caller, UsersDb db, Outbox outbox, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Join(ct);
        // An advisory lock, because rows that do not exist yet cannot be locked.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('users.switches', 0))", ct);
        var before = await Switches.Read(db, ct);
        var after = new Switches(request.Payments ?? before.Payments, request.Qr ?? before.Qr, request.AdminLimits ?? before.AdminLimits);
        foreach (var (feature, isOn) in after.ByName.Except(before.ByName))
        {
            await Set(feature, isOn, db, outbox, now, ct);
            audit.Write(db, caller, "feature.switch", $"feature:{feature}", new { isOn });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(after);
    }

    internal static async Task Set(string feature, bool isOn, UsersDb db, Outbox outbox, DateTimeOffset now, CancellationToken ct)
    {
        var known = await db.FeatureSwitches.FindAsync([feature], ct);
        if (known is null)
        {
            db.Add(known = new FeatureSwitch { Feature = feature });
        }

        known.Switch(isOn, now);
        outbox.Add(known.ToEvent());
    }
}
