using System.Text.Json;
using Platform.Ops.Services;

namespace Platform.Ops.Migrate;

/// <summary>A line of a service's <c>migrate status</c>, in the order of application.</summary>
internal sealed record MigrationState(string Id, bool Applied);

/// <summary>A SQL function as <c>migrate status</c> of a service answers; not current when it is missing or has another text.</summary>
internal sealed record FunctionState(string Name, bool Current);

internal static class Migrations
{
    /// <param name="outcome">Of <c>migrate status</c>. Empty if it failed.</param>
    public static IReadOnlyList<MigrationState> Of(ServiceOutcome outcome) =>
        outcome.Answer?.GetProperty("migrations").Deserialize<List<MigrationState>>(JsonSerializerOptions.Web) ?? [];

    public static IReadOnlyList<FunctionState> FunctionsOf(ServiceOutcome outcome) =>
        outcome.Answer?.GetProperty("functions").Deserialize<List<FunctionState>>(JsonSerializerOptions.Web) ?? [];

    /// <summary>What <c>migrate apply</c> would apply, in this order: migrations, then functions.</summary>
    public static IReadOnlyList<string> Missing(ServiceOutcome outcome) =>
    [
        .. Of(outcome).Where(migration => !migration.Applied).Select(migration => migration.Id),
        .. FunctionsOf(outcome).Where(function => !function.Current).Select(function => function.Name),
    ];
}
