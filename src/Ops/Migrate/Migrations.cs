using System.Text.Json;
using Platform.Ops.Services;

namespace Platform.Ops.Migrate;

/// <summary>A line of a service's <c>migrate status</c>, in the order of application.</summary>
internal sealed record MigrationState(string Id, bool Applied);

internal static class Migrations
{
    /// <param name="outcome">Of <c>migrate status</c>. Empty if it failed.</param>
    public static IReadOnlyList<MigrationState> Of(ServiceOutcome outcome) =>
        outcome.Answer?.GetProperty("migrations").Deserialize<List<MigrationState>>(JsonSerializerOptions.Web) ?? [];
}
