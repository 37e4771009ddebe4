using System.Text.Json;
using Platform.Ops.Services;

namespace Platform.Ops.Migrate;

/// <summary>A line of what <c>migrate status</c> of a service answers, in the order in which they are applied.</summary>
internal sealed record MigrationState(string Id, bool Applied);

internal static class Migrations
{
    /// <param name="outcome">Of a <c>migrate status</c>; when that failed there are none.</param>
    public static IReadOnlyList<MigrationState> Of(ServiceOutcome outcome) =>
        outcome.Answer?.GetProperty("migrations").Deserialize<List<MigrationState>>(JsonSerializerOptions.Web) ?? [];
}
