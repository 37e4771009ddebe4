using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Loyalty.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Loyalty.Settings;

/// <summary>Replaces the rules. They apply from the next order on; past orders keep what they earned.</summary>
internal static class ReplaceSettings
{
    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Replaces the rules that the owner edits")
        .WithDescription("They apply from the next order on. Orders that were quoted before keep their quote, and refunds the rule of their order.")
        .WithExample(SettingsContent.Example, SettingsContent.Example);

    public static async Task<Ok<SettingsContent>> Handle(
        SettingsContent content, Caller caller, LoyaltyDb db, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var settings = await db.Rows<LoyaltySettings>($"for update").SingleAsync(ct);
        var before = SettingsContent.Of(settings);
        content.ApplyTo(settings, clock.GetUtcNow());
        var after = SettingsContent.Of(settings);
        audit.Write(db, caller, "settings.replace", "settings", new { before, after });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.Ok(after);
    }
}
